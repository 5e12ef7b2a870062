"""The linear labeling of a fitted estimator, as NumPy coefficients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from sklearn_turtle._input._device import available_device
from sklearn_turtle._input._rows import row_reader
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._solver import LinearModel, label_probabilities, tempered


@dataclass(frozen=True)
class FittedLinearModel:
    """The linear labeling of a fitted estimator, for raw features (Eq. 9).

    Attributes
    ----------
    coef : list of ndarray of shape (n_clusters, n_features of the space)
        Coefficients in each space.
    intercept : list of ndarray of shape (n_clusters,)
        Intercepts in each space.
    temperature : float
        Temperature of the probabilities; see :class:`TurtleClustering`.
    device : str or torch.device
        Device of predictions; the CPU is used if it is unavailable.
    transform : callable or None
        Applied to the rows before the labeling; None for raw features.
    """

    coef: list[np.ndarray]
    intercept: list[np.ndarray]
    temperature: float = 1.0
    device: str | torch.device = "cpu"
    transform: Callable[[torch.Tensor], torch.Tensor] | None = None

    @classmethod
    def of(cls, estimator: Any) -> FittedLinearModel:
        """The labeling of a fitted TurtleClustering."""
        return cls(estimator.coef_, estimator.intercept_, estimator.temperature_, estimator.device)

    @classmethod
    def of_solution(
        cls, model: LinearModel, dtype: np.dtype[Any], device: torch.device
    ) -> FittedLinearModel:
        """Convert a labeling that the solver found.

        Parameters
        ----------
        model : LinearModel
            Labeling of raw features, with one restart.
        dtype : numpy dtype
            Dtype of the coefficients, and therefore of the predictions.
        device : torch.device
            Device of predictions.

        Returns
        -------
        FittedLinearModel

        Raises
        ------
        ValueError
            If the coefficients are not finite.
        """
        coef = [weight.T.contiguous().numpy().astype(dtype) for weight in model.weights]
        intercept = [bias.numpy().astype(dtype) for bias in model.biases]
        if not all(np.isfinite(array).all() for array in (*coef, *intercept)):
            raise ValueError(
                "The optimization diverged: the coefficients are not finite. Use scaling='l1', "
                "lower learning rates, or rescale features of extreme magnitude."
            )
        return cls(coef, intercept, device=device)

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(self.intercept[0])

    @property
    def attributes(self) -> dict[str, Any]:
        """The fitted attributes of an estimator with this labeling."""
        return {
            "coef_": self.coef,
            "intercept_": self.intercept,
            "temperature_": self.temperature,
        }

    def reordered(self, order: np.ndarray) -> FittedLinearModel:
        """The same labeling, in which cluster ``order[c]`` has number ``c``."""
        return replace(
            self,
            coef=[of_space[order] for of_space in self.coef],
            intercept=[of_space[order] for of_space in self.intercept],
        )

    def as_linear_model(self) -> LinearModel:
        """The same labeling as a float64 LinearModel of raw features, for the solver."""
        return LinearModel(
            [torch.from_numpy(of_space.T.astype(np.float64)) for of_space in self.coef],
            [torch.from_numpy(of_space.astype(np.float64)) for of_space in self.intercept],
            self.n_clusters,
        )

    def for_each_chunk(self, spaces: Spaces, write: Callable[[slice, torch.Tensor], None]) -> None:
        """Compute the probabilities of all rows, chunk by chunk; see :class:`Labeling`."""
        # chosen here because a prediction may run on another machine than the fit
        device = available_device(self.device)
        dtype, read = row_reader(spaces, device, self.transform)
        on_device = LinearModel(
            [torch.tensor(of_space.T, dtype=dtype, device=device) for of_space in self.coef],
            [torch.tensor(of_space, dtype=dtype, device=device) for of_space in self.intercept],
            n_clusters=self.n_clusters,
        )

        def write_tempered(rows: slice, probabilities: torch.Tensor) -> None:
            # the difference of two infinite logits is NaN
            if not torch.isfinite(probabilities.sum()):
                bad = (~torch.isfinite(probabilities)).flatten(1).any(1).nonzero()
                raise ValueError(
                    f"Row {rows.start + int(bad[0])} of X has values too large for the "
                    f"coefficients: their product overflows {dtype}. Remove or rescale such rows."
                )
            # labels are taken from tempered probabilities too, so that both agree despite rounding
            write(rows, tempered(probabilities[:, 0], self.temperature))

        # read ahead if reading waits for a disk or for a transfer to the GPU
        ahead = spaces.read_as_needed or device.type == "cuda"
        label_probabilities(on_device, read, spaces.n_samples, write_tempered, ahead=ahead)
