"""HUME as a scikit-learn clustering."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_turtle import stack_spaces
from sklearn_turtle.datasets._digits import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.paper.baselines import HUME


def embeddings(n_samples=240):
    """Two spaces over the same samples, of noise around four random directions."""
    rng = np.random.default_rng(0)
    y = np.arange(n_samples) % 4
    spaces = [
        (rng.normal(size=(4, width))[y] + rng.normal(size=(n_samples, width))).astype(np.float32)
        for width in (32, 24)
    ]
    return spaces, y


def quick_hume(n_clusters=4, **parameters):
    """A HUME that fits small data in a fraction of a second."""
    defaults = {
        "n_seeds": 3,
        "max_iter": 15,
        "n_subsets": 1,
        "inner_steps": 10,
        "inner_lr": 0.1,
        "outer_lr": 0.05,
        "annealing_steps": (10, 13),
        "cv": 2,
        "random_state": 0,
        "device": "cpu",
    }
    return HUME(n_clusters, **{**defaults, **parameters})


# data without clusters, and short runs, leave clusters empty
@pytest.mark.filterwarnings("ignore:.*clusters are empty:sklearn.exceptions.ConvergenceWarning")
@parametrize_with_checks(
    [
        quick_hume(3, n_seeds=2),
        quick_hume(2, n_seeds=1, inner_start="fixed", annealing_steps=()),
    ]
)
def test_scikit_learns_checks(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def fitted():
    spaces, y = embeddings()
    return spaces, y, quick_hume().fit(spaces)


def test_finds_the_clusters(fitted):
    _, y, hume = fitted
    assert clustering_accuracy(y, hume.labels_) > 0.9


def test_digits():
    spaces, y = load_digit_spaces()
    few = {name: X[:, ::5] for name, X in spaces.items()}
    settings = {"max_iter": 60, "subset_size": 600, "annealing_steps": ()}
    hume = quick_hume(10, inner_lr=5.0, outer_lr=0.02, **settings).fit(few)
    assert clustering_accuracy(y, hume.labels_) > 0.5


def test_maps_are_orthogonal(fitted):
    _, _, hume = fitted
    assert hume.coef_.shape == (3, 4, 32)
    for matrix in hume.coef_:
        np.testing.assert_allclose(matrix @ matrix.T, np.eye(4), atol=1e-5)


def test_labels_are_the_vote_of_the_matched_maps(fitted):
    spaces, _, hume = fitted
    votes = np.stack([(spaces[0] @ matrix.T).argmax(1) for matrix in hume.coef_])
    counts = np.stack([(votes == cluster).sum(0) for cluster in range(4)], axis=1)
    assert np.array_equal(hume.labels_, counts.argmax(1))
    assert np.array_equal(hume.predict(spaces), hume.labels_)
    np.testing.assert_allclose(hume.predict_proba(spaces), counts / 3, rtol=1e-6)
    assert (np.diff(np.bincount(hume.labels_)) <= 0).all()


def test_seeds_are_matched_to_the_best(fitted):
    spaces, _, hume = fitted
    votes = np.stack([(spaces[0] @ matrix.T).argmax(1) for matrix in hume.coef_])
    assert hume.best_seed_ == hume.cv_scores_.argmax()
    for labels in votes:
        # as they are, the clusters agree with the best seed as well as under the best matching
        best = votes[hume.best_seed_]
        assert np.mean(labels == best) == pytest.approx(clustering_accuracy(best, labels))


def test_cv_scores_are_those_of_unpenalized_regression(fitted):
    spaces, _, _ = fitted
    hume = quick_hume(max_iter=3, cv=10).fit(spaces)
    folds = KFold(10, shuffle=True, random_state=0)
    for matrix, score in zip(hume.coef_, hume.cv_scores_, strict=True):
        labels = (spaces[0] @ matrix.T).argmax(1)
        regression = LogisticRegression(C=np.inf, max_iter=1000)
        expected = cross_val_score(regression, spaces[1], labels, cv=folds).mean()
        assert score == pytest.approx(expected, abs=0.03)


def test_stacked_and_named_spaces(fitted):
    spaces, _, hume = fitted
    X, widths = stack_spaces(spaces)
    stacked = quick_hume(spaces=widths).fit(X)
    assert np.array_equal(stacked.labels_, hume.labels_)
    assert np.array_equal(stacked.predict(spaces), hume.labels_)
    swapped = {"judge": spaces[1], "labeling": spaces[0]}
    named = quick_hume(labeling_space="labeling").fit(swapped)
    assert np.array_equal(named.labels_, hume.labels_)
    assert np.array_equal(named.predict(swapped), hume.labels_)
    assert named.space_names_ == ["judge", "labeling"]
    assert named.labeling_space_ == "labeling"


def test_any_number_of_spaces():
    spaces, y = embeddings()
    assert clustering_accuracy(y, quick_hume().fit(spaces[0]).labels_) > 0.7
    three = [*spaces, spaces[0][:, :5]]
    assert clustering_accuracy(y, quick_hume(labeling_space=1).fit(three).labels_) > 0.7


@pytest.mark.parametrize("labeling_space", [2, "clip"])
def test_unknown_labeling_space(labeling_space):
    spaces, _ = embeddings()
    with pytest.raises(ValueError, match=r"labeling_space=.* none of the 2 space"):
        quick_hume(labeling_space=labeling_space).fit(spaces)


def test_the_random_state_determines_the_fit(fitted):
    spaces, _, hume = fitted
    again = clone(hume).fit(spaces)
    assert np.array_equal(again.coef_, hume.coef_)
    other = clone(hume).set_params(random_state=1).fit(spaces)
    assert not np.array_equal(other.coef_, hume.coef_)
    assert not np.array_equal(hume.coef_[0], hume.coef_[1])


def test_global_state_is_left_alone(fitted):
    import torch

    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    quick_hume(max_iter=2, random_state=3).fit(fitted[0])
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.array_equal(np.random.get_state()[1], before[1])  # noqa: NPY002


def test_a_failed_fit_leaves_the_estimator_as_it_was(fitted):
    spaces, _, hume = fitted
    hume = clone(hume).fit(spaces)
    coef = hume.coef_
    bad = [spaces[0].copy(), spaces[1]]
    bad[0][7, 3] = np.nan
    with pytest.raises(ValueError, match=r"'space0', first in row 7"):
        hume.fit(bad)
    assert hume.coef_ is coef
    with pytest.raises(ValueError, match=r"'space0', first in row 7"):
        hume.predict(bad)


def test_a_constant_space_is_refused():
    spaces, _ = embeddings()
    with pytest.raises(ValueError, match="'space1' is constant"):
        quick_hume().fit([spaces[0], np.ones((len(spaces[0]), 3))])


def test_rows_of_zeros_and_more_clusters_than_features():
    spaces, _ = embeddings()
    X = spaces[0][:, :3].copy()
    X[:5] = 0
    with pytest.warns(ConvergenceWarning, match="clusters are empty"):
        hume = quick_hume(40, max_iter=3).fit([X, spaces[1]])
    assert hume.coef_.shape == (3, 40, 3)
    assert np.isfinite(hume.loss_curves_).all()
    for matrix in hume.coef_:
        np.testing.assert_allclose(matrix.T @ matrix, np.eye(3), atol=1e-5)
    assert np.array_equal(hume.predict([X, spaces[1]]), hume.labels_)


def test_one_cluster():
    spaces, _ = embeddings()
    hume = quick_hume(1, max_iter=2).fit(spaces)
    assert (hume.labels_ == 0).all()
    assert (hume.predict_proba(spaces) == 1).all()


def test_verbose(capsys):
    spaces, _ = embeddings()
    quick_hume(max_iter=5, n_seeds=2, verbose=1).fit(spaces)
    out = capsys.readouterr().out
    assert "step 10/10" in out
    assert "seed 2/2, cv score" in out
