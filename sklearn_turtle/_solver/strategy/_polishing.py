"""Polishing a merged labeling: repair what merging blurred, let clusters take their sizes.

The restarts look for clusters of equal size, which keeps all of them alive; that is where a
search is best done, but not where the data may want to end. Three labelings are made of the
merged one: a settled one, whose sizes may drift a little; from that a free one, whose sizes may
drift as they like, in two phases, since clusters of very unequal size are a long way from equal
ones; and one of equal sizes. Which to take is the paper's label-free selection: the
one that linear classifiers generalize to. Since every step makes a labeling simpler for them,
whether it is the better one or not, the free one has to be better by far than that of equal sizes,
and the settled one clearly better than the merged one. And since the fewer clusters there are, the
easier they are to tell apart, a labeling that has lost some is not taken where one of equal sizes
keeps more of them and is not clearly worse.
"""

from dataclasses import replace

import torch

from sklearn_turtle._solver.loop._bilevel import solve
from sklearn_turtle._solver.step._linear_model import restart_labels
from sklearn_turtle._solver.strategy._projection import UnprojectingObserver, unproject
from sklearn_turtle._solver.strategy._separability import held_out_error

# The outer rates are lower than that of the search: the labeling is nearly there.
_COMMON = {"schedule": "cosine", "inner_start": "zero"}
# A classifier of one step sees little more than the means of the clusters, all at the same
# distance; one of more steps tells large clusters from small ones.
_SETTLED = {**_COMMON, "gamma": 1.0, "inner_steps": 3, "inner_lr": 0.01, "outer_lr": 1e-3}
_FREE = {**_COMMON, "gamma": 0.3, "inner_steps": 2, "inner_lr": 0.02, "outer_lr": 3e-3}
_KNOWN_EQUAL_SIZES = {**_COMMON, "inner_steps": 1, "outer_lr": 3e-3}
_KNOWN_SIZES = {**_KNOWN_EQUAL_SIZES, "inner_steps": 2, "inner_lr": 0.02}
_EQUAL_SIZES = {**_KNOWN_EQUAL_SIZES, "gamma": 1.0}

# A labeling is clearly better, or better by far, where fewer of its held-out rows are misjudged,
# by these factors. Where restarts fall into several modes, their average is not misjudged much more
# often than the settled labeling, which a polish leads into one of the modes. Free sizes cost
# balanced data some of their smaller clusters.
BETTER, MUCH_BETTER = 0.85, 2 / 3
# Where so small a share is misjudged, it says little which rows these are.
NEGLIGIBLE_ERROR = 0.005

# Up to so many rows of each cluster in a mini-batch, classifiers of more than one step learn what
# only those rows have in common.
FEW_ROWS = 20


def n_phases(search, sizes_known):
    """Number of phases of :func:`polish` at most, each of ``n_iter`` steps."""
    if sizes_known:
        return 1
    return 5 if _few_rows(search) else 4


def polish(model, projected, spaces, search, draws, *, n_iter, sizes_known, observer=None):
    """Polish a labeling.

    Parameters
    ----------
    model : LinearModel
        One labeling of the projected spaces.
    projected : list of ProjectedSpace or FeatureSpace
        The spaces that the search saw, as :func:`project` gives them.
    spaces : list of FeatureSpace
        The spaces.
    search : Settings
        Settings of the search that led to the labeling.
    draws, observer
        As for :func:`solve`.
    n_iter : int
        Number of outer steps of each phase; see :func:`n_phases`.
    sizes_known : bool
        Whether the prior of the settings is to be kept to.

    Returns
    -------
    model : LinearModel
        The polished labeling, of the spaces that are not projected.
    losses : tensor of shape (n_steps,)
        Loss of each step taken.
    """
    losses = []
    observer_of_search = UnprojectingObserver(observer, projected)

    def run(initial, in_spaces, observer, draws=draws, **changes):
        settings = replace(search, max_iter=n_iter, n_restarts=1, **changes)
        solution = solve(in_spaces, settings, draws, initial=initial, observer=observer)
        losses.append(solution.losses[:, 0])
        return solution

    if sizes_known:
        model = run(unproject(model, projected), spaces, observer, **_known(search)).model
        return model, torch.cat(losses)

    settled = run(model, projected, observer_of_search, **_SETTLED)
    free = settled
    if not settled.stopped:
        free = run(settled.model, projected, observer_of_search, **_FREE)
    if free.stopped:
        return unproject(free.model, projected), torch.cat(losses)
    equal = run(model, projected, observer_of_search, **_EQUAL_SIZES)
    last, free_models = equal, [free.model]
    if not equal.stopped:
        # with draws of its own: where sizes are not free, nothing depends on this phase
        last = run(free.model, projected, observer_of_search, draws.copy(), **_FREE)
        free_models.append(last.model)
    polished = _chosen(model, settled.model, free_models, equal.model, projected, search)
    if polished is equal.model and _few_rows(search) and not last.stopped:
        # what few rows tell, they tell better in all features
        merged = unproject(model, projected)
        for space in projected:
            space.release()
        return run(merged, spaces, observer, **_EQUAL_SIZES).model, torch.cat(losses)
    return unproject(polished, projected), torch.cat(losses)


def _chosen(merged, settled, free, equal, spaces, search):
    """The labeling that is taken, of several of the same spaces: of free ones there is a list."""
    error_equal = held_out_error(equal, spaces)
    errors_free = [held_out_error(model, spaces) for model in free]
    # every phase lowers the error by itself: after two, it has to be lower by as much again
    if any(better(error, error_equal, MUCH_BETTER**n) for n, error in enumerate(errors_free, 1)):
        return free[errors_free.index(min(errors_free))]
    if _few_rows(search):
        return equal
    chosen, error = settled, held_out_error(settled, spaces)
    error_merged = held_out_error(merged, spaces)
    if not better(error, error_merged):
        chosen, error = merged, error_merged
    n_left = _n_clusters(chosen, spaces)
    if n_left < search.n_clusters and n_left < _n_clusters(equal, spaces):
        return chosen if better(error, error_equal) else equal
    return chosen


def polish_in_each_way(model, spaces, search, draws, *, n_iter, sizes_known):
    """Polish labelings so that sizes may drift a little, and so that they may as they like.

    Parameters
    ----------
    model : LinearModel
        One or several labelings, side by side.
    spaces : list of Space
        The spaces of the model, and of those that are returned.
    search, draws, n_iter, sizes_known
        As for :func:`polish`.

    Returns
    -------
    list of LinearModel
        The settled labelings and the free ones, or the only ones where sizes are known.
    """
    polished = []
    for method in (_known(search),) if sizes_known else (_SETTLED, _FREE):
        settings = replace(search, max_iter=n_iter, n_restarts=model.n_restarts, **method)
        model = solve(spaces, settings, draws, initial=model).model
        polished.append(model)
    return polished


def _known(search):
    return _KNOWN_EQUAL_SIZES if search.log_prior is None else _KNOWN_SIZES


def better(error, other, factor=BETTER):
    """Whether a labeling of this held-out error is taken in place of one of the other error."""
    return error + NEGLIGIBLE_ERROR < factor * (other + NEGLIGIBLE_ERROR)


def much_better(error, other):
    """Whether one of free sizes is."""
    return better(error, other, MUCH_BETTER)


def _n_clusters(model, spaces):
    """Number of clusters that are not empty."""
    return len(restart_labels(model, spaces)[0].unique())


def _few_rows(search):
    return search.batch_size <= FEW_ROWS * search.n_clusters
