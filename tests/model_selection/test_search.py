"""Grid search with candidates side by side."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.metrics import adjusted_rand_score, make_scorer
from sklearn.model_selection import GridSearchCV, KFold

from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle.model_selection import TurtleSearch, stability_score
from tests.support.two_spaces import WIDTHS, small_turtle, two_spaces

SPACES, Y = two_spaces()
X, _ = stack_spaces(SPACES)
GRID = {"gamma": [2.0, 10.0], "outer_lr": [0.003, 0.01], "inner_lr": ["auto", 0.02]}


def turtle(**parameters):
    return small_turtle(spaces=WIDTHS, polish_iter=5, max_iter=20, **parameters)


@pytest.mark.parametrize("inner", [{}, {"inner_steps": 2, "inner_start": "cold"}])
@pytest.mark.parametrize("group_values", [1 << 22, 20_000, 1])
def test_candidates_are_as_if_fitted_alone(group_values, inner, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.strategy._groups.GROUP_VALUES", group_values)
    fitted = []

    def scorer(estimator, X, y):
        fitted.append(estimator)
        return 0.0

    # products of other widths round differently, and bfloat16 amplifies that in a few steps
    inner = {**inner, "precision": "float32"}
    search = TurtleSearch(turtle(**inner), GRID, scoring=scorer).fit(X)
    assert len(fitted) == 8
    for params, candidate in zip(search.cv_results_["params"], fitted, strict=True):
        alone = turtle(**inner, **params).fit(X)
        assert candidate.get_params() == alone.get_params()
        # what follows the search depends on its labels, and rounding may change a few of them
        of_search = slice(20)
        np.testing.assert_allclose(
            candidate.loss_curve_[of_search], alone.loss_curve_[of_search], rtol=1e-2
        )
        assert adjusted_rand_score(candidate.labels_, alone.labels_) > 0.98


def test_candidates_that_cannot_share_a_fit():
    grid = [{"n_clusters": [3, 4], "gamma": [10.0]}, {"random_state": [1], "n_init": [1, 2]}]
    search = TurtleSearch(turtle(), grid).fit(X)
    assert len(search.cv_results_["params"]) == 4
    assert search.cv_results_["param_n_clusters"].mask.tolist() == [False, False, True, True]
    best = search.best_estimator_
    assert search.best_score_ == pytest.approx(best.score(X))
    assert search.best_score_ == search.cv_results_["mean_test_score"].max()
    assert np.array_equal(search.predict(X), best.labels_)
    assert search.predict_proba(X).shape == (240, best.n_clusters)
    assert search.score(X) == pytest.approx(search.best_score_)


@pytest.mark.parametrize("cv", [2, KFold(3, shuffle=True, random_state=0)])
def test_with_splits_it_agrees_with_grid_search(cv):
    grid = {"gamma": [1.0, 10.0], "n_clusters": [3, 4]}
    ari = make_scorer(adjusted_rand_score)
    ours = TurtleSearch(turtle(), grid, scoring=ari, cv=cv).fit(X, Y)
    theirs = GridSearchCV(turtle(), grid, scoring=ari, cv=cv).fit(X, Y)
    assert ours.cv_results_["params"] == theirs.cv_results_["params"]
    for name in set(theirs.cv_results_) - {"params"}:
        if "time" in name or "param_" in name:
            assert len(ours.cv_results_[name]) == 4
        elif "test_score" in name and "rank" not in name:
            np.testing.assert_allclose(ours.cv_results_[name], theirs.cv_results_[name], atol=0.02)
    assert ours.n_splits_ == theirs.n_splits_
    assert ours.best_params_ == theirs.best_params_
    assert adjusted_rand_score(
        ours.best_estimator_.labels_, theirs.best_estimator_.labels_
    ) == pytest.approx(1, abs=0.02)


def test_spaces_may_be_a_list_unless_rows_are_split():
    search = TurtleSearch(small_turtle(max_iter=20), {"gamma": [3.0, 10.0]}).fit(SPACES)
    assert search.predict(SPACES).shape == (240,)
    assert search.n_features_in_ == sum(WIDTHS)
    with pytest.raises(ValueError, match="stack_spaces"):
        TurtleSearch(small_turtle(), {"gamma": [3.0]}, cv=2).fit(SPACES)


def test_without_refit_there_is_no_best_estimator():
    search = TurtleSearch(turtle(), {"gamma": [3.0, 10.0]}).fit(X)
    assert hasattr(search, "predict")
    search.set_params(refit=False).fit(X)
    assert not hasattr(search, "best_estimator_")
    assert not hasattr(search, "predict")
    assert set(search.best_params_) == {"gamma"}


@pytest.mark.parametrize(
    ("search", "message"),
    [
        (TurtleSearch(turtle(), {"gamma": [-1.0]}), "gamma"),
        (TurtleSearch(turtle(), {"no_parameter": [1]}), "no_parameter"),
        (TurtleSearch(turtle(n_clusters=1000), {"gamma": [1.0]}), "n_clusters=1000"),
        (TurtleSearch(GridSearchCV(turtle(), {}), {"gamma": [1.0]}), "estimator"),
        (TurtleSearch(turtle(), {"gamma": [1.0]}, cv="five"), "cv"),
        (TurtleSearch(turtle(n_clusters="auto"), {"gamma": [1.0]}), "n_clusters='auto' does not"),
    ],
)
def test_errors_name_the_argument_and_leave_nothing_fitted(search, message):
    with pytest.raises(ValueError, match=message):
        search.fit(X)
    assert not [name for name in vars(search) if name.endswith("_")]


def test_a_clone_prints_one_line_per_candidate(capsys):
    search = clone(TurtleSearch(turtle(), {"gamma": [3.0, 10.0]}, verbose=1))
    search.fit(X)
    assert capsys.readouterr().out.count("score") == 2
    assert search.__sklearn_tags__().estimator_type == "clusterer"


def test_digits_by_stability():
    digits, _ = load_digits(return_X_y=True)
    search = TurtleSearch(
        TurtleClustering(random_state=0, n_init=8, polish_iter=0),
        {"n_clusters": [5, 10, 20]},
        scoring=stability_score,
    ).fit(digits)
    assert search.best_params_ == {"n_clusters": 10}
    assert search.best_score_ == pytest.approx(search.best_estimator_.stability_)
