"""Polishing a merged labelling: repair what merging blurred, let clusters take their sizes.

The restarts look for clusters of equal size, which keeps all of them alive; that is where a
search is best done, but not where the data may want to end. Two labellings are made of the
merged one: a settled one, whose sizes may drift a little, and from that a free one, whose sizes
may drift as they like. Which to take is the paper's label-free selection: the one that linear
classifiers generalise to. Since every step makes a labelling simpler for them, whether it is the
better one or not, the next has to be better than the last by far. And since the fewer clusters
there are, the easier they are to tell apart, a labelling that has lost some is not taken where one
of equal sizes keeps more of them and is not worse by far.
"""

from dataclasses import replace

import torch

from sklearn_turtle._solver._bilevel import solve
from sklearn_turtle._solver._labelling import restart_labels
from sklearn_turtle._solver._projection import UnprojectingObserver, unproject
from sklearn_turtle._solver._separability import held_out_error

# The outer rates are lower than that of the search: the labelling is nearly there.
_COMMON = {"schedule": "cosine", "inner_start": "zero"}
# A classifier of one step sees little more than the means of the clusters, all at the same
# distance; one of more steps tells large clusters from small ones.
_SETTLED = {**_COMMON, "gamma": 1.0, "inner_steps": 3, "inner_lr": 0.01, "outer_lr": 1e-3}
_FREE = {**_COMMON, "gamma": 0.3, "inner_steps": 2, "inner_lr": 0.02, "outer_lr": 3e-3}
_KNOWN_EQUAL_SIZES = {**_COMMON, "inner_steps": 1, "outer_lr": 3e-3}
_KNOWN_SIZES = {**_KNOWN_EQUAL_SIZES, "inner_steps": 2, "inner_lr": 0.02}
_EQUAL_SIZES = {**_KNOWN_EQUAL_SIZES, "gamma": 1.0}

# A labelling is better by far where fewer of its held-out rows are misjudged, by this factor. Where
# restarts fall into several modes, their average is not: a polish leads it into one of the modes.
MUCH_BETTER = 0.7
# Where so small a share is misjudged, it says little which rows these are.
NEGLIGIBLE_ERROR = 0.005

# Up to so many rows of each cluster in a mini-batch, classifiers of more than one step learn what
# only those rows have in common.
FEW_ROWS = 20


def n_phases(search, sizes_known):
    """Number of phases of :func:`polish` at most, each of ``n_iter`` steps."""
    return 1 if sizes_known else 3


def polish(model, projected, spaces, search, draws, *, n_iter, sizes_known, observer=None):
    """Polish a labelling, or several of the same data side by side.

    Of several, the labellings of the same phase are taken, by the mean of their held-out errors:
    settled ones and free ones differ by more than labellings that are to be compared.

    Parameters
    ----------
    model : LinearModel
        One labelling of the projected spaces, or R of them side by side.
    projected : list of ProjectedSpace or FeatureSpace
        The spaces that the search saw, as :func:`project` gives them.
    spaces : list of FeatureSpace
        The spaces that a polished labelling is wanted of; ``projected`` to stay in these.
    search : Settings
        Settings of the search that led to the labelling.
    draws, observer
        As for :func:`solve`.
    n_iter : int
        Number of outer steps of each phase; see :func:`n_phases`.
    sizes_known : bool
        Whether the prior of the settings is to be kept to.

    Returns
    -------
    model : LinearModel
        The polished labellings, of ``spaces``.
    losses : tensor of shape (n_steps, R)
        Loss of each step taken.
    methods : tuple of dict
        How the labellings that are taken came about; see :func:`polish_alike`.
    """
    losses = []
    observer_of_search = UnprojectingObserver(observer, projected)

    def run(initial, in_spaces, observer, method):
        solution = _solve_on(initial, in_spaces, search, draws, n_iter, method, observer)
        losses.append(solution.losses)
        return solution

    def unprojected(model):
        return model if spaces is projected else unproject(model, projected)

    if sizes_known:
        method = _KNOWN_EQUAL_SIZES if search.log_prior is None else _KNOWN_SIZES
        known = run(unprojected(model), spaces, observer, method).model
        return known, torch.cat(losses), (method,)

    settled = run(model, projected, observer_of_search, _SETTLED)
    if settled.stopped:
        return unprojected(settled.model), torch.cat(losses), (_SETTLED,)
    free = run(settled.model, projected, observer_of_search, _FREE)
    methods: tuple[dict, ...] = (_SETTLED, _FREE)
    if free.stopped:
        return unprojected(free.model), torch.cat(losses), methods
    polished = free.model
    error = held_out_error(free.model, projected)
    error_settled = held_out_error(settled.model, projected)
    if not _much_better(error, error_settled):
        if _few_rows(search):
            merged = unprojected(model)
            if spaces is not projected:
                for space in projected:
                    space.release()
            equal = run(merged, spaces, observer, _EQUAL_SIZES).model
            return equal, torch.cat(losses), (_EQUAL_SIZES,)
        polished, methods, error = settled.model, (_SETTLED,), error_settled
        error_merged = held_out_error(model, projected)
        if not _much_better(error, error_merged):
            polished, methods, error = model, (), error_merged
    n_left = _n_clusters(polished, projected)
    if n_left < search.n_clusters:
        equal = run(model, projected, observer_of_search, _EQUAL_SIZES).model
        if _n_clusters(equal, projected) > n_left and not _much_better(
            error, held_out_error(equal, projected)
        ):
            polished, methods = equal, (_EQUAL_SIZES,)
    return unprojected(polished), torch.cat(losses), methods


def polish_alike(model, spaces, search, draws, methods, *, n_iter):
    """Polish labellings by the methods by which others came about, whatever comes of it.

    Parameters
    ----------
    model, spaces, search, draws, n_iter
        As for :func:`polish`, in the spaces of the model.
    methods : tuple of dict
        As :func:`polish` returns them.

    Returns
    -------
    LinearModel
    """
    for method in methods:
        model = _solve_on(model, spaces, search, draws, n_iter, method, observer=None).model
    return model


def _solve_on(initial, spaces, search, draws, n_iter, method, observer):
    settings = replace(search, max_iter=n_iter, n_restarts=initial.n_restarts, **method)
    return solve(spaces, settings, draws, initial=initial, observer=observer)


def _much_better(error, other):
    return error + NEGLIGIBLE_ERROR < MUCH_BETTER * (other + NEGLIGIBLE_ERROR)


def _n_clusters(model, spaces):
    """Number of clusters that are not empty, the mean over restarts."""
    labels = restart_labels(model, spaces)
    return sum(len(of_restart.unique()) for of_restart in labels) / len(labels)


def _few_rows(search):
    return search.batch_size <= FEW_ROWS * search.n_clusters
