"""The number of clusters, from how far labellings agree and classifiers generalise."""

from numbers import Integral

import numpy as np
import torch
from scipy.stats import entropy
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, validate_params
from sklearn.utils.parallel import Parallel, delayed

from sklearn_turtle._estimator._problem import candidate_of, read_problem
from sklearn_turtle._input._scaling import feature_rows
from sklearn_turtle._solver import (
    Draws,
    leave_one_out_accuracy,
    much_better,
    project,
    restart_labels,
    row_chunks,
    search_labellings,
    select,
    side_by_side,
    spread_rows,
)
from sklearn_turtle._turtle import TurtleClustering
from sklearn_turtle._n_clusters._selection import NClustersSelection, room_for_gain

# So many restarts make a labelling, whatever the number of clusters: if there were more of them
# where that is cheap, labellings by few clusters would agree more for that reason alone.
N_INIT = 4
# Every number is measured on so many splits of the data into halves, and those that may be the
# best, whose scores are above LEADING_SHARE of the highest, on several times as many. The more
# clusters there are, the more does a labelling cost, and the less is left to chance: these times,
# by the number of clusters, make no more than COLUMNS.
N_SPLITS, MOST_TIMES_N_SPLITS, COLUMNS = 2, 4, 100
LEADING_SHARE = 0.9
# Fewer rows of each cluster in a mini-batch than in that of a fit are enough to compare by; and
# labellings of few restarts need mini-batches that differ more.
FEWEST_BATCH_ROWS, BATCH_ROWS_PER_CLUSTER = 1000, 10
# Rows of the data without clusters.
NULL_ROWS = 4000
COVARIANCE_ROWS = 20_000
# Without candidates, this many are tried between FEWEST and MOST, so close that no peak is missed,
# and then, ever finer, this many between the neighbours of the best of them.
FEWEST, MOST = 2, 300
N_COARSE, N_FINE, N_ROUNDS = 24, 3, 2
# Of fewer rows a cluster, labellings see too few to agree on.
ROWS_PER_CLUSTER = 10


