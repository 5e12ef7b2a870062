"""Estimators made from label files by TurtleClustering.from_labeling."""

import pickle

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle.exploration import assign_classes, uncertain_samples
from sklearn_turtle.metrics import generalization_score
from sklearn_turtle.persistence._label_attributes import attributes_of_labeling
from tests.support.label_files import literal_probabilities, released_features, save_released
from tests.support.two_spaces import small_turtle, two_spaces

X = released_features()


@pytest.fixture
def path(tmp_path):
    save_released(tmp_path / "cifar10.pt")
    return tmp_path / "cifar10.pt"


@pytest.fixture
def expected(path):
    return literal_probabilities(X, save_released(path))


def as_frames(spaces):
    return [pd.DataFrame(space).add_prefix("f") for space in spaces]


class TestPredictions:
    @pytest.mark.parametrize(
        "given_as",
        [
            list,
            tuple,
            lambda spaces: {"phi2": spaces[1], "phi1": spaces[0]},
            lambda spaces: stack_spaces(spaces)[0],
            lambda spaces: [torch.from_numpy(space) for space in spaces],
            as_frames,
        ],
        ids=["list", "tuple", "dict in another order", "stacked", "tensors", "DataFrames"],
    )
    def test_match_equation_9(self, path, expected, given_as):
        turtle = TurtleClustering.from_labeling(path, device="cpu")
        probabilities = turtle.predict_proba(given_as(X))
        assert probabilities.dtype == np.float32
        assert_allclose(probabilities, expected, rtol=1e-4, atol=1e-6)
        assert_array_equal(turtle.predict(given_as(X)), expected.argmax(1))

    def test_float64_features(self, path, expected):
        turtle = TurtleClustering.from_labeling(path, device="cpu")
        probabilities = turtle.predict_proba([space.astype(np.float64) for space in X])
        assert probabilities.dtype == np.float64
        assert_allclose(probabilities, expected, rtol=1e-12)

    def test_reject_below(self, path, expected):
        labels = TurtleClustering.from_labeling(path).predict(X, reject_below=0.6)
        assert_array_equal(labels == -1, expected.max(1) < 0.6)
        assert 0 < np.count_nonzero(labels == -1) < len(labels)

    def test_score_is_generalization_score(self, path, expected):
        turtle = TurtleClustering.from_labeling(path, device="cpu")
        of_labels = generalization_score(expected.argmax(1), X, device="cpu")
        assert turtle.score(X) == pytest.approx(of_labels, abs=1e-12)

    def test_annotation(self, path, expected):
        turtle = TurtleClustering.from_labeling(path)
        margins = np.sort(expected)
        assert uncertain_samples(turtle, X, 1) == [np.argmin(margins[:, -1] - margins[:, -2])]
        is_class = np.eye(2)[np.arange(len(expected)) % 2]
        shares = expected.T @ is_class / expected.sum(0)[:, None]
        classifier = assign_classes(turtle, X, is_class.argmax(1))
        assert_allclose(classifier.predict_proba(X), expected @ shares, rtol=1e-4)

    def test_wrong_number_of_features(self, path):
        turtle = TurtleClustering.from_labeling(path)
        with pytest.raises(ValueError, match=r"Space 'phi1' has 3 features, .* expecting 5"):
            turtle.predict(X[::-1])
        with pytest.raises(ValueError, match=r"X has 1 space\(s\), but fit saw 2"):
            turtle.predict(X[:1])
        with pytest.raises(ValueError, match=r"X has 5 features, .* expecting 8"):
            turtle.predict(X[0])


@settings(max_examples=15, deadline=None)
@given(
    widths=st.lists(st.integers(1, 6), min_size=1, max_size=3),
    n_clusters=st.integers(1, 5),
    seed=st.integers(0, 99),
)
def test_any_labeling_matches_equation_9(widths, n_clusters, seed):
    rng = np.random.default_rng(seed)
    layers = [
        (rng.normal(size=(n_clusters, width)), rng.normal(size=n_clusters)) for width in widths
    ]
    spaces = [rng.normal(size=(7, width)) for width in widths]
    labeling = {f"phi{k}": layer for k, layer in enumerate(layers, start=1)}
    turtle = TurtleClustering(n_clusters, device="cpu")
    vars(turtle).update(attributes_of_labeling(labeling, None))
    for given_as in (spaces, stack_spaces(spaces)[0]):
        assert_allclose(turtle.predict_proba(given_as), literal_probabilities(spaces, layers))


class TestNames:
    def test_from_file(self, path):
        assert TurtleClustering.from_labeling(path).space_names_ == ["phi1", "phi2"]

    def test_from_user(self, path, expected):
        turtle = TurtleClustering.from_labeling(path, space_names=("clip", "dino"))
        assert turtle.space_names_ == ["clip", "dino"]
        labels = turtle.predict({"dino": X[1], "clip": X[0]})
        assert_array_equal(labels, expected.argmax(1))
        with pytest.raises(ValueError, match=r"fit saw the spaces \['clip', 'dino'\]"):
            turtle.predict({"phi1": X[0], "phi2": X[1]})

    @pytest.mark.parametrize("names", [["clip"], ["clip", "clip"], ["a", "b", "c"], []])
    def test_inconsistent(self, path, names):
        with pytest.raises(ValueError, match="distinct name per space of the labeling, 2 in total"):
            TurtleClustering.from_labeling(path, space_names=names)


class TestEstimator:
    def test_attributes(self, path):
        turtle = TurtleClustering.from_labeling(str(path), device="cpu")
        check_is_fitted(turtle)
        assert turtle.get_params() == TurtleClustering(4, device="cpu").get_params()
        assert {name for name in vars(turtle) if name.endswith("_")} == {
            "coef_",
            "intercept_",
            "temperature_",
            "space_names_",
            "n_features_in_",
        }
        assert turtle.temperature_ == 1
        assert turtle.n_features_in_ == 8
        assert [coef.shape for coef in turtle.coef_] == [(4, 5), (4, 3)]

    def test_subclass(self, path):
        class Turtle(TurtleClustering):
            pass

        assert type(Turtle.from_labeling(path)) is Turtle

    def test_clone_is_not_fitted(self, path):
        copy = clone(TurtleClustering.from_labeling(path))
        assert copy.n_clusters == 4
        with pytest.raises(NotFittedError):
            copy.predict(X)

    def test_pickle(self, path, expected):
        turtle = pickle.loads(pickle.dumps(TurtleClustering.from_labeling(path)))
        assert_array_equal(turtle.predict(X), expected.argmax(1))

    def test_set_params_keeps_the_labeling(self, path, expected):
        turtle = TurtleClustering.from_labeling(path).set_params(device="cpu", gamma=1.0)
        assert_array_equal(turtle.predict(X), expected.argmax(1))

    def test_fit_replaces_the_labeling(self, path):
        spaces, _ = two_spaces()
        turtle = TurtleClustering.from_labeling(path, space_names=["clip", "dino"])
        short = small_turtle(n_init=2, max_iter=20, polish_iter=5)
        turtle.set_params(**short.get_params()).fit(spaces)
        expected = short.fit(spaces)
        assert vars(turtle).keys() == vars(expected).keys()
        assert turtle.space_names_ == expected.space_names_
        assert_array_equal(turtle.labels_, expected.labels_)

    def test_failed_fit_keeps_the_labeling(self, path, expected):
        turtle = TurtleClustering.from_labeling(path)
        with pytest.raises(ValueError, match="n_clusters=4"):
            turtle.fit([space[:3] for space in X])
        assert_array_equal(turtle.predict(X), expected.argmax(1))
