"""From an estimator and its data to what the solver takes, and from its solution back."""

from dataclasses import dataclass, replace
from typing import Any

import torch

from sklearn_turtle._estimator._fitted import check_number_of_samples
from sklearn_turtle._input._device import select_device, select_precision
from sklearn_turtle._input._read import read_fit_input
from sklearn_turtle._input._scaling import standardized_spaces
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._linear._model import linear_attributes
from sklearn_turtle._linear._numbering import number_by_size
from sklearn_turtle._linear._prediction import predict_labels
from sklearn_turtle._solver import ALONE, FeatureSpace, Shard, is_lazy
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
        Where the optimization runs.
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
    feature_spaces = standardized_spaces(spaces, estimator.scaling, device, precision, shard)
    return Problem(spaces, feature_spaces, device, of_input)
