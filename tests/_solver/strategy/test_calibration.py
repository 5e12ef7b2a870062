import numpy as np
import pytest
import torch
from scipy.special import log_softmax, softmax
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle._solver import FeatureSpace, LinearModel, tempered
from sklearn_turtle._solver.strategy._calibration import temperature
from sklearn_turtle.metrics import match_clusters


def expected_calibration_error(confidence, right, n_bins=15):
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    return sum(
        (bins == b).mean() * abs(confidence[bins == b].mean() - right[bins == b].mean())
        for b in np.unique(bins)
    )


def errors_of_calibration(turtle, X, y):
    """Calibration errors of a fitted estimator, with its temperature and without."""
    class_of = match_clusters(y, turtle.labels_)
    right = np.array([class_of.get(label, -1) for label in turtle.labels_]) == y
    fitted, errors = turtle.temperature_, []
    for turtle.temperature_ in (fitted, 1.0):
        errors.append(expected_calibration_error(turtle.predict_proba(X).max(1), right))
    return errors


@pytest.fixture
def labeling():
    """A labeling of three clusters, its space, and its logits."""
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(4000, 5)), rng.normal(size=(5, 3)) * 3
    model = LinearModel([torch.from_numpy(weight).float()], [torch.zeros(3)], 3)
    return model, [FeatureSpace(torch.from_numpy(x).float())], x @ weight


@pytest.mark.parametrize("expected", [0.5, 1.3, 2.5, 20.0])
def test_labeling_gets_the_given_certainty(labeling, expected):
    model, spaces, logits = labeling
    certainty = softmax(logits / expected, 1).max(1).mean()
    assert temperature(model, spaces, certainty) == pytest.approx(expected, rel=1e-3)


def test_temperature_is_bounded(labeling):
    model, spaces, _ = labeling
    assert temperature(model, spaces, 1.0) == 1.0  # a single restart
    assert temperature(model, spaces, 1 - 1e-9) == 0.01
    assert temperature(model, spaces, 1 / 3) == 100.0


def test_tempered_probabilities_are_a_softmax_of_divided_logits():
    logits = np.random.default_rng(0).normal(size=(7, 4)) * 5
    probabilities = torch.from_numpy(softmax(logits, 1))
    expected = np.exp(log_softmax(logits / 3, 1))
    np.testing.assert_allclose(tempered(probabilities, 3.0), expected, rtol=1e-9)
    assert torch.equal(tempered(probabilities, 1.0), probabilities)


def test_pixels_of_digits():
    X, y = load_digits(return_X_y=True)  # clusters of pixels are often wrong
    turtle = TurtleClustering(10, n_init=8, cluster_prior="uniform", random_state=0).fit(X)
    calibrated, _ = errors_of_calibration(turtle, X, y)
    assert calibrated < 0.15


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["banking77", "caltech101"])
def test_real_embeddings(name, shared_folder):
    folder = shared_folder / "data" / name
    files = [file for file in sorted(folder.glob("*.npy")) if file.name != "labels.npy"]
    # the principal axes of more features would take most of the time
    X = [np.load(file)[:1000, :384] for file in files]
    y = np.load(folder / "labels.npy")[:1000]
    turtle = TurtleClustering(
        len(np.unique(y)),
        n_init=4,
        n_components=64,
        polish_iter=40,
        precision="float32",
        cluster_prior="uniform",
        random_state=0,
    ).fit(X)
    calibrated, _ = errors_of_calibration(turtle, X, y)
    assert calibrated < 0.25
