"""Predict for one partition of a table, as distributed engines provide them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted


def predict_frame(estimator: Any, frame: Any) -> Any:
    """Add the cluster of each row to a pandas DataFrame, such as a partition of a larger table.

    Engines for partitioned tables call a function for each partition: ``map_partitions`` of Dask,
    ``map_batches`` of Ray Data (``batch_format="pandas"``), and ``mapInPandas`` of Spark, which
    passes an iterator of partitions. Calls are independent, so they can run in parallel in any
    process that has the estimator.

    Parameters
    ----------
    estimator : estimator
        Fitted estimator with ``predict_proba`` and ``space_names_``, such as
        :class:`~sklearn_turtle.TurtleClustering`.
    frame : pandas.DataFrame
        Rows with features in one of two layouts. Either there is one column of vectors per space,
        named as in ``space_names_``, which is how Parquet and Spark store embeddings; or there is
        one column per feature, named as in ``feature_names_in_``. Other columns are allowed. The
        frame may be empty.

    Returns
    -------
    pandas.DataFrame
        The other columns and the index of the frame, with two new columns: "cluster", int32, and
        "probability", float32, the probability of that cluster.

    Raises
    ------
    sklearn.exceptions.NotFittedError
        If the estimator is not fitted.
    ValueError
        If the frame has neither layout, a vector is missing or has a different length, or the
        features contain NaN or infinity.

    See Also
    --------
    sklearn_turtle.TurtleClustering.predict_proba : Probabilities of all clusters.

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


def _features(estimator: Any, frame: Any) -> tuple[list[str], Callable[[], Any]]:
    """Return the columns with features, and a function that reads the features from them."""
    names = list(estimator.space_names_)
    if set(names) <= set(frame.columns):
        return names, lambda: {name: frame[name] for name in names}
    names = list(getattr(estimator, "feature_names_in_", []))
    if names and set(names) <= set(frame.columns):
        return names, lambda: frame[names]
    raise ValueError(
        f"The frame needs either one column of vectors for each of the spaces "
        f"{list(estimator.space_names_)} or the feature columns seen in fit; its columns are "
        f"{list(frame.columns)[:10]}. Fit on a dict of spaces, which names the spaces, or on a "
        "DataFrame."
    )
