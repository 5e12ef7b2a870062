"""scikit-learn's own checks of estimators."""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_turtle import TurtleClustering


# some checks use data without clusters
@pytest.mark.filterwarnings("ignore:The restarts hardly agree")
# some have two clusters, and the first estimator looks for three
@pytest.mark.filterwarnings("ignore:1 of 3 clusters are empty")
@parametrize_with_checks(
    [
        TurtleClustering(n_clusters=3, n_init=8, max_iter=60, polish_iter=20, device="cpu"),
        TurtleClustering(
            n_clusters=2, n_init=1, max_iter=60, polish_iter=20, inner_steps=3, device="cpu"
        ),
    ]
)
def test_estimator_checks(estimator, check):
    check(estimator)
