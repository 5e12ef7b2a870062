import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import softmax

from sklearn_turtle._input._spaces import spaces_of_collection
from sklearn_turtle._linear._model import FittedLinearModel
from sklearn_turtle._linear._prediction import predict_labels, predict_probabilities

RNG = np.random.default_rng(0)
X = [RNG.normal(size=(60, width)) for width in (4, 2)]
SPACES = spaces_of_collection(X)
MODEL = FittedLinearModel(
    [RNG.normal(size=(3, width)) for width in (4, 2)], [RNG.normal(size=3) for _ in range(2)]
)
EXPECTED = np.mean(
    [
        softmax(x @ coef.T + intercept, axis=1)
        for x, coef, intercept in zip(X, MODEL.coef, MODEL.intercept, strict=True)
    ],
    axis=0,
)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 200)


def test_probabilities_are_the_mean_over_the_spaces():
    assert_allclose(predict_probabilities(MODEL, SPACES), EXPECTED)


def test_labels_are_the_most_likely_clusters():
    labels = predict_labels(MODEL, SPACES)
    assert labels.dtype == np.int32
    assert_array_equal(labels, EXPECTED.argmax(1))


@pytest.mark.parametrize("temperature", [0.5, 3.0])
def test_temperature_keeps_the_labels(temperature):
    tempered = FittedLinearModel(MODEL.coef, MODEL.intercept, temperature)
    powers = EXPECTED ** (1 / temperature)
    expected = powers / powers.sum(1, keepdims=True)
    assert_allclose(predict_probabilities(tempered, SPACES), expected)
    assert_array_equal(predict_labels(tempered, SPACES), EXPECTED.argmax(1))


def test_unlikely_rows_are_rejected():
    threshold = np.median(EXPECTED.max(1))
    labels = predict_labels(MODEL, SPACES, reject_below=threshold + 1e-6)
    assert_array_equal(labels, np.where(EXPECTED.max(1) > threshold, EXPECTED.argmax(1), -1))
    assert -1 in labels


def test_transform_is_applied_to_the_rows():
    model = FittedLinearModel(MODEL.coef, MODEL.intercept, transform=torch.neg)
    expected = predict_probabilities(MODEL, spaces_of_collection([-x for x in X]))
    assert_allclose(predict_probabilities(model, SPACES), expected)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_predictions_have_the_dtype_of_the_features(dtype):
    spaces = spaces_of_collection([x.astype(dtype) for x in X])
    assert predict_probabilities(MODEL, spaces).dtype == dtype


def test_an_unavailable_device_is_replaced_by_the_cpu():
    model = FittedLinearModel(MODEL.coef, MODEL.intercept, device="cuda:99")
    assert_allclose(predict_probabilities(model, SPACES), EXPECTED)


def test_chunks_are_written_in_order():
    class Rows:
        def __init__(self):
            self.written = []

        def __setitem__(self, rows, values):
            self.written.append((rows, values))

    out = predict_labels(MODEL, SPACES, out=Rows())
    slices, values = zip(*out.written, strict=True)
    assert len(slices) > 1
    assert_array_equal(np.concatenate([np.arange(60)[rows] for rows in slices]), np.arange(60))
    assert_array_equal(np.concatenate(values), EXPECTED.argmax(1))


def test_rows_that_overflow_are_named():
    large = X[0].astype(np.float32)
    # products of one sign, so that their sum overflows in whatever order it is taken
    large[41] = 3e38 * np.sign(MODEL.coef[0][0])
    spaces = spaces_of_collection([large, X[1].astype(np.float32)])
    for predict in (predict_labels, predict_probabilities):
        with pytest.raises(ValueError, match=r"Row 41 of X has values too large .*float32"):
            predict(MODEL, spaces)
