"""Polish a merged labeling: repair the blur of merging."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sklearn_turtle._solver.loop._observer import Observer
from sklearn_turtle._solver.loop._settings import Settings
from sklearn_turtle._solver.loop._solve import Solution, solve
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.step._linear_model import LinearModel

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
# Weight of the entropy term if nothing is known about the sizes, which may then drift a little.
_GAMMA_OF_UNKNOWN_SIZES = 1.0


def polish(
    model: LinearModel,
    spaces: Sequence[Space],
    search: Settings,
    draws: Draws,
    *,
    n_iter: int,
    sizes_known: bool,
    observer: Observer | None = None,
) -> Solution:
    """Train a labeling for some more steps.

    Parameters
    ----------
    model : LinearModel
        One labeling of the spaces.
    spaces : list of Space
        The spaces.
    search : Settings
        Settings of the search that led to the labeling.
    draws, observer
        As for :func:`solve`.
    n_iter : int
        Number of outer steps.
    sizes_known : bool
        True to keep the prior of the settings with all its weight.

    Returns
    -------
    Solution
    """
    changes = dict(_EQUAL_SIZES if search.log_prior is None else _UNEQUAL_SIZES)
    if not sizes_known:
        changes["gamma"] = _GAMMA_OF_UNKNOWN_SIZES
    settings = replace(search, max_iter=n_iter, n_restarts=1, **changes)
    return solve(spaces, settings, draws, initial=model, observer=observer)
