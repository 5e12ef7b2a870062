"""As certain as the restarts agree."""

import numpy as np
import pytest
import torch
from scipy.special import log_softmax, softmax
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle._solver import FeatureSpace, LinearModel, tempered
from sklearn_turtle._solver.strategy._calibration import temperature
from sklearn_turtle.metrics import match_clusters
from tests.support.two_spaces import small_turtle, two_spaces


def expected_calibration_error(confidence, right, n_bins=15):
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    return sum(
        (bins == b).mean() * abs(confidence[bins == b].mean() - right[bins == b].mean())
        for b in np.unique(bins)
    )


@pytest.fixture
def labeling():
    """A labeling of 3 clusters."""
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(4000, 5)), rng.normal(size=(5, 3)) * 3
    model = LinearModel([torch.from_numpy(weight).float()], [torch.zeros(3)], 3)
    return model, [FeatureSpace(torch.from_numpy(x).float())], x @ weight


@pytest.mark.parametrize("expected", [1.3, 2.5, 20.0])
def test_is_as_certain_as_asked(labeling, expected):
    model, spaces, logits = labeling
    certainty = softmax(logits / expected, 1).max(1).mean()
    assert temperature(model, spaces, certainty) == pytest.approx(expected, rel=1e-3)


def test_between_one_and_a_hundred(labeling):
    model, spaces, _ = labeling
    assert temperature(model, spaces, 1.0) == 1.0
    assert temperature(model, spaces, 1 / 3) == 100.0


def test_tempered_is_a_softmax_of_divided_logits():
    logits = np.random.default_rng(0).normal(size=(7, 4)) * 5
    found = tempered(torch.from_numpy(softmax(logits, 1)), 3.0).numpy()
    np.testing.assert_allclose(found, np.exp(log_softmax(logits / 3, 1)), rtol=1e-9)


def test_only_the_certainty_of_the_digits_changes():
    spaces, y = load_digits(return_X_y=True)  # pixels, of which the clusters are often wrong
    turtle, raw = (
        TurtleClustering(10, random_state=0, calibrate=calibrate).fit(spaces)
        for calibrate in (True, False)
    )
    assert turtle.temperature_ > 1
    assert raw.temperature_ == 1
    np.testing.assert_array_equal(turtle.labels_, raw.labels_)
    class_of = match_clusters(y, turtle.labels_)
    right = np.array([class_of[label] for label in turtle.labels_]) == y
    errors = [
        expected_calibration_error(fitted.predict_proba(spaces).max(1), right)
        for fitted in (turtle, raw)
    ]
    assert errors[0] < errors[1] / 2


def test_one_restart_has_nothing_to_be_calibrated_by():
    spaces, _ = two_spaces()
    assert small_turtle(n_init=1, cluster_prior="uniform").fit(spaces).temperature_ == 1


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["banking77", "caltech101"])
def test_error_of_calibration_falls(name, shared_folder):
    folder = shared_folder / "data" / name
    X = [np.load(f)[:4000] for f in sorted(folder.glob("*.npy")) if f.name != "labels.npy"]
    y = np.load(folder / "labels.npy")[:4000]
    turtle = TurtleClustering(len(np.unique(y)), random_state=0, cluster_prior="uniform").fit(X)
    class_of = match_clusters(y, turtle.labels_)
    right = np.array([class_of.get(label, -1) for label in turtle.labels_]) == y
    error = expected_calibration_error(turtle.predict_proba(X).max(1), right)
    turtle.temperature_ = 1.0
    assert error < expected_calibration_error(turtle.predict_proba(X).max(1), right)
