"""Scorers for scikit-learn's tools that need no labels."""

from typing import Any

from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted


def stability_score(estimator: Any, X: Any = None, y: Any = None) -> float:
    """Score a fit by how well its restarts agree: a scorer for scikit-learn's tools.

    Agreement tends to be highest at the number of clusters that the data have, while the
    generalization score, which ``estimator.score`` returns, favors fewer clusters.

    Parameters
    ----------
    estimator : TurtleClustering or Pipeline
        Fitted, with several restarts. The last step of a pipeline is scored.
    X, y : object, default=None
        Ignored, present for API consistency: restarts are compared on the rows of the fit.

    Returns
    -------
    float
        ``estimator.stability_``: at most 1, and around 0 if restarts agree only by chance.

    Raises
    ------
    ValueError
        If the fit had a single restart.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn.model_selection import GridSearchCV
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.model_selection import stability_score
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> search = GridSearchCV(
    ...     TurtleClustering(polish_iter=0, random_state=0),
    ...     {"n_clusters": [3, 4]},
    ...     scoring=stability_score,
    ... )
    >>> search.fit(X).best_params_
    {'n_clusters': 4}
    """
    if isinstance(estimator, Pipeline):
        estimator = estimator[-1]
    check_is_fitted(estimator)
    if len(estimator.agreement_) < 2:
        raise ValueError(
            "stability_score compares the restarts of a fit, but the fit had only one: use "
            "n_init=4 or more."
        )
    stability: float = estimator.stability_
    return stability
