"""The fitted labelling as NumPy coefficients, and predictions with it."""

import numpy as np
import torch

from sklearn_turtle._device import as_tensor
from sklearn_turtle._scaling import check_finite
from sklearn_turtle._solver import LinearModel, label_probabilities, tempered

MAX_ROUNDS = 10


def linear_attributes(model, spaces):
    """``coef_`` and ``intercept_`` of a LinearModel of raw features.

    They are float64 where a space is of 64-bit numbers, else float32, so that predictions are
    made in that dtype.
    """
    dtype = result_dtype(spaces)
    coef = [weight.T.contiguous().numpy().astype(dtype) for weight in model.weights]
    intercept = [bias.numpy().astype(dtype) for bias in model.biases]
    if not all(np.isfinite(array).all() for array in (*coef, *intercept)):
        raise ValueError(
            "The optimisation diverged: the coefficients are not finite. Use scaling='l1', lower "
            "learning rates, or rescale features of extreme magnitude."
        )
    return {"coef_": coef, "intercept_": intercept}


def number_by_size(coef, intercept, temperature, spaces, device):
    """Labels of all rows, with the clusters numbered from the largest to the smallest.

    Returns
    -------
    dict
        The attributes ``labels_``, ``coef_`` and ``intercept_``.
    """
    # two spaces that contradict each other with certainty make a tie, which goes to the cluster
    # of the lower number: new numbers move it, and it may take another round to settle
    for _ in range(MAX_ROUNDS):
        labels = predict_labels(spaces, coef, intercept, temperature, device)
        sizes = np.bincount(labels, minlength=len(intercept[0]))
        order = np.argsort(-sizes, kind="stable")
        if (order[1:] > order[:-1]).all():
            break
        coef = [of_space[order] for of_space in coef]
        intercept = [of_space[order] for of_space in intercept]
    return {"labels_": labels, "coef_": coef, "intercept_": intercept}


def predict_probabilities(spaces, coef, intercept, temperature, device, transform=None):
    """Probabilities of shape (n_samples, n_clusters) for checked spaces, as NumPy.

    Where ``transform`` is given, the features are what it makes of the rows of a chunk.
    """
    out = np.empty((spaces.n_samples, len(intercept[0])), dtype=result_dtype(spaces))

    def write(rows, probabilities):
        out[rows] = probabilities.cpu().numpy()

    _for_each_chunk(spaces, coef, intercept, temperature, device, transform, write)
    return out


def predict_labels(spaces, coef, intercept, temperature, device, transform=None):
    """Labels of shape (n_samples,) for checked spaces, as NumPy.

    Where ``transform`` is given, the features are what it makes of the rows of a chunk.
    """
    out = np.empty(spaces.n_samples, dtype=np.int32)

    def write(rows, probabilities):
        out[rows] = probabilities.argmax(-1).cpu().numpy()

    _for_each_chunk(spaces, coef, intercept, temperature, device, transform, write)
    return out


def _for_each_chunk(spaces, coef, intercept, temperature, device, transform, write):
    dtype = getattr(torch, result_dtype(spaces).name)
    if device.type == "mps":  # has no float64
        dtype = torch.float32
    tensors = [as_tensor(matrix) for matrix in spaces.matrices]
    model = LinearModel(
        [torch.tensor(of_space.T, dtype=dtype, device=device) for of_space in coef],
        [torch.tensor(of_space, dtype=dtype, device=device) for of_space in intercept],
        n_clusters=len(intercept[0]),
    )

    def read(k, rows):
        chunk = tensors[k][rows].to(device=device, dtype=dtype)
        check_finite(spaces.names[k], chunk, first_row=rows.start)
        return chunk if transform is None else transform(chunk)

    def write_tempered(rows, probabilities):
        # labels too are read off tempered probabilities, so that rounding cannot part the two
        write(rows, tempered(probabilities[:, 0], temperature))

    label_probabilities(model, read, spaces.n_samples, write_tempered)


def result_dtype(spaces):
    """float64 where a space is of 64-bit numbers, else float32."""
    wide = {"float64", "int32", "int64"}
    kinds = {str(matrix.dtype).removeprefix("torch.") for matrix in spaces.matrices}
    return np.dtype(np.float64 if kinds & wide else np.float32)
