"""What is wrong with an input is said before any work is done, and nothing is lost."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
import torch
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score

from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()
A, B = SPACES


def with_value(x, value):
    x = x.copy()
    x[3, 1] = value
    return x


@pytest.mark.parametrize(
    ("X", "parameters", "error", "message"),
    [
        ([A, B[:-1]], {}, ValueError, "'space0' has 240 samples, space 'space1' has 239"),
        ({"clip": A, "dino": B[:9]}, {}, ValueError, "'clip' has 240 samples, space 'dino' has 9"),
        ([A, with_value(B, np.nan)], {}, ValueError, "NaN: space 'space1', first in row 3"),
        ({"x": with_value(A, np.inf)}, {}, ValueError, "infinity: space 'x', first in row 3"),
        (
            [A.astype(np.float16), with_value(B, -np.inf)],
            {},
            ValueError,
            "infinity: space 'space1'",
        ),
        ([A, np.full((240, 3), 0.1)], {}, ValueError, "'space1' is constant"),
        ([A, A[:, :0]], {}, ValueError, r"0 feature\(s\)"),
        ([A[:0], B[:0]], {}, ValueError, r"0 sample\(s\)"),
        ([torch.zeros(0, 3)], {}, ValueError, r"0 sample\(s\)"),
        ([torch.zeros(5, 0)], {}, ValueError, r"0 feature\(s\)"),
        ([A[:3], B[:3]], {}, ValueError, "n_samples=3 should be >= n_clusters=4"),
        (A[:1], {"n_clusters": 1}, ValueError, "n_samples=1"),
        (A[:, 0], {}, ValueError, "Expected 2D array, got 1D array"),
        ([A, B[:, 0]], {}, ValueError, "Expected 2D array, got 1D array"),
        (torch.zeros(5), {}, ValueError, "Expected 2D array, got 1D tensor"),
        (torch.zeros(2, 3, 4), {}, ValueError, "Expected 2D array, got 3D tensor"),
        (np.zeros((2, 3, 4)), {}, ValueError, "dim 3"),
        ([], {}, ValueError, "Expected 2D array"),
        ({}, {}, ValueError, "holds no space"),
        (np.array([["a", "b"]] * 9), {}, ValueError, "could not convert|not compatible|array"),
        ("features.npy", {}, ValueError, "Expected 2D array"),
        (A.astype(complex), {}, ValueError, "Complex data not supported"),
        (torch.zeros(9, 2, dtype=torch.complex64), {}, ValueError, "Complex data not supported"),
        (scipy.sparse.csr_matrix(A), {}, TypeError, "sparse matrix.*TruncatedSVD"),
        ([A, scipy.sparse.csr_array(B)], {}, TypeError, "'space1' is a sparse matrix.*toarray"),
        (torch.from_numpy(A).to_sparse(), {}, TypeError, "sparse tensor.*to_dense"),
        (A, {"spaces": [6, 5]}, ValueError, r"add up to 11, but X has 12"),
        (A, {"spaces": [12, 0]}, ValueError, "at least 1"),
        (A, {"spaces": []}, ValueError, "names no space"),
        (A, {"spaces": {"a": [0, 12]}}, ValueError, "'a' in spaces asks for column 12"),
        (A, {"spaces": {"a": []}}, ValueError, "'a' in spaces selects no column"),
        (A, {"spaces": [slice(20, 30)]}, ValueError, "selects no column"),
        (A, {"spaces": [slice("a", "b")]}, ValueError, "integer bounds"),
        (A, {"spaces": [[0.5, 1.5]]}, ValueError, "positions or column names"),
        (A, {"spaces": {"a": ["f1"]}}, ValueError, "column names, but X has none"),
        (
            pd.DataFrame({"p": [0.0], "q": [1.0]}),
            {"spaces": {"a": ["r"]}},
            ValueError,
            r"not have: \['r'\]",
        ),
        (A, {"spaces": "prefix"}, ValueError, "needs a DataFrame"),
        (
            pd.DataFrame({"p": [0.0], "q": [1.0]}),
            {"spaces": "prefix"},
            ValueError,
            "'p' has no '__'",
        ),
        (A, {"spaces": "suffix"}, ValueError, "'spaces' parameter"),
        ([A, B], {"spaces": [12, 8]}, ValueError, "X is a collection of 2 matrices"),
        (A, {"device": "gpu"}, ValueError, "device='gpu' cannot be used here"),
        (A, {"device": "cuda:99"}, ValueError, "device='cuda:99' cannot be used here"),
        (A, {"device": "meta"}, ValueError, "holds no data"),
        (A, {"n_clusters": 0}, ValueError, "'n_clusters' parameter"),
        (A, {"gamma": -1.0}, ValueError, "'gamma' parameter"),
        (A, {"inner_start": "hot"}, ValueError, "'inner_start' parameter"),
        (np.full((9, 2), 1.7e308), {}, ValueError, "too large"),
        (A * np.float64(1e200), {"scaling": None}, ValueError, "too large for products"),
        (
            A * np.float64(1e200),
            {"scaling": None, "n_components": None},
            ValueError,
            "diverged",
        ),
    ],
)
def test_bad_input_is_refused_and_the_last_fit_is_kept(X, parameters, error, message):
    turtle = small_turtle().fit(SPACES)
    before = dict(vars(turtle))
    turtle.set_params(**parameters)
    with pytest.raises(error, match=message):
        turtle.fit(X)
    after = dict(vars(turtle))
    changed = {name for name in after if after[name] is not before.get(name)}
    assert changed <= set(parameters)
    assert set(after) == set(before)
    np.testing.assert_array_equal(turtle.predict(SPACES), turtle.labels_)


def test_an_interrupted_fit_keeps_the_last_one(monkeypatch):
    turtle = small_turtle().fit(SPACES)
    before = dict(vars(turtle))

    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("sklearn_turtle._solver.step._outer_step._outer_step", interrupt)
    with pytest.raises(KeyboardInterrupt):
        turtle.fit(A)
    assert dict(vars(turtle)) == before


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([A], "X has 1 space.s., but fit saw 2"),
        ([A, B, B], "X has 3 space.s., but fit saw 2"),
        ([B, A], "'clip' has 8 features, but TurtleClustering is expecting 12"),
        ({"clip": A}, r"fit saw the spaces \['clip', 'dino'\], but X has \['clip'\]"),
        ({"clip": A, "dimo": B}, "but X has"),
        (A, "X has 12 features, but TurtleClustering is expecting 20"),
        ([A, B[:5]], "240 samples"),
        ([A, with_value(B, np.nan)], "NaN: space 'dino', first in row 3"),
        (with_value(np.hstack([A, B]), np.inf), "infinity: space 'clip', first in row 3"),
        (torch.zeros(4, 7), "X has 7 features"),
    ],
)
@pytest.mark.parametrize("method", ["predict", "predict_proba", "score"])
def test_other_spaces_than_fit_saw_are_refused(X, message, method):
    turtle = small_turtle().fit({"clip": A, "dino": B})
    with pytest.raises(ValueError, match=message):
        getattr(turtle, method)(X)


def test_the_order_of_a_dict_does_not_matter():
    turtle = small_turtle().fit({"clip": A, "dino": B})
    np.testing.assert_array_equal(turtle.predict({"dino": B, "clip": A}), turtle.labels_)


def test_columns_in_another_order_are_refused():
    frames = [pd.DataFrame(x, columns=[f"f{j}" for j in range(x.shape[1])]) for x in SPACES]
    turtle = small_turtle().fit(frames)
    assert turtle.feature_names_in_[0] == "space0__f0"
    with pytest.raises(ValueError, match="feature names should match"):
        turtle.predict([frames[0][frames[0].columns[::-1]], frames[1]])
    turtle.fit(SPACES)
    assert not hasattr(turtle, "feature_names_in_")


def test_predicting_needs_a_fit():
    for method in ("predict", "predict_proba", "score"):
        with pytest.raises(NotFittedError):
            getattr(small_turtle(), method)(SPACES)


@pytest.mark.parametrize("as_type", [list, tuple])
def test_a_list_of_spaces_is_refused_inside_cross_validation(as_type):
    equal = as_type([A[:, :8], B])  # of equal widths: nothing else would show it
    with pytest.raises(ValueError, match="split by spaces instead"):
        cross_val_score(small_turtle(), equal, cv=2, error_score="raise")
    with pytest.raises(ValueError, match="split by spaces instead"):
        GridSearchCV(small_turtle(), {"gamma": [1, 10]}, cv=2, error_score="raise").fit(equal)


def test_complex_objects_in_a_table():
    table = pl.DataFrame({"a": pl.Series([np.complex64(1), np.complex64(2)], dtype=pl.Object)})
    with pytest.raises(ValueError, match=r"^Complex data not supported: X holds complex"):
        small_turtle(n_clusters=2).fit(table)
