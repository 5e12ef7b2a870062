"""Predictions for one partition of a table, as engines hand them out."""

import numpy as np
from sklearn.utils.validation import check_is_fitted


def predict_frame(estimator, frame):
    """Add the cluster of each row to a pandas DataFrame, such as a partition of a larger table.

    Engines that hold tables in partitions call a function with one at a time:
    ``map_partitions`` of Dask, ``map_batches`` of Ray Data (``batch_format="pandas"``), and
    ``mapInPandas`` of Spark, which passes an iterator of them. Any number of them may run at
    once, in any process that has the estimator.

    Parameters
    ----------
    estimator : estimator
        Fitted, such as :class:`~sklearn_turtle.TurtleClustering`; has ``predict_proba`` and
        ``space_names_``.
    frame : pandas.DataFrame
        Rows, with their features in one of two layouts: a column of vectors a space, named as
        in ``space_names_``, as Parquet and Spark store embeddings; or a column a feature, named
        as in ``feature_names_in_``. There may be other columns, and there may be no rows.

    Returns
    -------
    pandas.DataFrame
        The other columns of the frame, and its index, with two more columns: "cluster", int32,
        and "probability" of that cluster, float32.

    Raises
    ------
    NotFittedError
        If the estimator is not fitted.
    ValueError
        If the frame has neither layout, a vector is missing or of another length, or the
        features hold NaN or infinity.

    See Also
    --------
    sklearn_turtle.TurtleClustering.predict_proba : The probabilities of all clusters.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.distributed import predict_frame
    >>> X, _ = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> spaces = {"clip": X[:, :10], "dino": X[:, 10:]}
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(spaces)
    >>> table = pd.DataFrame({"id": range(300), "clip": list(X[:, :10]), "dino": list(X[:, 10:])})
    >>> list(predict_frame(turtle, table[:5]).columns)
    ['id', 'cluster', 'probability']
    """
    check_is_fitted(estimator)
    columns, X = _features(estimator, frame)
    cluster, probability = np.empty(0, np.int32), np.empty(0, np.float32)
    if len(frame) > 0:
        probabilities = estimator.predict_proba(X())
        cluster = probabilities.argmax(1).astype(np.int32)
        probability = probabilities.max(1).astype(np.float32)
    return frame.drop(columns=columns).assign(cluster=cluster, probability=probability)


def _features(estimator, frame):
    """The columns of a frame that hold features, and how to read their matrices."""
    names = list(estimator.space_names_)
    if set(names) <= set(frame.columns):
        return names, lambda: {name: _matrix(frame[name], name) for name in names}
    names = list(getattr(estimator, "feature_names_in_", []))
    if names and set(names) <= set(frame.columns):
        return names, lambda: frame[names]
    raise ValueError(
        f"The frame has neither a column of vectors for each of the spaces "
        f"{list(estimator.space_names_)} nor the columns of features that fit saw; its columns "
        f"are {list(frame.columns)[:10]}. Fit on a dict of spaces to give them names, or on a "
        "DataFrame."
    )


def _matrix(vectors, name):
    lengths = {len(vector) if np.ndim(vector) == 1 else None for vector in vectors}
    if None in lengths or len(lengths) > 1:
        raise ValueError(
            f"Column {name!r} must hold one vector a row, all of the same length: drop rows "
            "without one."
        )
    return np.stack(vectors.tolist())
