"""Logistic regressions of all folds, solved side by side."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit, cross_val_predict

from sklearn_turtle.metrics._logistic_regression import held_out_predictions


def predict(features, labels, n_folds=5, C=1.0):
    fold_of = np.arange(len(labels)) % n_folds
    arrays = (torch.from_numpy(np.asarray(array)) for array in (features, labels, fold_of))
    return held_out_predictions(*arrays, n_folds, C=C, max_iter=1000).numpy()


@pytest.fixture(scope="module")
def noisy_classes():
    """Features of 200 rows, and noisy labels of two or three classes that depend on them."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(200, 3))
    noisy = features + rng.normal(size=(200, 3))
    return features, {2: (noisy[:, 0] > 0).astype(int), 3: noisy.argmax(1)}


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("C", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_predictions_are_those_of_scikit_learn(noisy_classes, n_classes, C, dtype):
    features, labels = noisy_classes[0], noisy_classes[1][n_classes]
    folds = PredefinedSplit(np.arange(200) % 5)
    classifier = LogisticRegression(C=C, max_iter=1000)
    expected = cross_val_predict(classifier, features, labels, cv=folds)
    found = predict(features.astype(dtype), labels, C=C)
    assert len(np.unique(expected)) == n_classes
    assert np.mean(found == expected) >= 0.99


@pytest.mark.parametrize("exponent", [-100, 100])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_features_whose_squares_are_out_of_range(noisy_classes, exponent, dtype):
    features, labels = noisy_classes[0].astype(dtype), noisy_classes[1][2]
    expected = predict(features, labels, C=0.1)
    scaled = features * dtype(2.0**exponent)
    found = predict(scaled, labels, C=0.1 / 4.0**exponent)
    np.testing.assert_array_equal(found, expected)


def test_an_outlier_among_the_rows(noisy_classes):
    features, labels = noisy_classes[0].astype(np.float32), noisy_classes[1][2]
    features[17] = 1e6
    assert set(predict(features, labels).tolist()) <= {0, 1}


@pytest.mark.parametrize("features", [np.zeros((30, 2)), np.full((30, 2), 1e30)])
def test_constant_features_predict_the_largest_class(features):
    assert (predict(features, [0] * 20 + [1] * 10) == 0).all()


def test_a_class_without_training_rows_is_never_predicted():
    rng = np.random.default_rng(0)
    features, labels = rng.normal(size=(20, 2)), np.arange(20) % 2
    labels[3] = 2
    assert predict(features, labels)[3] != 2
