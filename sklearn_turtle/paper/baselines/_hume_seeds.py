"""Run the seeds of HUME, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from sklearn.utils import check_random_state

from sklearn_turtle import metrics
from sklearn_turtle._estimator._progress import Progress
from sklearn_turtle._input._rows import row_reader
from sklearn_turtle._input._scaling import standardized_spaces
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._solver import Draws
from sklearn_turtle.paper.baselines._hume_solver import HumeSettings, map_labels, optimize_labeling

# The released code of HUME stops an unpenalized regression after scikit-learn's default of 100
# iterations.
CV_MAX_ITER = 100


@dataclass(frozen=True)
class Roles:
    """Positions of the labeling space and of the classifier spaces.

    Attributes
    ----------
    labeling : int
        The space of the labeling.
    classifiers : list of int
        All other spaces; with one space only, that space.
    """

    labeling: int
    classifiers: list[int]

    @classmethod
    def of(cls, labeling_space: int | str, names: Sequence[str]) -> "Roles":
        """Find the spaces.

        Parameters
        ----------
        labeling_space : int or str
            Position or name of the labeling space.
        names : sequence of str
            Name of each space.

        Raises
        ------
        ValueError
            If there is no such space.
        """
        known: Sequence[int | str] = names if isinstance(labeling_space, str) else range(len(names))
        if labeling_space not in known:
            raise ValueError(
                f"labeling_space={labeling_space!r} is not one of the {len(names)} space(s) of X: "
                f"{names}."
            )
        labeling = known.index(labeling_space)
        return cls(labeling, [k for k in range(len(names)) if k != labeling] or [labeling])


@dataclass(frozen=True)
class SeedResults:
    """Labelings of all seeds, with one entry per seed in each list.

    Attributes
    ----------
    maps : list of ndarray of shape (n_clusters, n_features of the labeling space)
        Orthogonal maps.
    losses : list of ndarray of shape (max_iter,)
        Loss of each outer step.
    labels : list of tensor of shape (n_samples,)
        Labels of the rows.
    scores : list of float
        Cross-validated accuracies.
    """

    maps: list[np.ndarray]
    losses: list[np.ndarray]
    labels: list[torch.Tensor]
    scores: list[float]


def run_seeds(hume: Any, spaces: Spaces, roles: Roles, device: torch.device) -> SeedResults:
    """Optimize and score the labeling of each seed.

    Parameters
    ----------
    hume : HUME
        Provides the parameters.
    spaces : Spaces
        Checked spaces.
    roles : Roles
        The labeling space and the classifier spaces.
    device : torch.device
        Device of the optimization.

    Returns
    -------
    SeedResults
    """
    printer = StepPrinter(hume, hume.n_seeds * hume.max_iter)
    settings = _settings(hume)
    feature_spaces = standardized_spaces(spaces, None, device, torch.float32)
    dtype, read = row_reader(spaces, device)
    generator = check_random_state(hume.random_state)
    seeds = generator.randint(np.iinfo(np.int32).max, size=hume.n_seeds).tolist()
    results = SeedResults([], [], [], [])
    for number, seed in enumerate(seeds, start=1):
        weight, losses = optimize_labeling(
            feature_spaces[roles.labeling],
            [feature_spaces[k] for k in roles.classifiers],
            settings,
            Draws(seed),
            printer.after_step,
        )
        weight = weight.to(dtype)
        labels = map_labels(weight, lambda rows: read(roles.labeling, rows), spaces.n_samples)
        score = _cv_score(labels, spaces, roles, hume.cv, device)
        results.maps.append(weight.cpu().numpy())
        results.losses.append(losses.cpu().numpy())
        results.labels.append(labels)
        results.scores.append(score)
        printer.say(f"seed {number}/{hume.n_seeds}, cv score {score:.4f}")
    return results


class StepPrinter(Progress):
    """Prints the loss of about ten outer steps, or of each one, as ``verbose`` requires.

    Parameters
    ----------
    hume : HUME
        The estimator.
    n_steps : int
        Number of outer steps of all seeds.
    """

    def __init__(self, hume: Any, n_steps: int) -> None:
        super().__init__(hume)
        self._n_steps = n_steps
        self._n_done = 0
        self._print_every = self.every(n_steps)

    def after_step(self, loss: torch.Tensor) -> None:
        """Count a step, and print its loss if it is due."""
        self._n_done += 1
        if self._n_done % self._print_every == 0 or self._n_done == self._n_steps:
            self.say(f"step {self._n_done}/{self._n_steps}, loss {loss.item():.4f}")


def _settings(hume: Any) -> HumeSettings:
    settings = {field.name: getattr(hume, field.name) for field in fields(HumeSettings)}
    return HumeSettings(**settings | {"annealing_steps": tuple(hume.annealing_steps)})


def _cv_score(
    labels: torch.Tensor, spaces: Spaces, roles: Roles, cv: int, device: torch.device
) -> float:
    score: float = metrics.generalization_score(
        labels.numpy(),
        [spaces.matrices[k] for k in roles.classifiers],
        cv=cv,
        C=np.inf,
        max_iter=CV_MAX_ITER,
        device=device,
    )
    return score
