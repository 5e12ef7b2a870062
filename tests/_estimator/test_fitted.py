import numpy as np
import pytest

from sklearn_turtle._estimator._fitted import check_number_of_samples, draw_seed, replace_fitted
from tests.support.two_spaces import small_turtle


@pytest.mark.parametrize(("n_clusters", "fewest"), [(1, 2), (2, 2), (5, 5), ("auto", 2)])
def test_number_of_samples(n_clusters, fewest):
    turtle = small_turtle(n_clusters=n_clusters)
    check_number_of_samples(turtle, fewest)
    with pytest.raises(ValueError, match=f"n_samples={fewest - 1} should be >= n_clusters="):
        check_number_of_samples(turtle, fewest - 1)


def test_all_fitted_attributes_are_replaced():
    turtle = small_turtle(gamma=3.0)
    turtle.of_the_user = "kept"
    turtle.labels_, turtle._stream_, turtle._space_columns = [0], "state", [1]
    replace_fitted(turtle, {"coef_": [2]})
    assert turtle.coef_ == [2]
    assert turtle.of_the_user == "kept"
    assert turtle.get_params()["gamma"] == 3.0
    assert not {"labels_", "_stream_", "_space_columns"} & vars(turtle).keys()


@pytest.mark.parametrize("random_state", [3, None])
def test_seeds_follow_an_integer(random_state):
    first, second = (draw_seed(small_turtle(random_state=random_state)) for _ in range(2))
    assert (first == second) == (random_state == 3)


def test_seeds_advance_a_random_state():
    turtle = small_turtle(random_state=np.random.RandomState(0))
    assert draw_seed(turtle) != draw_seed(turtle)
