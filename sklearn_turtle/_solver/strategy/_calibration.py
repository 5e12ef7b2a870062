"""Make a labeling as certain as its restarts agree.

Two networks trained from different starts disagree on as many rows as one of them misjudges, if
together they are calibrated: Y. Jiang, V. Nagarajan, C. Baek, J. Z. Kolter, "Assessing
Generalization of SGD via Disagreement", ICLR 2022. Here, restarts take the place of the networks.
"""

import math
from collections.abc import Sequence

import torch
from scipy.optimize import brentq

from sklearn_turtle._solver.rows._chunks import spread_rows
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.step._linear_model import LinearModel, label_probabilities

CALIBRATED_ROWS = 10_000
CALIBRATED_VALUES = 1 << 22
HIGHEST = 100.0


def temperature(model: LinearModel, spaces: Sequence[Space], certainty: float) -> float:
    """Find the temperature at which a labeling has a given mean certainty.

    The probabilities ``y`` of the labeling (Eq. 9) become ``y ** (1 / temperature)``, normalized.
    The mean of their largest one falls with the temperature.

    Parameters
    ----------
    model : LinearModel
        One labeling.
    spaces : list of Space
        The spaces.
    certainty : float
        The mean largest probability to reach, such as the agreement of the restarts; see
        :func:`align`. This is the agreement of restarts with each other: a polish may lead to
        labels that no restart gives, and that are more often right.

    Returns
    -------
    float
    """
    if certainty >= 1:  # a single restart: no row has to be read
        return 1.0
    n_rows = min(CALIBRATED_ROWS, max(1, CALIBRATED_VALUES // model.n_clusters))
    shard = spaces[0].shard
    rows = spread_rows(shard.n_samples, n_rows)
    here = shard.own(rows)
    log_probabilities = torch.empty(len(here), model.n_clusters)

    def write(of_chunk: slice, probabilities: torch.Tensor) -> None:
        log_probabilities[of_chunk] = _log(probabilities[:, 0]).cpu()

    label_probabilities(model, lambda k, chunk: spaces[k].batch(here[chunk]), len(here), write)
    # in float64, so that the root is as exact as its tolerance
    log_probabilities = shard.gather(rows, log_probabilities).double()

    def surplus(log_temperature: float) -> float:
        at_temperature = torch.softmax(log_probabilities / math.exp(log_temperature), 1)
        return at_temperature.amax(1).mean().item() - certainty

    largest = math.log(HIGHEST)
    if surplus(-largest) <= 0:
        return 1 / HIGHEST
    if surplus(largest) >= 0:
        return HIGHEST
    return math.exp(brentq(surplus, -largest, largest))


def tempered(probabilities: torch.Tensor, temperature: float) -> torch.Tensor:
    """Probabilities (..., C) to the power of ``1 / temperature``, normalized."""
    if temperature == 1.0:
        return probabilities
    return torch.softmax(_log(probabilities) / temperature, -1)


def _log(probabilities: torch.Tensor) -> torch.Tensor:
    return probabilities.clamp_min(torch.finfo(probabilities.dtype).tiny).log()
