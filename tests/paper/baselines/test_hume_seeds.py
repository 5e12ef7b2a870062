"""The seeds of HUME: the roles of the spaces, scores, and progress."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_score

from sklearn_turtle.paper.baselines._hume_seeds import Roles
from tests.support.small_hume import noisy_directions, quick_hume

SPACES, _ = noisy_directions()


@pytest.mark.parametrize(
    ("labeling_space", "names", "labeling", "classifiers"),
    [
        (0, ["a", "b"], 0, [1]),
        (1, ["a", "b", "c"], 1, [0, 2]),
        ("c", ["a", "b", "c"], 2, [0, 1]),
        (0, ["a"], 0, [0]),
    ],
)
def test_roles(labeling_space, names, labeling, classifiers):
    assert Roles.of(labeling_space, names) == Roles(labeling, classifiers)


@pytest.mark.parametrize("labeling_space", [2, "clip"])
def test_unknown_labeling_space(labeling_space):
    with pytest.raises(ValueError, match=r"labeling_space=.* not one of the 2 space"):
        quick_hume(labeling_space=labeling_space).fit(SPACES)


def test_cv_scores_are_those_of_unpenalized_regression():
    hume = quick_hume(max_iter=3, n_seeds=2, cv=5).fit(SPACES)
    folds = KFold(5, shuffle=True, random_state=0)
    for matrix, score in zip(hume.coef_, hume.cv_scores_, strict=True):
        labels = (SPACES[0] @ matrix.T).argmax(1)
        regression = LogisticRegression(C=np.inf, max_iter=1000)
        expected = cross_val_score(regression, SPACES[1], labels, cv=folds).mean()
        assert score == pytest.approx(expected, abs=0.03)


def test_progress(capsys):
    quick_hume(max_iter=15, n_seeds=2, verbose=1).fit(SPACES)
    lines = capsys.readouterr().out.splitlines()
    assert 10 <= sum("step" in line for line in lines) <= 12
    assert any("step 30/30, loss " in line for line in lines)
    assert "seed 2/2, cv score" in lines[-1]


def test_progress_of_each_step(capsys):
    quick_hume(max_iter=5, n_seeds=2, verbose=2).fit(SPACES)
    assert capsys.readouterr().out.count("step ") == 10


def test_silent_by_default(capsys):
    quick_hume(max_iter=2, n_seeds=1).fit(SPACES)
    assert capsys.readouterr().out == ""
