"""HUME as a scikit-learn clustering."""

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_turtle import stack_spaces
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.paper.baselines import HUME
from tests.support.small_hume import noisy_directions, quick_hume

SPACES, Y = noisy_directions()


# data without clusters, and short runs, lead to empty clusters
@pytest.mark.filterwarnings("ignore:.*clusters are empty:sklearn.exceptions.ConvergenceWarning")
@parametrize_with_checks(
    [
        quick_hume(3, n_seeds=1, max_iter=10, inner_steps=5),
        quick_hume(2, n_seeds=1, max_iter=5, inner_start="fixed", annealing_steps=()),
    ]
)
def test_estimator_checks(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def fitted():
    return quick_hume().fit(SPACES)


def labels_of_seeds(hume):
    return np.stack([(SPACES[0] @ matrix.T).argmax(1) for matrix in hume.coef_])


def test_finds_the_clusters(fitted):
    assert clustering_accuracy(Y, fitted.labels_) > 0.9


def test_digits():
    spaces, y = load_digit_spaces()
    few = {name: X[:900, ::5] for name, X in spaces.items()}
    settings = {"n_seeds": 1, "max_iter": 60, "subset_size": 600, "annealing_steps": ()}
    hume = quick_hume(10, inner_lr=5.0, outer_lr=0.02, **settings).fit(few)
    assert clustering_accuracy(y[:900], hume.labels_) > 0.45


def test_maps_are_orthogonal(fitted):
    assert fitted.coef_.shape == (3, 4, 32)
    for matrix in fitted.coef_:
        np.testing.assert_allclose(matrix @ matrix.T, np.eye(4), atol=1e-5)


def test_labels_are_the_vote_of_the_matched_maps(fitted):
    votes = labels_of_seeds(fitted)
    counts = np.stack([(votes == cluster).sum(0) for cluster in range(4)], axis=1)
    assert np.mean(fitted.labels_ == counts.argmax(1)) > 0.98
    assert np.array_equal(fitted.predict(SPACES), fitted.labels_)
    assert np.isclose(fitted.predict_proba(SPACES), counts / 3, rtol=1e-6).all(1).mean() > 0.98


def test_largest_cluster_comes_first(fitted):
    assert (np.diff(np.bincount(fitted.labels_)) <= 0).all()


def test_seeds_are_matched_to_the_best(fitted):
    votes = labels_of_seeds(fitted)
    assert fitted.best_seed_ == fitted.cv_scores_.argmax()
    best = votes[fitted.best_seed_]
    for labels in votes:
        # the clusters agree with those of the best seed as well as under the best matching
        assert np.mean(labels == best) == pytest.approx(clustering_accuracy(best, labels))


def test_stacked_and_named_spaces(fitted):
    X, widths = stack_spaces(SPACES)
    stacked = quick_hume(spaces=widths).fit(X)
    assert clustering_accuracy(stacked.labels_, fitted.labels_) > 0.98
    assert np.mean(stacked.predict(SPACES) == stacked.labels_) > 0.98
    swapped = {"classifier": SPACES[1], "labeling": SPACES[0]}
    named = quick_hume(labeling_space="labeling").fit(swapped)
    assert clustering_accuracy(named.labels_, fitted.labels_) > 0.98
    assert np.array_equal(named.predict(swapped), named.labels_)
    assert named.space_names_ == ["classifier", "labeling"]
    assert named.labeling_space_ == "labeling"


def test_any_number_of_spaces():
    assert clustering_accuracy(Y, quick_hume().fit(SPACES[0]).labels_) > 0.7
    three = [*SPACES, SPACES[0][:, :5]]
    assert clustering_accuracy(Y, quick_hume(labeling_space=1).fit(three).labels_) > 0.7


def test_random_state_determines_the_fit(fitted):
    again = clone(fitted).fit(SPACES)
    assert np.array_equal(again.coef_, fitted.coef_)
    other = clone(fitted).set_params(random_state=1, n_seeds=1, max_iter=1).fit(SPACES)
    assert not np.array_equal(other.coef_[0], fitted.coef_[0])
    assert not np.array_equal(fitted.coef_[0], fitted.coef_[1])


def test_global_random_states_do_not_change():
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    quick_hume(max_iter=2, random_state=3).fit(SPACES)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.array_equal(np.random.get_state()[1], before[1])  # noqa: NPY002


def test_failed_fit_leaves_the_estimator_unchanged():
    hume = quick_hume(max_iter=2, n_seeds=1).fit(SPACES)
    coef = hume.coef_
    bad = [SPACES[0].copy(), SPACES[1]]
    bad[0][7, 3] = np.nan
    with pytest.raises(ValueError, match=r"'space0', first in row 7"):
        hume.fit(bad)
    assert hume.coef_ is coef
    with pytest.raises(ValueError, match=r"'space0', first in row 7"):
        hume.predict(bad)


def test_constant_space_is_refused():
    with pytest.raises(ValueError, match="'space1' is constant"):
        quick_hume().fit([SPACES[0], np.ones((len(SPACES[0]), 3))])


def test_rows_of_zeros_and_more_clusters_than_features():
    X = SPACES[0][:, :3].copy()
    X[:5] = 0
    with pytest.warns(ConvergenceWarning, match="clusters are empty") as caught:
        hume = quick_hume(40, max_iter=3).fit([X, SPACES[1]])
    assert caught[0].filename == __file__
    assert hume.coef_.shape == (3, 40, 3)
    assert np.isfinite(hume.loss_curves_).all()
    for matrix in hume.coef_:
        np.testing.assert_allclose(matrix.T @ matrix, np.eye(3), atol=1e-5)
    assert np.array_equal(hume.predict([X, SPACES[1]]), hume.labels_)


def test_one_cluster():
    hume = quick_hume(1, max_iter=2).fit(SPACES)
    assert (hume.labels_ == 0).all()
    assert (hume.predict_proba(SPACES) == 1).all()


def test_parameters_of_the_paper_are_the_defaults():
    hume = HUME()
    assert (hume.n_seeds, hume.max_iter, hume.n_subsets, hume.inner_steps) == (100, 1000, 20, 300)
