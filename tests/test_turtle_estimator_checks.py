"""scikit-learn's own suite of checks, in full."""

from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_turtle import TurtleClustering


@parametrize_with_checks(
    [
        TurtleClustering(n_clusters=3, max_iter=60, device="cpu"),
        TurtleClustering(n_clusters=2, max_iter=60, n_init=1, inner_steps=3, device="cpu"),
    ]
)
def test_estimator_checks(estimator, check):
    check(estimator)
