"""Predict labels and probabilities of checked spaces, chunk by chunk."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from sklearn_turtle._input._device import available_device
from sklearn_turtle._input._rows import row_reader
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle._linear._model import FittedLinearModel
from sklearn_turtle._solver import LinearModel, label_probabilities, tempered

LABEL_DTYPE = np.dtype(np.int32)


@with_torch_defaults
def predict_probabilities(model: FittedLinearModel, spaces: Spaces, *, out: Any = None) -> Any:
    """Predict the probability of each cluster for each row.

    Parameters
    ----------
    model : FittedLinearModel
        The labeling.
    spaces : Spaces
        The rows.
    out : object or None, default=None
        Receives ``out[rows] = probabilities`` for one slice of rows after the other; None for a
        new array.

    Returns
    -------
    ndarray of shape (n_samples, n_clusters), or ``out``

    Raises
    ------
    ValueError
        If rows hold NaN, infinity, or values too large for products with the coefficients.
    """
    if out is None:
        out = np.empty((spaces.n_samples, model.n_clusters), dtype=spaces.float_dtype)

    def write(rows: slice, probabilities: torch.Tensor) -> None:
        out[rows] = probabilities.cpu().numpy()

    _for_each_chunk(model, spaces, write)
    return out


@with_torch_defaults
def predict_labels(
    model: FittedLinearModel, spaces: Spaces, *, reject_below: float | None = None, out: Any = None
) -> Any:
    """Predict the most likely cluster of each row.

    Parameters
    ----------
    model, spaces, out
        As for :func:`predict_probabilities`.
    reject_below : float or None, default=None
        Rows whose largest probability is below this value get the label -1; None to label all
        rows.

    Returns
    -------
    ndarray of shape (n_samples,), int32, or ``out``

    Raises
    ------
    ValueError
        As :func:`predict_probabilities`.
    """
    if out is None:
        out = np.empty(spaces.n_samples, dtype=LABEL_DTYPE)

    def write(rows: slice, probabilities: torch.Tensor) -> None:
        labels = probabilities.argmax(-1)
        if reject_below is not None:
            labels[probabilities.amax(-1) < reject_below] = -1
        out[rows] = labels.cpu().numpy()

    _for_each_chunk(model, spaces, write)
    return out


def _for_each_chunk(
    model: FittedLinearModel, spaces: Spaces, write: Callable[[slice, torch.Tensor], None]
) -> None:
    # chosen here because a prediction may run on another machine than the fit
    device = available_device(model.device)
    dtype, read = row_reader(spaces, device, model.transform)
    on_device = LinearModel(
        [torch.tensor(of_space.T, dtype=dtype, device=device) for of_space in model.coef],
        [torch.tensor(of_space, dtype=dtype, device=device) for of_space in model.intercept],
        n_clusters=model.n_clusters,
    )

    def write_tempered(rows: slice, probabilities: torch.Tensor) -> None:
        # the difference of two infinite logits is NaN
        if not torch.isfinite(probabilities.sum()):
            bad = (~torch.isfinite(probabilities)).flatten(1).any(1).nonzero()
            raise ValueError(
                f"Row {rows.start + int(bad[0])} of X has values too large for the coefficients: "
                f"their product overflows {dtype}. Remove or rescale such rows."
            )
        # labels are taken from tempered probabilities too, so that both agree despite rounding
        write(rows, tempered(probabilities[:, 0], model.temperature))

    # read ahead if reading waits for a disk or for a transfer to the GPU
    ahead = spaces.read_as_needed or device.type == "cuda"
    label_probabilities(on_device, read, spaces.n_samples, write_tempered, ahead=ahead)
