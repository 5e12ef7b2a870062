"""How certain a merged labelling may be: as certain as its restarts agree."""

import math

import numpy as np
import torch
from scipy.optimize import minimize_scalar

from sklearn_turtle._solver._features import spread_rows
from sklearn_turtle._solver._labelling import LABELLED_ROWS, label_probabilities
from sklearn_turtle._solver._merging import match, overlap

CALIBRATED_ROWS = 10_000
CALIBRATED_VALUES = 1 << 22
HIGHEST = 100.0


def temperature(model, spaces, labels):
    """Temperature at which the labelling predicts the labels of its restarts best.

    The probabilities ``y`` of the labelling (Eq. 9) become ``y ** (1 / temperature)``, normalised.
    The temperature is the one of the largest likelihood for the labels that single restarts give,
    their clusters matched to those of the labelling. It is never below 1: restarts see the same
    data, and where they agree they may all be wrong.

    Parameters
    ----------
    model : LinearModel
        One labelling.
    spaces : list of FeatureSpace
        The spaces.
    labels : tensor of shape (R, n_rows)
        Labels of each restart, as :func:`restart_labels` gives them.

    Returns
    -------
    float
        1 where there is a single restart.
    """
    n_restarts, n_clusters = len(labels), model.n_clusters
    if n_restarts == 1:
        return 1.0
    n_rows = min(CALIBRATED_ROWS, max(1, CALIBRATED_VALUES // n_clusters))
    chosen = spread_rows(labels.shape[1], n_rows)
    shard = spaces[0].shard
    rows = spread_rows(shard.n_samples, LABELLED_ROWS)[chosen]
    here = shard.own(rows)
    log_probabilities = torch.empty(len(here), n_clusters)

    def write(of_chunk, probabilities):
        log_probabilities[of_chunk] = _log(probabilities[:, 0]).cpu()

    label_probabilities(model, lambda k, chunk: spaces[k].batch(here[chunk]), len(here), write)
    # in float64: around its flat optimum, rounding would decide
    log_probabilities = shard.gather(rows, log_probabilities).double()
    own = log_probabilities.argmax(1)
    votes = torch.zeros_like(log_probabilities)
    for of_restart in labels.cpu().long()[:, chosen]:
        matched, _ = match(overlap(of_restart, own, n_clusters))
        votes.scatter_add_(
            1, torch.from_numpy(matched)[of_restart][:, None], torch.ones(len(rows), 1).to(votes)
        )

    def loss(log_temperature):
        predicted = torch.log_softmax(log_probabilities / math.exp(log_temperature), 1)
        return -(predicted * votes).sum().item() / votes.sum().item()

    best = minimize_scalar(loss, bounds=(0.0, math.log(HIGHEST)), method="bounded")
    return float(np.exp(best.x)) if best.fun < loss(0.0) else 1.0


def tempered(probabilities, temperature):
    """Probabilities (..., C) to the power of ``1 / temperature``, normalised."""
    if temperature == 1.0:
        return probabilities
    return torch.softmax(_log(probabilities) / temperature, -1)


def _log(probabilities):
    return probabilities.clamp_min(torch.finfo(probabilities.dtype).tiny).log()
