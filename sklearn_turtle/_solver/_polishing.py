"""Polishing a merged labelling: repair what merging blurred, let clusters take their sizes.

The restarts look for clusters of equal size, which keeps all of them alive; that is where a
search is best done, but not where the data may want to end. Two labellings are made of the
merged one: a settled one, whose sizes may drift a little, and from that a free one, whose sizes
may drift as they like. Which to take is the paper's label-free selection: the one that linear
classifiers generalise to. Since every step makes a labelling simpler for them, whether it is the
better one or not, the next has to be better than the last by far.
"""

from dataclasses import replace

import torch

from sklearn_turtle._solver._bilevel import solve
from sklearn_turtle._solver._projection import UnprojectingObserver, unproject
from sklearn_turtle._solver._separability import held_out_error

# The outer rates are lower than that of the search: the labelling is nearly there.
_ONE = {"n_restarts": 1, "schedule": "cosine", "inner_start": "zero"}
# A classifier of one step sees little more than the means of the clusters, all at the same
# distance; one of more steps tells large clusters from small ones.
_SETTLED = {**_ONE, "gamma": 1.0, "inner_steps": 3, "inner_lr": 0.01, "outer_lr": 1e-3}
_FREE = {**_ONE, "gamma": 0.3, "inner_steps": 2, "inner_lr": 0.02, "outer_lr": 3e-3}
_EQUAL_SIZES = {**_ONE, "inner_steps": 1, "outer_lr": 3e-3}
_KNOWN_SIZES = {**_EQUAL_SIZES, "inner_steps": 2, "inner_lr": 0.02}

# A labelling is better by far where fewer of its held-out rows are misjudged, by this factor. Where
# restarts fall into several modes, their average is not: a polish leads it into one of the modes.
MUCH_BETTER = 0.7

# Up to so many rows of each cluster in a mini-batch, classifiers of more than one step learn what
# only those rows have in common.
FEW_ROWS = 20


def n_phases(search, sizes_known):
    """Number of phases of :func:`polish` at most, each of ``n_iter`` steps."""
    if sizes_known:
        return 1
    return 3 if _few_rows(search) else 2


def polish(model, projected, spaces, search, draws, *, n_iter, sizes_known, observer=None):
    """Polish a labelling.

    Parameters
    ----------
    model : LinearModel
        One labelling of the projected spaces.
    projected : list of ProjectedSpace or FeatureSpace
        The spaces that the search saw, as :func:`project` gives them.
    spaces : list of FeatureSpace
        The spaces.
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
        The polished labelling, of the spaces that are not projected.
    losses : tensor of shape (n_steps,)
        Loss of each step taken.
    """
    losses = []
    observer_of_search = UnprojectingObserver(observer, projected)

    def run(initial, in_spaces, observer, **changes):
        settings = replace(search, max_iter=n_iter, **changes)
        solution = solve(in_spaces, settings, draws, initial=initial, observer=observer)
        losses.append(solution.losses[:, 0])
        return solution

    merged = unproject(model, projected)
    if sizes_known:
        method = _EQUAL_SIZES if search.log_prior is None else _KNOWN_SIZES
        model = run(merged, spaces, observer, **method).model
        return model, torch.cat(losses)

    settled = run(model, projected, observer_of_search, **_SETTLED)
    free = settled
    if not settled.stopped:
        free = run(settled.model, projected, observer_of_search, **_FREE)
    if free.stopped:
        return unproject(free.model, projected), torch.cat(losses)
    error_settled = held_out_error(settled.model, projected)
    if held_out_error(free.model, projected) < MUCH_BETTER * error_settled:
        polished = unproject(free.model, projected)
    elif _few_rows(search):
        for space in projected:
            space.release()
        polished = run(merged, spaces, observer, **{**_EQUAL_SIZES, "gamma": 1.0}).model
    elif error_settled < MUCH_BETTER * held_out_error(model, projected):
        polished = unproject(settled.model, projected)
    else:
        polished = merged
    return polished, torch.cat(losses)


def _few_rows(search):
    return search.batch_size <= FEW_ROWS * search.n_clusters
