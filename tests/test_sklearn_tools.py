"""TurtleClustering inside scikit-learn's tools, on stacked spaces."""

import warnings

import numpy as np
import pandas as pd
import pytest
import sklearn
import torch
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.metrics import adjusted_rand_score, make_scorer
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    KFold,
    RandomizedSearchCV,
    cross_val_predict,
    cross_val_score,
    cross_validate,
    learning_curve,
    train_test_split,
)
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils import shuffle

from sklearn_turtle import stack_spaces
from tests.support.two_spaces import WIDTHS, clear_spaces, small_turtle

SPACES, Y = clear_spaces()
X, _ = stack_spaces(SPACES)
ARI = make_scorer(adjusted_rand_score)
FEW_STEPS = {"max_iter": 40, "polish_iter": 10}


def turtle(**parameters):
    return small_turtle(spaces=WIDTHS, **FEW_STEPS | parameters)


@pytest.fixture(scope="module")
def fitted():
    return turtle().fit(X)


def test_splits_of_the_rows():
    for train, test in KFold(2).split(X):
        assert adjusted_rand_score(Y[test], turtle().fit(X[train]).predict(X[test])) > 0.9
    X_train, X_test, _, y_test = train_test_split(X, Y, random_state=0)
    assert adjusted_rand_score(y_test, turtle().fit(X_train).predict(X_test)) > 0.9
    assert turtle().fit(shuffle(X, random_state=0)).score(X) > 0.9


def test_cross_validation_with_labels():
    assert cross_val_score(turtle(), X, Y, cv=3, scoring=ARI).min() > 0.9


def test_cross_validation_without_labels():
    scores = cross_validate(turtle(), X, cv=2)["test_score"]
    assert ((scores > 0.5) & (scores <= 1)).all()
    assert cross_val_predict(turtle(), X, cv=2).shape == (240,)


def test_learning_curve():
    sizes, _, scores = learning_curve(turtle(), X, Y, cv=2, train_sizes=[0.5, 1.0], scoring=ARI)
    assert list(sizes) == [60, 120]
    assert scores.min() > 0.9


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_grid_search(n_jobs):
    grid = {"gamma": [5.0, 10.0], "n_init": [8]}
    search = GridSearchCV(turtle(), grid, cv=2, n_jobs=n_jobs).fit(X)
    assert set(search.best_params_) == {"gamma", "n_init"}
    assert search.predict(X).shape == (240,)
    assert 0.5 < search.best_score_ <= 1


def test_halving_search():
    grid = {"gamma": [5.0, 10.0]}
    search = HalvingGridSearchCV(turtle(), grid, factor=2, cv=2, random_state=0).fit(X)
    assert search.predict(X).shape == (240,)
    assert 0.5 < search.best_score_ <= 1


def test_randomized_search():
    grid = {"gamma": [5.0, 10.0], "outer_lr": [0.005, 0.01]}
    search = RandomizedSearchCV(turtle(), grid, n_iter=2, cv=2, random_state=0).fit(X)
    assert len(search.cv_results_["params"]) == 2
    assert 0.5 < search.best_score_ <= 1


def test_a_search_scores_fits_with_empty_clusters():
    three_points = np.tile(np.eye(3), (20, 1))  # three distinct rows cannot fill six clusters
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        search = GridSearchCV(
            small_turtle(n_clusters=6, **FEW_STEPS),
            {"gamma": [5.0, 10.0]},
            cv=2,
            error_score="raise",
        ).fit(three_points)
    assert ConvergenceWarning in {warning.category for warning in caught}
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.best_score_ > 0.9


def test_behind_a_column_transformer():
    frame = pd.DataFrame(X, columns=[f"f{j}" for j in range(20)])
    columns = list(frame.columns)
    encode = ColumnTransformer(
        [("clip", StandardScaler(), columns[:12]), ("dino", StandardScaler(), columns[12:])]
    ).set_output(transform="pandas")
    pipeline = Pipeline(
        [("encode", encode), ("turtle", small_turtle(spaces="prefix", **FEW_STEPS))]
    )
    assert adjusted_rand_score(Y, pipeline.fit_predict(frame)) > 0.9
    assert pipeline["turtle"].space_names_ == ["clip", "dino"]
    np.testing.assert_array_equal(pipeline.predict(frame), pipeline["turtle"].labels_)


def test_behind_a_feature_union():
    union = FeatureUnion(
        [("clip", StandardScaler()), ("dino", FunctionTransformer(feature_names_out="one-to-one"))]
    ).set_output(transform="pandas")
    pipeline = make_pipeline(union, small_turtle(spaces="prefix", **FEW_STEPS))
    pipeline.fit(pd.DataFrame(SPACES[0], columns=[f"f{j}" for j in range(12)]))
    assert [coef.shape for coef in pipeline[-1].coef_] == [(4, 12), (4, 12)]


def test_behind_a_step_that_makes_spaces():
    split = FunctionTransformer(lambda X: [X[:, :12], X[:, 12:]])
    pipeline = make_pipeline(split, small_turtle(**FEW_STEPS))
    assert cross_val_score(pipeline, X, Y, cv=2, scoring=ARI).min() > 0.9


def test_arrays_that_joblib_maps_into_memory():
    large = np.tile(X, (300, 1))  # more than joblib's threshold of 1 MB
    scores = cross_validate(
        turtle(),
        large,
        np.tile(Y, 300),
        cv=2,
        n_jobs=2,
        scoring=ARI,
        error_score="raise",
    )
    assert scores["test_score"].min() > 0.9


@pytest.mark.parametrize("convert", [np.asarray, torch.from_numpy])
def test_array_api_dispatch(fitted, convert):
    with sklearn.config_context(array_api_dispatch=True):
        dispatched = turtle().fit(convert(X))
        assert adjusted_rand_score(dispatched.labels_, fitted.labels_) > 0.98
        assert type(dispatched.labels_) is np.ndarray
        np.testing.assert_array_equal(dispatched.predict(convert(X)), dispatched.labels_)


def test_cross_validation_with_array_api_dispatch():
    with sklearn.config_context(array_api_dispatch=True):
        assert cross_val_score(turtle(), X, cv=2).shape == (2,)


def test_set_output_does_not_change_labels():
    with sklearn.config_context(transform_output="pandas"):
        in_pandas = turtle().fit(X)
        assert type(in_pandas.labels_) is np.ndarray
        assert type(in_pandas.predict(X)) is np.ndarray


def test_no_metadata_is_requested():
    with sklearn.config_context(enable_metadata_routing=True):
        requests = turtle().get_metadata_routing()
        assert all(not getattr(requests, method).requests for method in ("fit", "score"))
        assert cross_val_score(turtle(), X, Y, cv=2, scoring=ARI).shape == (2,)
