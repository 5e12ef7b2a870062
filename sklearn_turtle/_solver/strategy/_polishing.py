"""Polish a labeling: repair the blur of merging, and the borders of regrouped clusters."""

from dataclasses import replace
from typing import Any

import torch

from sklearn_turtle._solver.loop._observer import Observer
from sklearn_turtle._solver.loop._solve import Solution, solve
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._view import View
from sklearn_turtle._solver.step._linear_model import LinearModel
from sklearn_turtle._solver.strategy._strategy import Strategy

# The outer rate is lower than that of the search, since the labeling is nearly there.
_EQUAL_SIZES: dict[str, Any] = {
    "schedule": "cosine",
    "inner_start": "zero",
    "inner_steps": 1,
    "outer_lr": 3e-3,
}
# A classifier of one step sees little but the means of the clusters, all at the same distance. One
# of more steps tells large clusters from small ones.
_UNEQUAL_SIZES = {**_EQUAL_SIZES, "inner_steps": 2, "inner_lr": 0.02}
# Times that a regrouped labeling is polished, each time to the sizes that the last one has found.
N_SIZE_POLISHES = 2
# Weight of the entropy term if nothing is known about the sizes, which may then drift a little.
_GAMMA_OF_UNKNOWN_SIZES = 1.0


def polish(
    model: LinearModel,
    view: View,
    strategy: Strategy,
    draws: Draws,
    observer: Observer | None = None,
) -> Solution:
    """Train a labeling for some more steps.

    Parameters
    ----------
    model : LinearModel
        One labeling of the spaces of the view.
    view : View
        What the restarts see of the data.
    strategy : Strategy
        How the labeling was found.
    draws, observer
        As for :func:`solve`.

    Returns
    -------
    Solution
    """
    search = strategy.search
    changes = dict(_EQUAL_SIZES if search.log_prior is None else _UNEQUAL_SIZES)
    if not strategy.sizes_known:
        changes["gamma"] = _GAMMA_OF_UNKNOWN_SIZES
    settings = replace(search, max_iter=strategy.polish_iter, n_restarts=1, **changes)
    return solve(
        view.spaces, settings, draws, weights=view.weights, initial=model, observer=observer
    )


def polish_to_sizes(
    model: LinearModel,
    sizes: torch.Tensor,
    view: View,
    strategy: Strategy,
    draws: Draws,
    observer: Observer | None = None,
) -> Solution:
    """Train a labeling for some more steps, with sizes of the clusters as the prior.

    Parameters
    ----------
    model, view, strategy, draws, observer
        As for :func:`polish`.
    sizes : tensor of shape (C,)
        Number of rows of each cluster. If the strategy knows the sizes, these are the prior.

    Returns
    -------
    Solution
    """
    search = strategy.search
    log_prior = strategy.known_log_prior
    if log_prior is None:
        sizes = sizes.clamp_min(1).double()
        log_prior = (sizes / sizes.sum()).sort(descending=True).values.log()
    settings = replace(
        search,
        max_iter=strategy.polish_iter,
        n_restarts=1,
        log_prior=log_prior,
        fit_intercepts=True,
        **_EQUAL_SIZES,
    )
    return solve(
        view.spaces, settings, draws, weights=view.weights, initial=model, observer=observer
    )
