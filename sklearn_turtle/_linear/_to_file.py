"""Predictions of a fitted estimator: as an array, as a Dask array, or to a file."""

from dataclasses import replace
from functools import partial

from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._input._device import available_device
from sklearn_turtle._input._read import read_predict_input
from sklearn_turtle._input.lazy import predict_by_blocks
from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._npy import NpyRows
from sklearn_turtle._linear._prediction import LABEL_DTYPE, predict_labels, predict_probabilities


def labels_of(estimator, spaces, *, reject_below=None):
    """Labels of checked spaces: a Dask array where they are, else an array."""
    check_reject_below(reject_below)
    predict = partial(_predict, predict_labels, _labeling(estimator), reject_below=reject_below)
    return _lazily(predict, spaces, LABEL_DTYPE)


def probabilities_of(estimator, spaces):
    """Probabilities of checked spaces: a Dask array where they are, else an array."""
    predict = partial(_predict, predict_probabilities, _labeling(estimator))
    return _lazily(predict, spaces, spaces.float_dtype, estimator.n_clusters_)


def check_reject_below(reject_below):
    """Raise ValueError if it is neither None nor a probability."""
    if reject_below is not None and not 0 <= reject_below <= 1:
        raise ValueError(f"reject_below={reject_below!r} must be between 0 and 1.")


def predict_to_file(estimator, X, path, *, proba=False, reject_below=None, verbose=0):
    """Predict any number of rows and write the prediction to a file, chunk by chunk.

    Neither the features nor the prediction are ever in memory as a whole.

    Parameters
    ----------
    estimator : TurtleClustering
        Fitted.

    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        As for :meth:`TurtleClustering.predict`.

    path : str or path-like
        The ``.npy`` file to write. It is whole or not there: where the prediction fails or is
        interrupted, a file that was there before is as it was.

    proba : bool, default=False
        Whether to write probabilities, of shape (n_samples, n_clusters), instead of labels, of
        shape (n_samples,) and dtype int32.

    reject_below : float or None, default=None
        As for :meth:`TurtleClustering.predict`, for labels.

    verbose : int, default=0
        1 prints about ten lines of progress, 2 a line each chunk.

    Raises
    ------
    ValueError
        As :meth:`TurtleClustering.predict`; or if ``path`` does not end in ``.npy``, or
        ``reject_below`` is given with ``proba``.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import numpy as np
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering, predict_to_file
    >>> folder = Path(tempfile.mkdtemp())
    >>> np.save(folder / "x.npy", make_blobs(300, n_features=20, centers=4, random_state=0)[0])
    >>> X = np.load(folder / "x.npy", mmap_mode="r")
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit([X])
    >>> predict_to_file(turtle, [X], folder / "labels.npy")
    >>> np.load(folder / "labels.npy", mmap_mode="r").shape
    (300,)
    """
    check_is_fitted(estimator)
    check_reject_below(reject_below)
    if proba and reject_below is not None:
        raise ValueError("reject_below is for labels: leave it out with proba=True.")
    if not str(path).lower().endswith(".npy"):
        raise ValueError(f"The prediction is written as .npy, but path={str(path)!r}.")
    spaces = read_predict_input(estimator, X)
    with replacing(path) as file:
        if proba:
            shape = (spaces.n_samples, estimator.n_clusters_)
            out = NpyRows(file, shape, spaces.float_dtype, verbose)
            _predict(predict_probabilities, _labeling(estimator), spaces, out=out)
        else:
            out = NpyRows(file, (spaces.n_samples,), LABEL_DTYPE, verbose)
            options = {"reject_below": reject_below, "out": out}
            _predict(predict_labels, _labeling(estimator), spaces, **options)


def _lazily(predict, spaces, dtype, n_columns=None):
    if not spaces.on_dask:
        return predict(spaces)
    matrices = spaces.matrices
    # a block is predicted by itself: what goes with it must not hold the arrays
    of_blocks = partial(_predict_blocks, predict, replace(spaces, matrices=[]))
    return predict_by_blocks(of_blocks, matrices, dtype, n_columns)


def _predict_blocks(predict, spaces, blocks):
    return predict(replace(spaces, matrices=blocks))


def _predict(predict, labeling, spaces, **options):
    *linear, device = labeling
    # chosen where the prediction is made, which may be another machine
    return predict(spaces, *linear, available_device(device), **options)


def _labeling(estimator):
    return estimator.coef_, estimator.intercept_, estimator.temperature_, estimator.device
