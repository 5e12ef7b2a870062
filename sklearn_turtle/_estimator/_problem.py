"""From an estimator and its data to the input of the solver, and from its solution back."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from sklearn_turtle._estimator._fitted import check_number_of_samples
from sklearn_turtle._input._device import select_device, select_precision
from sklearn_turtle._input._read import read_fit_input
from sklearn_turtle._input._scaling import standardized_spaces
from sklearn_turtle._input._schema import InputSchema
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._linear._model import FittedLinearModel
from sklearn_turtle._linear._numbering import number_by_size
from sklearn_turtle._linear._prediction import predict_labels
from sklearn_turtle._solver import (
    ALONE,
    ChunkSolution,
    FeatureSpace,
    LinearModel,
    Processes,
    RestartsSolution,
    Shard,
)
from sklearn_turtle.metrics._agreement import agreement_matrix, mean_agreement


@dataclass(frozen=True)
class Problem:
    """The data of a fit.

    Attributes
    ----------
    spaces : Spaces
        Checked spaces.
    feature_spaces : list of FeatureSpace
        The same spaces, for the solver.
    device : torch.device
        Where the optimization runs.
    schema : InputSchema
        Features and spaces of the input.
    """

    spaces: Spaces
    feature_spaces: list[FeatureSpace]
    device: torch.device
    schema: InputSchema

    @property
    def shard(self) -> Shard:
        """Which of all rows of the fit these are."""
        return self.feature_spaces[0].shard

    def predicting_attributes(self, model: LinearModel) -> dict[str, Any]:
        """The attributes that an estimator needs to predict with a model of the feature spaces."""
        return self.schema.attributes | self._fitted_model(model).attributes

    def fitted_attributes(
        self,
        solution: RestartsSolution | ChunkSolution,
        calibrate: bool,
        *,
        keep_numbers: bool = False,
    ) -> dict[str, Any]:
        """All attributes of a fitted estimator.

        Parameters
        ----------
        solution : RestartsSolution or ChunkSolution
            The solution of the solver.
        calibrate : bool
            Whether probabilities have the temperature of the solution.
        keep_numbers : bool
            Whether clusters keep their numbers; otherwise they are numbered by size.
        """
        model = self._fitted_model(solution.model)
        if calibrate:
            model = replace(model, temperature=solution.temperature)
        spaces = self._spaces_on_device()
        if keep_numbers:
            labels = predict_labels(model, spaces)
        else:
            labels, model = number_by_size(model, spaces, self.shard.processes)
        agreement = agreement_matrix(solution.labels.cpu().numpy())
        return (
            self.schema.attributes
            | model.attributes
            | {
                "labels_": labels,
                "space_weights_": np.array(solution.space_weights.weights),
                "n_iter_": len(solution.loss_curve),
                "loss_curve_": solution.loss_curve.cpu().numpy(),
                "restart_loss_curves_": solution.losses.cpu().numpy(),
                "agreement_": agreement,
                "stability_": mean_agreement(agreement),
            }
        )

    def _fitted_model(self, model: LinearModel) -> FittedLinearModel:
        raw = model.for_raw_features(self.feature_spaces)
        return FittedLinearModel.of_solution(raw, self.spaces.float_dtype, self.device)

    def _spaces_on_device(self) -> Spaces:
        """The spaces as they came, or on the GPU if the fit has moved them there."""
        matrices = [
            space.features if isinstance(space.features, torch.Tensor) else matrix
            for matrix, space in zip(self.spaces.matrices, self.feature_spaces, strict=True)
        ]
        return replace(self.spaces, matrices=matrices)


def read_problem(estimator: Any, X: Any, processes: Processes = ALONE) -> Problem:
    """Check the data against the parameters of an estimator, and prepare it.

    Parameters
    ----------
    estimator : estimator
        It does not change.
    X : collection of matrices, or matrix
        As passed by the user. With several processes, each passes its own rows.
    processes : Processes, default=ALONE
        The processes that share the fit.

    Returns
    -------
    Problem
    """
    with processes.together():
        spaces, schema = read_fit_input(estimator, X)
    return problem_of(estimator, spaces, schema, processes)


def problem_of(
    estimator: Any, spaces: Spaces, schema: InputSchema, processes: Processes = ALONE
) -> Problem:
    """Like :func:`read_problem`, for spaces that have been read.

    Parameters
    ----------
    estimator : estimator
        It does not change.
    spaces, schema : Spaces, InputSchema
        From :func:`read_fit_input`.
    processes : Processes, default=ALONE
        The processes that share the fit.

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
    return Problem(spaces, feature_spaces, device, schema)
