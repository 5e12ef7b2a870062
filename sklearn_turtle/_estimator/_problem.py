"""From an estimator and its data to what the solver takes, and from its solution back."""

from copy import copy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from sklearn.utils import check_random_state

from sklearn_turtle._estimator._rules import n_components, solver_settings
from sklearn_turtle._input._device import select_device, select_precision
from sklearn_turtle._input._read import read_fit_input
from sklearn_turtle._linear._prediction import linear_attributes, number_by_size, predict_labels
from sklearn_turtle._input._scaling import standardised_spaces
from sklearn_turtle._solver import ALONE, Candidate, FeatureSpace, Shard, is_lazy
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle.metrics._agreement import agreement_matrix, mean_agreement


@dataclass(frozen=True)
class Problem:
    """What is to be clustered.

    Attributes
    ----------
    spaces : Spaces
        Checked spaces.
    feature_spaces : list of FeatureSpace
        The same, for the solver.
    device : torch.device
        Where the optimisation runs.
    of_input : dict
        Fitted attributes that tell of the input.
    """

    spaces: Spaces
    feature_spaces: list[FeatureSpace]
    device: torch.device
    of_input: dict[str, Any]

    @property
    def shard(self):
        """Which of all rows of the fit these are."""
        return self.feature_spaces[0].shard

    def predicting_attributes(self, model):
        """The attributes that an estimator needs to predict, of a LinearModel."""
        raw = model.for_raw_features(self.feature_spaces)
        return self.of_input | linear_attributes(raw, self.spaces) | {"temperature_": 1.0}

    def fitted_attributes(self, solution, calibrate, *, numbered=False):
        """All attributes of a fitted estimator, of a RestartsSolution or a ChunkSolution.

        Clusters that are ``numbered`` already keep their numbers.
        """
        attributes = self.predicting_attributes(solution.model)
        if calibrate:
            attributes["temperature_"] = solution.temperature
        coef, intercept = attributes["coef_"], attributes["intercept_"]
        temperature = attributes["temperature_"]
        spaces = self._spaces_where_they_were_read()
        if numbered:
            attributes["labels_"] = predict_labels(
                spaces, coef, intercept, temperature, self.device
            )
        else:
            attributes |= number_by_size(
                coef, intercept, temperature, spaces, self.device, self.shard.processes
            )
        agreement = agreement_matrix(solution.labels.cpu().numpy())
        return attributes | {
            "n_iter_": len(solution.loss_curve),
            "loss_curve_": solution.loss_curve.cpu().numpy(),
            "restart_loss_curves_": solution.losses.cpu().numpy(),
            "agreement_": agreement,
            "stability_": mean_agreement(agreement),
        }

    def _spaces_where_they_were_read(self):
        """The spaces as they came, or on the GPU where the fit has moved them there."""
        features = [space.features for space in self.feature_spaces]
        matrices = [
            matrix if is_lazy(moved) else moved
            for matrix, moved in zip(self.spaces.matrices, features, strict=True)
        ]
        return replace(self.spaces, matrices=matrices)


def read_problem(estimator, X, processes=ALONE):
    """Check the data against the parameters of an estimator, and prepare it.

    The estimator is left as it is. Of several processes, each passes its own rows.

    Returns
    -------
    Problem
    """
    with processes.together():
        spaces, of_input = read_fit_input(estimator, X)
    return problem_of(estimator, spaces, of_input, processes)


def problem_of(estimator, spaces, of_input, processes=ALONE):
    """As :func:`read_problem`, of spaces that are read already.

    Parameters
    ----------
    estimator : estimator
        Not changed.
    spaces, of_input : Spaces, dict
        As :func:`read_fit_input` gives them.
    processes : Processes, default=ALONE
        As for :func:`read_problem`.

    Returns
    -------
    Problem
    """
    with processes.together():
        device = select_device(estimator.device)
    processes.check_alike(
        {
            "names of spaces": spaces.names,
            "numbers of features": spaces.widths,
            "dtype": spaces.float_dtype.name,
        }
    )
    shard = Shard(spaces.n_samples, processes)
    check_number_of_samples(estimator, shard.n_samples)
    precision = select_precision(estimator.precision, device)
    feature_spaces = standardised_spaces(spaces, estimator.scaling, device, precision, shard)
    return Problem(spaces, feature_spaces, device, of_input)


def with_n_clusters(estimator, X):
    """The estimator, or a copy with the number of clusters of its choice where it is "auto"."""
    if estimator.n_clusters != "auto":
        return estimator
    from sklearn_turtle.model_selection import select_n_clusters  # which imports the estimator

    selection = select_n_clusters(
        X,
        estimator=estimator,
        random_state=estimator.random_state,
        verbose=estimator.verbose,
    )
    return copy(estimator).set_params(n_clusters=selection.n_clusters)


def check_number_of_samples(estimator, n_samples):
    """Raise ValueError if there are too few samples for the number of clusters."""
    if n_samples < max(2, estimator.n_clusters):
        raise ValueError(
            f"n_samples={n_samples} should be >= n_clusters={estimator.n_clusters}, and at least 2."
        )


def candidate_of(estimator, n_samples):
    """What the parameters of an estimator stand for, for that number of samples."""
    prior, components = estimator.cluster_prior, estimator.n_components
    return Candidate(
        solver_settings(estimator, n_samples),
        polish_iter=int(estimator.polish_iter),
        sizes_known=not isinstance(prior, str) or prior == "uniform",
        n_components=n_components(estimator.n_clusters) if components == "auto" else components,
    )


def replace_fitted(estimator, attributes):
    """Replace all fitted attributes at once, so that an interruption cannot mix two fits."""
    kept = {
        name: value
        for name, value in vars(estimator).items()
        if not name.endswith("_") and name != "_space_columns"
    }
    estimator.__dict__ = kept | attributes


def draw_seed(estimator):
    """Seed of the draws of a fit."""
    return check_random_state(estimator.random_state).randint(np.iinfo(np.int32).max)
