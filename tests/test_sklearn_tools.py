"""TurtleClustering inside scikit-learn's tools, on stacked input."""

import numpy as np
import pandas as pd
import pytest
import sklearn
import torch
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
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
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, Y = two_spaces()
X, WIDTHS = stack_spaces(SPACES)
ARI = make_scorer(adjusted_rand_score)


def turtle(**parameters):
    return small_turtle(spaces=WIDTHS, **parameters)


def test_kfold_and_train_test_split():
    for train, test in KFold(2).split(X):
        assert adjusted_rand_score(Y[test], turtle().fit(X[train]).predict(X[test])) > 0.8
    X_train, X_test, _, y_test = train_test_split(X, Y, random_state=0)
    assert adjusted_rand_score(y_test, turtle().fit(X_train).predict(X_test)) > 0.8
    assert turtle().fit(shuffle(X, random_state=0)).score(X) > 0.8


def test_cross_validation():
    assert cross_val_score(turtle(), X, Y, cv=3, scoring=ARI).min() > 0.5
    scores = cross_validate(turtle(), X, cv=2)["test_score"]
    assert ((scores > 0.5) & (scores <= 1)).all()
    assert cross_val_predict(turtle(), X, cv=2).shape == (240,)
    sizes, _, test_scores = learning_curve(
        turtle(), X, Y, cv=2, train_sizes=[0.5, 1.0], scoring=ARI
    )
    assert list(sizes) == [60, 120]
    assert test_scores.shape == (2, 2)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_grid_search_without_labels(n_jobs):
    grid = {"gamma": [5.0, 10.0], "n_init": [8]}
    search = GridSearchCV(turtle(), grid, cv=2, n_jobs=n_jobs).fit(X)
    assert set(search.best_params_) == {"gamma", "n_init"}
    assert search.predict(X).shape == (240,)
    assert 0 < search.best_score_ <= 1


def test_other_searches_without_labels():
    grid = {"gamma": [5.0, 10.0], "outer_lr": [0.005, 0.01]}
    halving = HalvingGridSearchCV(turtle(), grid, cv=2, random_state=0).fit(X)
    assert halving.predict(X).shape == (240,)
    random = RandomizedSearchCV(turtle(), grid, n_iter=2, cv=2, random_state=0).fit(X)
    assert len(random.cv_results_["params"]) == 2
    assert 0 < random.best_score_ <= 1


def test_behind_a_column_transformer():
    frame = pd.DataFrame(X, columns=[f"f{j}" for j in range(20)])
    columns = list(frame.columns)
    encode = ColumnTransformer(
        [("clip", StandardScaler(), columns[:12]), ("dino", StandardScaler(), columns[12:])]
    ).set_output(transform="pandas")
    pipeline = Pipeline([("encode", encode), ("turtle", small_turtle(spaces="prefix"))])
    assert adjusted_rand_score(Y, pipeline.fit_predict(frame)) > 0.9
    assert pipeline["turtle"].space_names_ == ["clip", "dino"]
    np.testing.assert_array_equal(pipeline.predict(frame), pipeline["turtle"].labels_)


def test_behind_a_feature_union():
    union = FeatureUnion(
        [("clip", StandardScaler()), ("dino", FunctionTransformer(feature_names_out="one-to-one"))]
    ).set_output(transform="pandas")
    pipeline = make_pipeline(union, small_turtle(spaces="prefix"))
    pipeline.fit(pd.DataFrame(SPACES[0], columns=[f"f{j}" for j in range(12)]))
    assert [coef.shape for coef in pipeline[-1].coef_] == [(4, 12), (4, 12)]


def test_steps_of_a_pipeline_may_make_spaces_themselves():
    split = FunctionTransformer(lambda X: [X[:, :12], X[:, 12:]])
    scores = cross_val_score(make_pipeline(split, small_turtle()), X, Y, cv=2, scoring=ARI)
    assert scores.min() > 0.5


def test_memory_mapped_by_joblib():
    big = np.tile(X, (300, 1))  # above joblib's threshold of 1 MB
    scores = cross_validate(
        turtle(max_iter=3, n_init=1),
        big,
        cv=2,
        n_jobs=2,
        scoring=ARI,
        error_score="raise",
        y=np.tile(Y, 300),
    )
    assert np.isfinite(scores["test_score"]).all()


def test_array_api_dispatch():
    expected = turtle().fit(X).labels_
    with sklearn.config_context(array_api_dispatch=True):
        for data in (X, torch.from_numpy(X)):
            fitted = turtle().fit(data)
            np.testing.assert_array_equal(fitted.labels_, expected)
            np.testing.assert_array_equal(fitted.predict(data), expected)
        assert cross_val_score(turtle(), X, cv=2).shape == (2,)


def test_transform_output_leaves_labels_alone():
    with sklearn.config_context(transform_output="pandas"):
        fitted = turtle().fit(X)
        assert type(fitted.labels_) is np.ndarray
        assert type(fitted.predict(X)) is np.ndarray


def test_metadata_routing_is_untouched():
    with sklearn.config_context(enable_metadata_routing=True):
        requests = turtle().get_metadata_routing()
        assert all(not getattr(requests, method).requests for method in ("fit", "score"))
        assert cross_val_score(turtle(), X, Y, cv=2, scoring=ARI).shape == (2,)


def test_clone_copies_parameters_only():
    fitted = turtle(gamma=3.0).fit(X)
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert not [name for name in vars(copy) if name.endswith("_")]
