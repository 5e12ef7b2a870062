"""The fitted labeling as NumPy coefficients, and predictions with it."""

import numpy as np
import torch

from sklearn_turtle._input._rows import row_reader
from sklearn_turtle._solver import LinearModel, label_probabilities, tempered

LABEL_DTYPE = np.dtype(np.int32)


def predict_probabilities(
    spaces, coef, intercept, temperature, device, *, transform=None, out=None
):
    """Probabilities of shape (n_samples, n_clusters) for checked spaces.

    Where ``transform`` is given, the features are what it makes of the rows of a chunk. They are
    written to ``out[rows]`` for one slice of rows after the other, by default to a new array.
    """
    if out is None:
        out = np.empty((spaces.n_samples, len(intercept[0])), dtype=spaces.float_dtype)

    def write(rows, probabilities):
        out[rows] = probabilities.cpu().numpy()

    _for_each_chunk(spaces, coef, intercept, temperature, device, transform, write)
    return out


def predict_labels(
    spaces, coef, intercept, temperature, device, *, transform=None, reject_below=None, out=None
):
    """Labels of shape (n_samples,) for checked spaces.

    ``transform`` and ``out`` are those of :func:`predict_probabilities`. Where no cluster has at
    least the probability ``reject_below``, the label is -1.
    """
    if out is None:
        out = np.empty(spaces.n_samples, dtype=LABEL_DTYPE)

    def write(rows, probabilities):
        labels = probabilities.argmax(-1)
        if reject_below is not None:
            labels[probabilities.amax(-1) < reject_below] = -1
        out[rows] = labels.cpu().numpy()

    _for_each_chunk(spaces, coef, intercept, temperature, device, transform, write)
    return out


def _for_each_chunk(spaces, coef, intercept, temperature, device, transform, write):
    dtype, read = row_reader(spaces, device, transform)
    model = LinearModel(
        [torch.tensor(of_space.T, dtype=dtype, device=device) for of_space in coef],
        [torch.tensor(of_space, dtype=dtype, device=device) for of_space in intercept],
        n_clusters=len(intercept[0]),
    )

    def write_tempered(rows, probabilities):
        # the difference of two infinite logits is NaN
        if not torch.isfinite(probabilities.sum()):
            bad = (~torch.isfinite(probabilities)).flatten(1).any(1).nonzero()
            raise ValueError(
                f"Row {rows.start + int(bad[0])} of X has values too large for the coefficients: "
                f"a product of the two is beyond {dtype}. Remove or rescale such rows."
            )
        # labels too are read off tempered probabilities, so that rounding cannot part the two
        write(rows, tempered(probabilities[:, 0], temperature))

    waits = spaces.read_as_needed or device.type == "cuda"  # for a disk, or a bus
    label_probabilities(model, read, spaces.n_samples, write_tempered, ahead=waits)