@validate_params(
    {
        "candidates": ["array-like", None],
        "estimator": [TurtleClustering, None],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    },
    prefer_skip_nested_validation=True,
)
def select_n_clusters(
    X,
    candidates=None,
    *,
    estimator=None,
    n_init=N_INIT,
    n_jobs=None,
    random_state=None,
    verbose=0,
):
    """Choose the number of clusters at which a labelling says most, reliably, without labels.

    Labellings of one half of the data and of the other are the same where the data have the
    clusters that they look for, and differ where there are too few or too many; and linear
    classifiers predict such clusters on rows that they have not seen. Few clusters are easily
    reliable, and say little. The mere shape of the data, such as one long axis, may make labellings
    agree as well; so how well classifiers predict is compared with data of the same covariances
    that have no clusters. See ``score`` of :class:`NClustersSelection` for how this is weighed.

    Labellings are what fits of few restarts give. They are polished so that clusters may be of
    somewhat unequal size, and so that they may be of any size, and some empty; these are taken
    where classifiers err on them less by far. The data are split into halves at random, twice for
    each number, and for those that may be the best 8 times up to 25 clusters, 4 times up to 50.

    Parameters
    ----------
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for :class:`~sklearn_turtle.TurtleClustering`.
    candidates : array-like of int or None, default=None
        Numbers of clusters to try. None to search from 2 to 300, or to a tenth of the number of
        samples where that is less: 24 numbers at equal ratios, then, twice, three between the
        neighbours of the best of them.
    estimator : TurtleClustering or None, default=None
        Gives all other parameters, such as ``spaces`` and ``device``; None for the defaults.
        Its ``n_clusters``, ``n_init`` and ``random_state`` are not used. A ``batch_size`` of
        "auto" is 10 rows of each cluster here, and at least 1000, or half of the rows that a
        labelling sees where these are fewer.
    n_init : int, default=4
        Number of restarts that make a labelling.
    n_jobs : int or None, default=None
        Number of candidates whose labellings run at the same time, by joblib: in processes of this
        machine, or of the cluster of the joblib backend in force (Dask, Ray). None for 1 unless
        in a ``joblib.parallel_config`` context, -1 for all processors. The result does not
        depend on it. Every process holds the features of its own.
    random_state : int, RandomState instance or None, default=None
        Determines the halves, the restarts and the data without clusters. Pass an int for the same
        result in every call.
    verbose : int, default=0
        1 prints a line each time that a candidate is measured.

    Returns
    -------
    NClustersSelection
        The number chosen and the curve behind it.

    Raises
    ------
    ValueError
        If a candidate is below 2, or above the number of samples or 4000, or if ``X`` does not
        fit the estimator.

    See Also
    --------
    stability_score : The stability alone, as a scorer.
    sklearn_turtle.display.NClustersDisplay : Draws the curve.

    Notes
    -----
    Agreement of labellings as a sign of the right number of clusters: [1]_; those of halves of the
    data: [2]_; classifiers that predict clusters on further rows: [3]_; the comparison with data
    without clusters follows the gap statistic [4]_.

    References
    ----------
    .. [1] U. von Luxburg, "Clustering stability: an overview", Foundations and Trends in Machine
       Learning 2(3), 2010.
    .. [2] T. Lange, V. Roth, M. L. Braun, J. M. Buhmann, "Stability-based validation of clustering
       solutions", Neural Computation 16(6), 2004.
    .. [3] R. Tibshirani, G. Walther, "Cluster validation by prediction strength", Journal of
       Computational and Graphical Statistics 14(3), 2005.
    .. [4] R. Tibshirani, G. Walther, T. Hastie, "Estimating the number of clusters in a data set
       via the gap statistic", Journal of the Royal Statistical Society B 63(2), 2001.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle.model_selection import select_n_clusters
    >>> X, y = make_blobs(300, n_features=20, centers=5, random_state=0)
    >>> select_n_clusters(X, range(2, 9), random_state=0).n_clusters
    5
    """
    estimator = TurtleClustering() if estimator is None else clone(estimator)
    random_state = check_random_state(random_state)
    estimator.set_params(n_clusters=1, n_init=n_init)
    estimator._validate_params()
    batch_size = estimator.batch_size
    problem = read_problem(estimator, X)
    n_samples = problem.spaces.n_samples
    null = read_problem(
        estimator.set_params(spaces=None), without_clusters(problem.spaces, random_state)
    )
    seed = random_state.randint(np.iinfo(np.int32).max)
    # by its single cluster, "auto" gives the fewest axes, the same for all numbers
    components = candidate_of(estimator, n_samples).n_components
    data, null_data = (_Projected(of, components, seed) for of in (problem, null))
    measured: dict[int, list] = {}

    def with_clusters(n_clusters):
        changes = {"n_clusters": n_clusters}
        if batch_size == "auto":
            changes["batch_size"] = _batch_size(n_samples // 2, n_clusters)
        return clone(estimator).set_params(**changes)

    def measure(splits_of):
        """The curve after further splits for some numbers."""
        found = Parallel(n_jobs)(
            delayed(_measured)(with_clusters(n_clusters), data, null_data, splits, verbose)
            for n_clusters, splits in splits_of.items()
        )
        for n_clusters, of_splits in zip(splits_of, found, strict=True):
            measured.setdefault(n_clusters, []).append(of_splits)
        tried = sorted(measured)
        points = [_point(measured[n_clusters]) for n_clusters in tried]
        curves = {name: np.array([point[name] for point in points]) for name in points[0]}
        return NClustersSelection(np.array(tried), **curves)

    def try_all(numbers):
        splits_of = {number: range(N_SPLITS) for number in sorted(set(numbers) - set(measured))}
        while True:
            selection = measure(splits_of)
            leading = selection.candidates[selection.score > LEADING_SHARE * selection.score.max()]
            splits_of = {
                number: range(N_SPLITS, _most_splits(number))
                for number in leading.tolist()
                if len(measured[number]) == 1 and _most_splits(number) > N_SPLITS
            }
            if not splits_of:
                return selection

    if candidates is not None:
        return try_all(_checked(candidates, null.spaces.n_samples))
    most = min(n_samples, max(FEWEST + 1, min(MOST, n_samples // ROWS_PER_CLUSTER)))
    selection = try_all(_between(FEWEST, most, N_COARSE))
    for _ in range(N_ROUNDS):
        tried = selection.candidates.tolist()
        best = tried.index(selection.n_clusters)
        around = tried[max(0, best - 1)], tried[min(len(tried) - 1, best + 1)]
        selection = try_all(_between(*around, N_FINE + 2))
    return selection


def without_clusters(spaces, random_state):
    """Normally distributed features with the covariances of those within and across spaces.

    Random combinations of all centred rows have the covariances of the rows.

    Parameters
    ----------
    spaces : Spaces
        Checked spaces.
    random_state : RandomState
        Source of the combinations.

    Returns
    -------
    list of tensor of shape (n_rows, n_features of the space), float32
        At most NULL_ROWS rows.
    """
    n_rows = min(spaces.n_samples, NULL_ROWS)
    generator = torch.Generator().manual_seed(random_state.randint(np.iinfo(np.int32).max))
    chosen = spread_rows(spaces.n_samples, COVARIANCE_ROWS)
    rows = [select(feature_rows(matrix), chosen).float().cpu() for matrix in spaces.matrices]
    rows = [of_space - of_space.mean(0) for of_space in rows]
    totals = [torch.zeros(n_rows, of_space.shape[1]) for of_space in rows]
    for chunk in row_chunks(len(chosen), n_rows):
        weights = torch.randn(n_rows, len(chosen[chunk]), generator=generator)
        for total, of_space in zip(totals, rows, strict=True):
            total.addmm_(weights, of_space[chunk])
    return [total / len(chosen) ** 0.5 for total in totals]


class _Projected:
    """The spaces as labellings see them, the same for every number of clusters."""

    def __init__(self, problem, n_components, seed):
        self._spaces = project(problem.feature_spaces, n_components, Draws(seed))
        self._n_samples = problem.spaces.n_samples
        self._seed_of_first_split = seed + 1

    def in_halves(self, estimator, splits):
        """Make labellings of one half of the rows and of the other.

        A split, counted from 0, is the same for every number of clusters.

        Returns
        -------
        array of shape (n_ways, n_splits, 2, 3)
            For each way of polishing, split and half: the adjusted Rand index of the labellings
            of both halves, the entropy in nats, and how well linear classifiers of all data
            predict the labelling, all labels being those given to rows spread over all data.
        """
        return np.stack([self._of_split(estimator, split) for split in splits], axis=1)

    def _of_split(self, estimator, split):
        draws = Draws(self._seed_of_first_split + split)
        found = []
        for half in draws.permutation(self._n_samples).tensor_split(2):
            candidate = candidate_of(estimator, len(half))
            found.append(search_labellings(self._spaces, half.sort().values, candidate, draws))
        return [self._described(side_by_side(models)) for models in zip(*found, strict=True)]

    def _described(self, model):
        labels = restart_labels(model, self._spaces).cpu().numpy()
        agreement = adjusted_rand_score(*labels)
        accuracies = leave_one_out_accuracy(model, self._spaces).tolist()
        return [
            (agreement, entropy(np.bincount(of_half)), accuracy)
            for of_half, accuracy in zip(labels, accuracies, strict=True)
        ]


def _measured(estimator, data, null_data, splits, verbose):
    """What splits say of a number of clusters, and one of the data without clusters."""
    found = data.in_halves(estimator, splits), null_data.in_halves(estimator, splits[:1])
    if verbose:
        point = _point([found])
        print(
            f"[select_n_clusters] {estimator.n_clusters} clusters, {len(splits)} splits: "
            f"agreement {point['stability']:.3f}, accuracy {point['accuracy']:.3f}, "
            f"without clusters {point['null_accuracy']:.3f}",
            flush=True,
        )
    return found


def _point(measured):
    """What NClustersSelection has of a number of clusters, by the names of its attributes.

    Free sizes are taken where classifiers err on them less by far than on settled ones. A fit
    compares them with equal ones, which would take a third polish here.
    """
    found, null = (np.concatenate(parts, axis=1) for parts in zip(*measured, strict=True))
    *settled, free = [_point_of_way(*way) for way in zip(found, null, strict=True)]
    if settled and not much_better(1 - free["accuracy"], 1 - settled[0]["accuracy"]):
        return settled[0]
    return free


def _point_of_way(found, null):
    stability, stability_error = _mean_and_error(found[:, 0, 0])
    accuracy, error = _mean_and_error(found[..., 2])
    null_accuracy, null_error = _mean_and_error(null[..., 2])
    room = room_for_gain(null_accuracy)
    return {
        "stability": stability,
        "stability_error": stability_error,
        "entropy": found[..., 1].mean(),
        "accuracy": accuracy,
        "null_accuracy": null_accuracy,
        "gain_error": min(1.0, np.hypot(error, null_error * (1 - accuracy) / room) / room),
    }


def _mean_and_error(values):
    return values.mean(), values.std(ddof=1) / values.size**0.5


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
