"""Input is refused before any work is done, and the last fit is kept."""

from copy import copy

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import torch
from sklearn.exceptions import NotFittedError

from sklearn_turtle._input._read import read_classes, read_fit_input, read_predict_input
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()
A, B = SPACES
QUICK = {"n_init": 2, "max_iter": 10, "polish_iter": 2}

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:The restarts hardly agree"),
]


@pytest.fixture(scope="module")
def shared_turtle():
    """A fit to two named spaces, which no test changes."""
    return small_turtle(**QUICK).fit({"clip": A, "dino": B})


@pytest.fixture
def turtle(shared_turtle):
    """A copy of the fit that a test may change."""
    return copy(shared_turtle)


def with_value(x, value):
    x = x.copy()
    x[3, 1] = value
    return x


def named(x, names):
    return pd.DataFrame(x, columns=names)


class TestBadInput:
    @pytest.mark.parametrize(
        ("X", "message"),
        [
            ([A, B[:-1]], "'space0' has 240 samples, space 'space1' has 239"),
            ({"clip": A, "dino": B[:9]}, "'clip' has 240 samples, space 'dino' has 9"),
            ([A, with_value(B, np.nan)], "NaN: space 'space1', first in row 3"),
            ({"x": with_value(A, np.inf)}, "infinity: space 'x', first in row 3"),
            ([A.astype(np.float16), with_value(B, -np.inf)], "infinity: space 'space1'"),
            ([A, np.full((240, 3), 0.1)], "'space1' is constant"),
            ([A, A[:, :0]], r"0 feature\(s\)"),
            ([A[:0], B[:0]], r"0 sample\(s\)"),
            (list(A[:, None]), "X holds 240 matrices of one row.*np.concatenate"),
            ([A[:1], B[:1]], "n_samples=1 should be >= n_clusters=4"),
            ([A[:3], B[:3]], "n_samples=3 should be >= n_clusters=4"),
            (A[:, 0], "Expected 2D array, got 1D array"),
            ([A, B[:, 0]], "Expected 2D array, got 1D array"),
            (torch.zeros(5), "Expected 2D array, got 1D tensor"),
            (np.zeros((2, 3, 4)), "dim 3"),
            ([], "Expected 2D array"),
            ({}, "holds no space"),
            ("features.npy", "Expected 2D array"),
            (A.astype(complex), "Complex data not supported"),
            (np.full((9, 2), 1.7e308), "too large"),
        ],
    )
    def test_values(self, turtle, X, message):
        assert_refused(turtle, X, ValueError, message)

    @pytest.mark.parametrize(
        ("X", "message"),
        [
            (scipy.sparse.csr_matrix(A), "sparse matrix.*TruncatedSVD"),
            ([A, scipy.sparse.csr_array(B)], "'space1' is a sparse matrix.*toarray"),
            (torch.from_numpy(A).to_sparse(), "sparse tensor.*to_dense"),
        ],
    )
    def test_types(self, turtle, X, message):
        assert_refused(turtle, X, TypeError, message)

    @pytest.mark.parametrize(
        ("X", "parameters", "message"),
        [
            (A[:1], {"n_clusters": 1}, "n_samples=1"),
            (A, {"spaces": [6, 5]}, "add up to 11, but X has 12"),
            (A, {"spaces": {"a": ["f1"]}}, "column names, but X has none"),
            (named(A[:, :2], ["p", "q"]), {"spaces": {"a": ["r"]}}, r"not have: \['r'\]"),
            (A, {"spaces": "prefix"}, "needs a DataFrame"),
            (named(A[:, :2], ["p", "q"]), {"spaces": "prefix"}, "'p' has no '__'"),
            (A, {"spaces": "suffix"}, "'spaces' parameter"),
            ([A, B], {"spaces": [12, 8]}, "X is a collection of 2 matrices"),
            (A, {"device": "gpu"}, "device='gpu' cannot be used here"),
            (A, {"device": "meta"}, "holds no data"),
            (A, {"n_clusters": 0}, "'n_clusters' parameter"),
            (A, {"gamma": -1.0}, "'gamma' parameter"),
            (A, {"inner_start": "hot"}, "'inner_start' parameter"),
            (A * np.float64(1e200), {"scaling": None}, "too large for products"),
            (
                A * np.float64(1e200),
                {"scaling": None, "n_components": None},
                "too large for products",
            ),
            (
                A * np.float64(1e200),
                {"scaling": None, "n_components": None, "n_neighbors": 0},
                "diverged",
            ),
        ],
    )
    def test_parameters(self, turtle, X, parameters, message):
        assert_refused(turtle.set_params(**parameters), X, ValueError, message)


def assert_refused(turtle, X, error, message):
    """``fit`` raises, and leaves the parameters and the last fit as they are."""
    before = dict(vars(turtle))
    with pytest.raises(error, match=message):
        turtle.fit(X)
    after = vars(turtle)
    assert after.keys() == before.keys()
    assert all(after[name] is before[name] for name in before)
    np.testing.assert_array_equal(turtle.predict(SPACES), turtle.labels_)


