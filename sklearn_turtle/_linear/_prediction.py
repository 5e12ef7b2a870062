"""The fitted labelling as NumPy coefficients, and predictions with it."""

import numpy as np
import torch

from sklearn_turtle._input._scaling import check_finite, feature_rows
from sklearn_turtle._solver import ALONE, LinearModel, label_probabilities, on_device, tempered

MAX_ROUNDS = 10
LABEL_DTYPE = np.dtype(np.int32)


def linear_attributes(model, spaces):
    """``coef_`` and ``intercept_`` of a LinearModel of raw features.

    They are float64 where a space is of 64-bit numbers, else float32, so that predictions are
    made in that dtype.
    """
    dtype = spaces.float_dtype
    coef = [weight.T.contiguous().numpy().astype(dtype) for weight in model.weights]
    intercept = [bias.numpy().astype(dtype) for bias in model.biases]
    if not all(np.isfinite(array).all() for array in (*coef, *intercept)):
        raise ValueError(
            "The optimisation diverged: the coefficients are not finite. Use scaling='l1', lower "
            "learning rates, or rescale features of extreme magnitude."
        )
    return {"coef_": coef, "intercept_": intercept}


def number_by_size(coef, intercept, temperature, spaces, device, processes=ALONE):
    """Labels of the rows, with the clusters numbered from the largest to the smallest.

    How large they are is counted over the rows of all processes.

    Returns
    -------
    dict
        The attributes ``labels_``, ``coef_`` and ``intercept_``.
    """

    def reordered(of_spaces, order):
        return [of_space[order] for of_space in of_spaces]

    def predict(order):
        renumbered = reordered(coef, order), reordered(intercept, order)
        return predict_labels(spaces, *renumbered, temperature, device)

    labels, order = order_by_size(predict, len(intercept[0]), processes)
    return {
        "labels_": labels,
        "coef_": reordered(coef, order),
        "intercept_": reordered(intercept, order),
    }


def order_by_size(predict, n_clusters, processes=ALONE):
    """Find numbers of the clusters that go from the largest to the smallest.

    Parameters
    ----------
    predict : callable
        ``predict(order)`` gives the labels of all rows where cluster ``order[c]`` has number
        ``c``.
    n_clusters : int
        Number of clusters.
    processes : Processes
        The processes that each hold some of the rows.

    Returns
    -------
    labels : ndarray of shape (n_samples,)
        Labels by the new numbers.
    order : ndarray of shape (n_clusters,)
        The former number of each cluster.
    """
    order = np.arange(n_clusters)
    # a tie goes to the cluster of the lower number (two spaces that contradict each other with
    # certainty make one): new numbers move it, and it may take another round to settle
    for _ in range(MAX_ROUNDS):
        labels = predict(order)
        sizes = processes.sum_(torch.from_numpy(np.bincount(labels, minlength=n_clusters)))
        by_size = np.argsort(-sizes.numpy(), kind="stable")
        if (by_size[1:] > by_size[:-1]).all():
            return labels, order
        order = order[by_size]
    return predict(order), order


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


def row_reader(spaces, device, transform=None):
    """How to read rows of checked spaces for a prediction.

    Where ``transform`` is given, it is applied to the rows as they are read.

    Returns
    -------
    dtype : torch.dtype
        Dtype of the rows.
    read : callable
        ``read(k, rows)`` gives a slice of rows of space ``k`` on the device, and raises
        ValueError if they hold NaN or infinity.
    """
    dtype = getattr(torch, spaces.float_dtype.name)
    if device.type == "mps":  # has no float64
        dtype = torch.float32
    all_features = [feature_rows(matrix) for matrix in spaces.matrices]

    def read(k, rows):
        chunk = on_device(all_features[k][rows], device).to(dtype)
        check_finite(spaces.names[k], chunk, first_row=rows.start)
        return chunk if transform is None else transform(chunk)

    return dtype, read
