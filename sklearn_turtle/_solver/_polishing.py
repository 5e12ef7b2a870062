"""Polishing a merged labelling: repair what merging blurred, let clusters take their sizes.

The restarts look for clusters of equal size, which keeps all of them alive; that is where a
search is best done, but not where the data may want to end. Whether it does is found out by a
short probe: classifiers that are trained for three steps, and an entropy of low weight, let sizes
drift. Where they drift far apart, the polish goes on in that way; else sizes are taken to be equal.
"""

import math
from dataclasses import replace

import torch

from sklearn_turtle._solver._bilevel import solve
from sklearn_turtle._solver._labelling import restart_labels
from sklearn_turtle._solver._projection import UnprojectingObserver, unproject

PROBE_ITER = 40

# Lower than the rate of the search: the labelling is nearly there.
_RATES = {"n_restarts": 1, "outer_lr": 3e-3, "schedule": "cosine", "inner_start": "zero"}
_PROBE = {**_RATES, "gamma": 1.0, "max_iter": PROBE_ITER, "inner_steps": 3, "inner_lr": 0.01}
# A classifier of one step sees little more than the means of the clusters, all at the same
# distance; one of two steps tells large clusters from small ones.
_UNEQUAL = {**_RATES, "inner_steps": 2, "inner_lr": 0.02}
_EQUAL = {**_RATES, "inner_steps": 1}

# Sizes are taken to be unequal from this Kullback-Leibler divergence from equal ones on: the
# entropy of such sizes is that of 82 % of the clusters.
UNEQUAL_SIZES = 0.2

# Up to this number of clusters the merged labelling of several restarts is left as it is where
# sizes are equal: its clusters are matched without doubt, so that nothing is blurred, and the
# average of the restarts is better than what further steps make of it. None of so few clusters
# may vanish.
FEW_CLUSTERS = 50


def polish(model, projected, spaces, search, draws, *, n_iter, sizes_known, observer=None):
    """Polish a labelling.

    Parameters
    ----------
    model : LinearModel
        One labelling of the projected spaces.
    projected : list of ProjectedSpace or FeatureSpace
        The spaces that the search saw, as :func:`project` gives them; the probe sees them too.
    spaces : list of FeatureSpace
        The spaces.
    search : Settings
        Settings of the search that led to the labelling.
    draws, observer
        As for :func:`solve`.
    n_iter : int
        Number of outer steps, those of the probe not counted.
    sizes_known : bool
        Whether the prior of the settings is to be kept to. If not, sizes are probed.

    Returns
    -------
    model : LinearModel
        The polished labelling, of the spaces that are not projected.
    losses : tensor of shape (n_steps,)
        Loss of each step taken.
    """
    losses = []
    stopped = False

    def run(initial, in_spaces, observer, **changes):
        nonlocal stopped
        solution = solve(
            in_spaces, replace(search, **changes), draws, initial=initial, observer=observer
        )
        losses.append(solution.losses[:, 0])
        stopped = solution.stopped
        return solution.model

    merged, model = model, unproject(model, projected)
    if sizes_known:
        method = _EQUAL if search.log_prior is None else _UNEQUAL
        return run(model, spaces, observer, max_iter=n_iter, **method), torch.cat(losses)
    few = model.n_clusters <= FEW_CLUSTERS
    probed = run(merged, projected, UnprojectingObserver(observer, projected), **_PROBE)
    if stopped:
        return model, torch.cat(losses)
    if _divergence_from_equal(_sizes(probed, projected)) > UNEQUAL_SIZES:
        probed = unproject(probed, projected)
        unequal = run(probed, spaces, observer, max_iter=n_iter, gamma=1.0, **_UNEQUAL)
        if not few or _n_empty(unequal, spaces) <= _n_empty(model, spaces):
            model = unequal
    elif not few or search.n_restarts == 1 or _n_empty(model, spaces) > 0:
        model = run(model, spaces, observer, max_iter=n_iter, gamma=1.0, **_EQUAL)
    return model, torch.cat(losses)


def _sizes(model, spaces):
    return torch.bincount(restart_labels(model, spaces)[0].cpu(), minlength=model.n_clusters)


def _n_empty(model, spaces):
    return int((_sizes(model, spaces) == 0).sum())


def _divergence_from_equal(sizes):
    """Kullback-Leibler divergence of the sizes of clusters from equal ones, in nats."""
    proportions = sizes.double() / sizes.sum()
    return math.log(len(sizes)) - torch.special.entr(proportions).sum().item()
