"""Which numbers of clusters to try, and which of them to measure again."""

from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.utils import check_random_state
from sklearn.utils.parallel import Parallel, delayed

from sklearn_turtle._estimator._problem import read_problem
from sklearn_turtle._estimator.n_clusters._curve import Measurement, measure, point
from sklearn_turtle._estimator.n_clusters._halves import ProjectedProblem
from sklearn_turtle._estimator.n_clusters._null import NULL_ROWS, without_clusters
from sklearn_turtle._estimator.n_clusters._selection import NClustersSelection
from sklearn_turtle._input._torch_defaults import with_torch_defaults

# Every candidate uses the same number of restarts, because more restarts agree more.
N_INIT = 4
# Every candidate is measured on N_SPLITS splits of the rows into halves. Candidates whose score is
# above LEADING_SHARE of the highest are measured on up to MOST_TIMES_N_SPLITS times that number.
# Labelings of many clusters cost more and vary less, so this factor times the number of clusters is
# at most COLUMNS.
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


@with_torch_defaults
def choose_n_clusters(
    X: Any,
    estimator: Any,
    candidates: Iterable[int] | None = None,
    *,
    n_jobs: int | None = None,
    random_state: int | np.random.RandomState | None = None,
    verbose: int = 0,
) -> NClustersSelection:
    """Choose the number of clusters; see :func:`sklearn_turtle.model_selection.select_n_clusters`.

    Parameters
    ----------
    X : collection of matrices, or matrix
        As passed by the user.
    estimator : TurtleClustering
        Gives all parameters except ``n_clusters`` and ``random_state``.
    candidates, n_jobs, random_state, verbose
        As for ``select_n_clusters``.
    """
    rng = check_random_state(random_state)
    estimator = clone(estimator).set_params(n_clusters="auto")
    estimator._validate_params()
    _check_cluster_prior(estimator.cluster_prior)
    problem = read_problem(estimator, X)
    n_samples = problem.spaces.n_samples
    if candidates is not None:
        candidates = _checked(candidates, n_samples)
    # the data without clusters are a list of spaces already
    estimator.set_params(spaces=None)
    null = read_problem(estimator, without_clusters(problem.spaces, rng))
    seed = rng.randint(np.iinfo(np.int32).max)
    # the same axes for all candidates, so that all of them are measured in the same spaces
    components = estimator.n_components
    measured = _MeasuredCandidates(
        estimator,
        ProjectedProblem(problem, components, seed),
        ProjectedProblem(null, components, seed),
        n_jobs,
        verbose,
    )
    if candidates is not None:
        return measured.with_all(candidates)
    return _narrow_down(measured, n_samples)


def with_n_clusters(estimator: Any, X: Any) -> Any:
    """The estimator, or a copy with the number chosen for ``X`` if its ``n_clusters`` is "auto"."""
    if estimator.n_clusters != "auto":
        return estimator
    selection = choose_n_clusters(
        X,
        clone(estimator).set_params(n_init=N_INIT),
        random_state=estimator.random_state,
        verbose=estimator.verbose,
    )
    return clone(estimator).set_params(n_clusters=selection.n_clusters)


class _MeasuredCandidates:
    """The candidates that have been measured.

    Parameters
    ----------
    estimator : TurtleClustering
        Gives all parameters except the number of clusters.
    data, null : ProjectedProblem
        The data, and data without clusters.
    n_jobs, verbose
        As for ``select_n_clusters``.
    """

    def __init__(
        self,
        estimator: Any,
        data: ProjectedProblem,
        null: ProjectedProblem,
        n_jobs: int | None,
        verbose: int,
    ) -> None:
        self._estimator = estimator
        self._data, self._null = data, null
        self._n_jobs = n_jobs
        self._verbose = verbose
        self._measurements: dict[int, list[Measurement]] = {}

    def with_all(self, candidates: Iterable[int]) -> NClustersSelection:
        """Measure the candidates that are new, then the leading ones on more splits.

        Returns
        -------
        NClustersSelection
            Of all candidates measured so far.
        """
        new = sorted(set(candidates) - set(self._measurements))
        splits_of = {candidate: range(N_SPLITS) for candidate in new}
        while True:
            self._measure(splits_of)
            selection = self._selection()
            leading = selection.candidates[selection.score > LEADING_SHARE * selection.score.max()]
            splits_of = {
                candidate: range(N_SPLITS, _most_splits(candidate))
                for candidate in leading.tolist()
                if len(self._measurements[candidate]) == 1 and _most_splits(candidate) > N_SPLITS
            }
            if not splits_of:
                return selection

    def _measure(self, splits_of: dict[int, range]) -> None:
        found = Parallel(self._n_jobs)(
            delayed(measure)(
                self._with_clusters(candidate), self._data, self._null, splits, self._verbose
            )
            for candidate, splits in splits_of.items()
        )
        for candidate, measurement in zip(splits_of, found, strict=True):
            self._measurements.setdefault(candidate, []).append(measurement)

    def _selection(self) -> NClustersSelection:
        tried = sorted(self._measurements)
        points = [point(self._measurements[candidate]) for candidate in tried]
        curves = {name: np.array([of_one[name] for of_one in points]) for name in points[0]}
        return NClustersSelection(np.array(tried), **curves)

    def _with_clusters(self, n_clusters: int) -> Any:
        changes = {"n_clusters": n_clusters}
        if self._estimator.batch_size == "auto":
            changes["batch_size"] = _batch_size(self._data.n_samples // 2, n_clusters)
        return clone(self._estimator).set_params(**changes)


def _narrow_down(measured: _MeasuredCandidates, n_samples: int) -> NClustersSelection:
    """Try numbers over the whole range, then ever closer to the best one."""
    most = min(n_samples, max(FEWEST + 1, min(MOST, n_samples // ROWS_PER_CLUSTER)))
    selection = measured.with_all(_between(FEWEST, most, N_COARSE))
    for _ in range(N_ROUNDS):
        tried = selection.candidates.tolist()
        best = tried.index(selection.n_clusters)
        around = tried[max(0, best - 1)], tried[min(len(tried) - 1, best + 1)]
        selection = measured.with_all(_between(*around, N_FINE + 2))
    return selection


def _most_splits(n_clusters: int) -> int:
    return N_SPLITS * max(1, min(MOST_TIMES_N_SPLITS, COLUMNS // n_clusters))


def _batch_size(n_samples: int, n_clusters: int) -> int:
    return max(min(FEWEST_BATCH_ROWS, n_samples // 2), BATCH_ROWS_PER_CLUSTER * n_clusters)


def _between(fewest: int, most: int, n: int) -> list[int]:
    """About ``n`` integers at equal ratios, both ends included."""
    return sorted(set(np.geomspace(fewest, most, n).round().astype(int).tolist()))


def _check_cluster_prior(cluster_prior: Any) -> None:
    if not isinstance(cluster_prior, str | Real):
        raise ValueError(
            "cluster_prior must be 'auto', 'uniform' or a number while the number of clusters is "
            f"chosen: an array fits one number of clusters only; got {cluster_prior!r}."
        )


def _checked(candidates: Iterable[int], n_samples: int) -> list[int]:
    candidates = list(candidates)
    integers = all(isinstance(candidate, Integral) for candidate in candidates)
    most = min(n_samples, NULL_ROWS)
    if not candidates or not integers or min(candidates) < 2 or max(candidates) > most:
        raise ValueError(
            f"candidates must be integers from 2 to {most}, for {n_samples} samples; got "
            f"{candidates}."
        )
    return [int(candidate) for candidate in candidates]