def test_an_interrupted_fit_keeps_the_last_one(turtle, after_steps):
    before = dict(vars(turtle))

    def interrupt():
        raise KeyboardInterrupt

    after_steps(3, interrupt)
    with pytest.raises(KeyboardInterrupt):
        turtle.fit(A)
    assert dict(vars(turtle)) == before


class TestFitInput:
    def test_estimator_is_not_changed(self):
        turtle = small_turtle(spaces=[12, 8])
        before = dict(vars(turtle))
        spaces, schema = read_fit_input(turtle, np.hstack([A, B]))
        assert vars(turtle) == before
        assert spaces.names == schema.space_names == ["space0", "space1"]
        assert schema.n_features == 20
        assert schema.feature_names is None

    def test_collections(self):
        spaces, schema = read_fit_input(small_turtle(), {"clip": A, "dino": B})
        assert spaces.names == schema.space_names == ["clip", "dino"]
        assert [schema.width(k) for k in range(2)] == [12, 8]

    def test_names_of_features(self):
        frames = {"a": named(A[:, :2], ["p", "q"]), "b": named(B[:, :1], ["p"])}
        assert list(read_fit_input(small_turtle(), frames)[1].feature_names) == [
            *("a__p", "a__q"),
            "b__p",
        ]
        _, schema = read_fit_input(small_turtle(), frames["a"])
        assert list(schema.feature_names) == ["p", "q"]

    def test_names_need_names_in_all_spaces(self):
        X = [named(A[:, :2], ["p", "q"]), B]
        assert read_fit_input(small_turtle(), X)[1].feature_names is None

    def test_names_of_the_last_fit_are_forgotten(self):
        turtle = small_turtle(**QUICK).fit(named(A[:, :2], ["p", "q"]))
        assert read_fit_input(turtle, A)[1].feature_names is None


class TestPredictInput:
    @pytest.mark.parametrize(
        ("X", "message"),
        [
            ([A], "X has 1 space.s., but fit saw 2"),
            ([A, B, B], "X has 3 space.s., but fit saw 2.*np.concatenate"),
            ([B, A], "'clip' has 8 features, but TurtleClustering is expecting 12"),
            ({"clip": A}, r"fit saw the spaces \['clip', 'dino'\], but X has \['clip'\]"),
            ({"clip": A, "dimo": B}, "but X has"),
            (A, "X has 12 features, but TurtleClustering is expecting 20.*list or dict of one"),
            ([A, B[:5]], "240 samples"),
            ([A, with_value(B, np.nan)], "NaN: space 'dino', first in row 3"),
            (with_value(np.hstack([A, B]), np.inf), "infinity: space 'clip', first in row 3"),
            (torch.zeros(4, 7), "X has 7 features"),
        ],
    )
    @pytest.mark.parametrize("method", ["predict", "predict_proba", "score"])
    def test_other_spaces_are_refused(self, shared_turtle, X, message, method):
        with pytest.raises(ValueError, match=message):
            getattr(shared_turtle, method)(X)

    @pytest.mark.parametrize(
        "X", [{"dino": B, "clip": A}, [A, B], np.hstack([A, B])], ids=["dict", "list", "matrix"]
    )
    def test_the_same_spaces_in_any_form(self, shared_turtle, X):
        spaces = read_predict_input(shared_turtle, X)
        assert spaces.names == ["clip", "dino"]
        for matrix, expected in zip(spaces.matrices, SPACES, strict=True):
            np.testing.assert_array_equal(matrix, expected)

    def test_columns_in_another_order_are_refused(self):
        frames = [named(x, [f"f{j}" for j in range(x.shape[1])]) for x in SPACES]
        turtle = small_turtle(**QUICK).fit(frames)
        assert turtle.feature_names_in_[0] == "space0__f0"
        with pytest.raises(ValueError, match="feature names should match"):
            turtle.predict([frames[0][frames[0].columns[::-1]], frames[1]])
        turtle.fit(SPACES)
        assert not hasattr(turtle, "feature_names_in_")

    @pytest.mark.parametrize("method", ["predict", "predict_proba", "score"])
    def test_prediction_needs_a_fit(self, method):
        with pytest.raises(NotFittedError):
            getattr(small_turtle(), method)(SPACES)


class TestClasses:
    def test_classes_are_flattened(self):
        assert read_classes(small_turtle(), ["b", "a"]).tolist() == ["b", "a"]

    @pytest.mark.parametrize(
        ("y", "message"),
        [
            (None, "TurtleClustering requires y"),
            (["a", None], r"y\[1\] is missing \(None\)"),
            ([0.0, np.nan], r"y\[1\] is missing \(nan\): leave it out"),
            ([0.5, 1.5], "[Uu]nknown label type"),
            ([[0, 1], [1, 0]], "1d array"),
        ],
    )
    def test_bad_classes(self, y, message):
        with pytest.raises(ValueError, match=message):
            read_classes(small_turtle(), y)
