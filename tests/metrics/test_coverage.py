import numpy as np
import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy, coverage
from tests.support.two_spaces import two_spaces


@pytest.mark.parametrize("dtype", [np.int32, float, object])
def test_the_share_of_the_rows_that_are_not_rejected(dtype):
    assert coverage(np.array([-1, 0, -1, 2], dtype=dtype)) == 0.5
    assert coverage(np.array([-1, -1], dtype=dtype)) == 0
    assert coverage(np.array([3, -2], dtype=dtype)) == 1


def test_names_of_clusters_reject_nothing():
    assert coverage(["-1", "cat"]) == 1


def test_it_separates_rejected_rows_from_wrong_ones():
    spaces, y = two_spaces()
    turtle = TurtleClustering(4, n_init=2, max_iter=20, polish_iter=0, random_state=0).fit(spaces)
    threshold = np.median(turtle.predict_proba(spaces).max(1))
    labels = turtle.predict(spaces, reject_below=threshold)
    kept = labels != -1
    assert coverage(labels) == kept.mean() == pytest.approx(0.5, abs=0.1)
    of_kept = clustering_accuracy(y[kept], labels[kept])
    assert clustering_accuracy(y, labels) / coverage(labels) == pytest.approx(of_kept)


def test_there_must_be_rows():
    with pytest.raises(ValueError, match="coverage needs at least one sample; y_pred is empty"):
        coverage([])
