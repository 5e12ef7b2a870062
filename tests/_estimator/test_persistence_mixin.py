"""The methods of the estimator; tests/persistence has the tests of the files."""

import numpy as np
import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle.persistence import save_labeling
from tests.support.two_spaces import clear_spaces, small_turtle

SPACES, _ = clear_spaces()


class Subclass(TurtleClustering):
    """An estimator of the user."""


@pytest.fixture(scope="module")
def turtle():
    return small_turtle(calibrate=False).fit(SPACES)


@pytest.mark.parametrize("estimator_class", [TurtleClustering, Subclass])
def test_a_saved_estimator_is_loaded(turtle, tmp_path, estimator_class):
    turtle.save(tmp_path / "model.safetensors")
    loaded = estimator_class.load(tmp_path / "model.safetensors")
    assert type(loaded) is estimator_class
    assert loaded.get_params() == turtle.get_params()
    np.testing.assert_array_equal(loaded.labels_, turtle.labels_)
    np.testing.assert_array_equal(loaded.predict_proba(SPACES), turtle.predict_proba(SPACES))


@pytest.mark.parametrize("estimator_class", [TurtleClustering, Subclass])
def test_a_label_file_makes_a_fitted_estimator(turtle, tmp_path, estimator_class):
    save_labeling(turtle, tmp_path / "labels.pt")
    loaded = estimator_class.from_labeling(
        tmp_path / "labels.pt", space_names=["a", "b"], device="cpu"
    )
    assert type(loaded) is estimator_class
    assert loaded.space_names_ == ["a", "b"]
    assert (loaded.n_clusters, loaded.device) == (4, "cpu")
    predicted = loaded.predict_proba({"a": SPACES[0], "b": SPACES[1]})
    np.testing.assert_allclose(predicted, turtle.predict_proba(SPACES), rtol=1e-4, atol=1e-6)
