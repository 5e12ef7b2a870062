"""Labelings of halves of the rows."""

import numpy as np
import torch

from sklearn_turtle._estimator._problem import read_problem
from sklearn_turtle._estimator.n_clusters import _halves
from sklearn_turtle._estimator.n_clusters._halves import ProjectedProblem
from tests.support.choices import quick_turtle, separated_blobs, separated_clusters


def test_labelings_see_halves_of_the_rows(monkeypatch):
    seen = []
    search_labeling = _halves.search_labeling

    def recording(spaces, rows, strategy, draws):
        seen.append(rows)
        return search_labeling(spaces, rows, strategy, draws)

    monkeypatch.setattr(_halves, "search_labeling", recording)
    turtle = quick_turtle(n_init=2, max_iter=1, polish_iter=0)
    problem = ProjectedProblem(read_problem(turtle, separated_blobs(4, 61)), None, seed=0)
    for n_clusters, splits in ((4, range(3)), (9, range(1, 3))):
        problem.in_halves(turtle.set_params(n_clusters=n_clusters), splits)
    halves = list(zip(seen[::2], seen[1::2], strict=True))
    for first, second in halves:
        np.testing.assert_array_equal(torch.cat([first, second]).sort().values, np.arange(61))
        assert abs(len(first) - len(second)) == 1
        assert (first.diff() > 0).all()
    # each split is another one, and the same for all numbers of clusters
    assert len({tuple(first.tolist()) for first, _ in halves[:3]}) == 3
    for of_one, of_other in zip(halves[1:3], halves[3:], strict=True):
        assert torch.equal(of_one[0], of_other[0])


def test_labelings_that_find_all_clusters():
    y = np.repeat([0, 1, 2], [60, 30, 30])
    X = separated_clusters(y, np.random.default_rng(0))
    turtle = quick_turtle(n_clusters=3, n_init=8, max_iter=50)
    problem = ProjectedProblem(read_problem(turtle, X), 4, seed=0)
    measured = problem.in_halves(turtle, range(2))
    assert measured.agreement.shape == (2,)
    assert measured.agreement.min() > 0.9
    # the entropy of shares of a half and two quarters
    np.testing.assert_allclose(measured.entropy, np.full((2, 2), 1.5 * np.log(2)), atol=0.05)
    assert measured.accuracy.shape == (2, 2)
    assert measured.accuracy.min() > 0.9
