"""Scorers for scikit-learn's tools that need no labels."""

from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted


def stability_score(estimator, X=None, y=None):
    """How far the restarts of a fit agree: a scorer for scikit-learn's tools.

    Agreement tends to be largest at the number of clusters that the data have, while the
    generalization score, which is what ``estimator.score`` gives, prefers fewer clusters.

    Parameters
    ----------
    estimator : TurtleClustering or Pipeline
        Fitted, with several restarts; of a pipeline, the last step is scored.
    X, y : object, default=None
        Ignored, present for API consistency: restarts are compared on the rows of the fit.

    Returns
    -------
    float
        ``estimator.stability_``: at most 1; around 0 where restarts agree by chance only.

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
            "stability_score compares the restarts of a fit, but there was one only: use n_init=4 "
            "or more."
        )
    return estimator.stability_
