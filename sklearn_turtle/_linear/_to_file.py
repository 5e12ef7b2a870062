"""Write the predictions of any number of rows to a file."""

import os
from typing import Any

from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._input._clustered_rows import read_spaces
from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._npy import NpyRows
from sklearn_turtle._linear._on_dask import check_reject_below
from sklearn_turtle._linear._prediction import LABEL_DTYPE, predict_labels, predict_probabilities


def predict_to_file(
    estimator: Any,
    X: Any,
    path: os.PathLike[str] | str,
    *,
    proba: bool = False,
    reject_below: float | None = None,
    verbose: int = 0,
) -> None:
    """Predict any number of rows and write the predictions to a file, chunk by chunk.

    Neither the features nor the predictions need to fit into memory.

    Parameters
    ----------
    estimator : TurtleClustering or EditedClustering
        Fitted.

    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        As for :meth:`TurtleClustering.predict`.

    path : str or path-like
        The ``.npy`` file to write. It is written completely or not at all: if the prediction
        fails or is interrupted, an existing file stays as it was.

    proba : bool, default=False
        True to write probabilities of shape (n_samples, n_clusters), False to write labels of
        shape (n_samples,) and dtype int32.

    reject_below : float or None, default=None
        As for :meth:`TurtleClustering.predict`; only for labels.

    verbose : int, default=0
        0 prints nothing, 1 about ten lines of progress, 2 one line per chunk.

    Raises
    ------
    ValueError
        If ``path`` does not end in ``.npy``, or if ``reject_below`` is combined with
        ``proba=True``; and as :meth:`TurtleClustering.predict`.
    sklearn.exceptions.NotFittedError
        If the estimator is not fitted.
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
        raise ValueError("reject_below applies to labels only: leave it out if proba=True.")
    if not str(path).lower().endswith(".npy"):
        raise ValueError(f"The path of the predictions must end in .npy; got {str(path)!r}.")
    spaces, model = read_spaces(estimator, X), estimator._labeling
    with replacing(path) as file:
        if proba:
            shape = (spaces.n_samples, model.n_clusters)
            out = NpyRows(file, shape, spaces.float_dtype, verbose)
            predict_probabilities(model, spaces, out=out)
        else:
            out = NpyRows(file, (spaces.n_samples,), LABEL_DTYPE, verbose)
            predict_labels(model, spaces, reject_below=reject_below, out=out)
