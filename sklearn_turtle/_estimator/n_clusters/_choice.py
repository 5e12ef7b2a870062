"""Which numbers of clusters to try, and which of them to measure further."""

from numbers import Integral

import numpy as np
from sklearn.base import clone
from sklearn.utils import check_random_state
from sklearn.utils.parallel import Parallel, delayed

from sklearn_turtle._estimator._problem import read_problem
from sklearn_turtle._estimator._rules import n_components
from sklearn_turtle._estimator.n_clusters._curve import measure, point
from sklearn_turtle._estimator.n_clusters._halves import ProjectedProblem
from sklearn_turtle._estimator.n_clusters._null import without_clusters
from sklearn_turtle._estimator.n_clusters._selection import NClustersSelection

# Every labeling is made from this many restarts. More restarts agree more, so that a number that
# depended on the number of clusters would favor few clusters.
N_INIT = 4
# Every number is measured on N_SPLITS splits of the rows into halves. Numbers whose score is above
# LEADING_SHARE of the highest are measured on up to MOST_TIMES_N_SPLITS times as many. Labelings of
# many clusters cost more and vary less, so this factor times the number of clusters is at most
# COLUMNS.
N_SPLITS, MOST_TIMES_N_SPLITS, COLUMNS = 2, 4, 100
LEADING_SHARE = 0.9
# A comparison needs fewer rows per cluster in a mini-batch than a fit, and labelings of few
# restarts need mini-batches that differ more.
FEWEST_BATCH_ROWS, BATCH_ROWS_PER_CLUSTER = 1000, 10
# Without candidates, N_COARSE numbers between FEWEST and MOST are tried, close enough together that
# no peak is missed; then, in each of N_ROUNDS rounds, N_FINE numbers around the best one.
FEWEST, MOST = 2, 300
N_COARSE, N_FINE, N_ROUNDS = 24, 3, 2
# With fewer rows per cluster, labelings see too little to agree on.
ROWS_PER_CLUSTER = 10


def choose_n_clusters(X, estimator, candidates=None, *, n_jobs=None, random_state=None, verbose=0):
    """Choose the number of clusters; see :func:`sklearn_turtle.model_selection.select_n_clusters`.

    Parameters
    ----------
    X : collection of matrices, or matrix
        As passed by the user.
    estimator : TurtleClustering
        Gives all parameters but ``n_clusters`` and ``random_state``.
    candidates, n_jobs, random_state, verbose
        As for ``select_n_clusters``.

    Returns
    -------
    NClustersSelection
    """
    random_state = check_random_state(random_state)
    estimator = clone(estimator).set_params(n_clusters="auto")
    estimator._validate_params()
    problem = read_problem(estimator, X)
    null = read_problem(
        clone(estimator).set_params(spaces=None), without_clusters(problem.spaces, random_state)
    )
    seed = random_state.randint(np.iinfo(np.int32).max)
    # the same axes for all numbers, so that all of them are measured in the same spaces
    components = estimator.n_components
    if components == "auto":
        components = n_components(FEWEST)
    n_samples = problem.spaces.n_samples
    numbers = _Numbers(
        estimator.set_params(spaces=None),
        ProjectedProblem(problem, components, seed),
        ProjectedProblem(null, components, seed),
        n_samples,
        n_jobs,
        verbose,
    )
    if candidates is not None:
        return numbers.try_all(_checked(candidates, null.spaces.n_samples))
    most = min(n_samples, max(FEWEST + 1, min(MOST, n_samples // ROWS_PER_CLUSTER)))
    selection = numbers.try_all(_between(FEWEST, most, N_COARSE))
    for _ in range(N_ROUNDS):
        tried = selection.candidates.tolist()
        best = tried.index(selection.n_clusters)
        around = tried[max(0, best - 1)], tried[min(len(tried) - 1, best + 1)]
        selection = numbers.try_all(_between(*around, N_FINE + 2))
    return selection


def with_n_clusters(estimator, X):
    """The estimator, or a copy with a chosen number of clusters if its ``n_clusters`` is "auto"."""
    if estimator.n_clusters != "auto":
        return estimator
    selection = choose_n_clusters(
        X,
        clone(estimator).set_params(n_init=N_INIT),
        random_state=estimator.random_state,
        verbose=estimator.verbose,
    )
    return clone(estimator).set_params(n_clusters=selection.n_clusters)


class _Numbers:
    """The numbers of clusters that have been measured.

    Parameters
    ----------
    estimator : TurtleClustering
        Gives all parameters but the number of clusters.
    data, null : ProjectedProblem
        The data, and data without clusters.
    n_samples : int
        Number of rows of the data.
    n_jobs, verbose
        As for ``select_n_clusters``.
    """

    def __init__(self, estimator, data, null, n_samples, n_jobs, verbose):
        self._estimator = estimator
        self._data, self._null = data, null
        self._n_samples = n_samples
        self._n_jobs = n_jobs
        self._verbose = verbose
        self._measured: dict[int, list] = {}

    def try_all(self, numbers):
        """Measure all numbers that are new, and those that may be the best further.

        Returns
        -------
        NClustersSelection
            Of all numbers measured so far.
        """
        new = sorted(set(numbers) - set(self._measured))
        splits_of = {number: range(N_SPLITS) for number in new}
        while True:
            self._measure(splits_of)
            selection = self._selection()
            leading = selection.candidates[selection.score > LEADING_SHARE * selection.score.max()]
            splits_of = {
                number: range(N_SPLITS, _most_splits(number))
                for number in leading.tolist()
                if len(self._measured[number]) == 1 and _most_splits(number) > N_SPLITS
            }
            if not splits_of:
                return selection

    def _measure(self, splits_of):
        found = Parallel(self._n_jobs)(
            delayed(measure)(
                self._with_clusters(number), self._data, self._null, splits, self._verbose
            )
            for number, splits in splits_of.items()
        )
        for number, measurement in zip(splits_of, found, strict=True):
            self._measured.setdefault(number, []).append(measurement)

    def _selection(self):
        tried = sorted(self._measured)
        points = [point(self._measured[number]) for number in tried]
        curves = {name: np.array([of_number[name] for of_number in points]) for name in points[0]}
        return NClustersSelection(np.array(tried), **curves)

    def _with_clusters(self, n_clusters):
        changes = {"n_clusters": n_clusters}
        if self._estimator.batch_size == "auto":
            changes["batch_size"] = _batch_size(self._n_samples // 2, n_clusters)
        return clone(self._estimator).set_params(**changes)


def _most_splits(n_clusters):
    return N_SPLITS * max(1, min(MOST_TIMES_N_SPLITS, COLUMNS // n_clusters))


def _batch_size(n_samples, n_clusters):
    return max(min(FEWEST_BATCH_ROWS, n_samples // 2), BATCH_ROWS_PER_CLUSTER * n_clusters)


def _between(fewest, most, n):
    """About ``n`` whole numbers at equal ratios, both ends included."""
    return sorted(set(np.geomspace(fewest, most, n).round().astype(int).tolist()))


def _checked(candidates, n_samples):
    candidates = list(candidates)
    whole = all(isinstance(number, Integral) for number in candidates)
    if not candidates or not whole or min(candidates) < 2 or max(candidates) > n_samples:
        raise ValueError(
            f"candidates must be whole numbers from 2 to n_samples={n_samples}; got {candidates}."
        )
    return [int(number) for number in candidates]
