"""Polish a merged labeling: repair the blur of merging, and let cluster sizes follow the data.

The restarts look for clusters of equal size. That keeps all clusters alive, which suits a search,
but the data may have clusters of other sizes. The polish makes three labelings of the merged one:

1. a settled labeling, whose sizes may drift a little;
2. from it, a free labeling, whose sizes may drift without limit, in two phases, since clusters of
   very unequal size are far from equal ones;
3. a labeling of equal sizes.

The choice among them is the paper's label-free selection: the labeling that linear classifiers
generalize to best. Every step makes a labeling simpler for classifiers, whether it improves or not,
so the free labeling must be much better than that of equal sizes, and the settled one clearly
better than the merged one. Fewer clusters are easier to tell apart, so a labeling that has lost
clusters is not taken if the one of equal sizes keeps more of them and is not clearly worse.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch

from sklearn_turtle._solver.loop._observer import Observer
from sklearn_turtle._solver.loop._settings import Settings
from sklearn_turtle._solver.loop._solve import Solution, solve
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.step._linear_model import LinearModel, restart_labels
from sklearn_turtle._solver.strategy._projection import UnprojectingObserver, unproject
from sklearn_turtle._solver.strategy._separability import held_out_error

# The outer rates are lower than those of the search, since the labeling is nearly there.
_COMMON: dict[str, Any] = {"schedule": "cosine", "inner_start": "zero"}
# A classifier of one step sees little but the means of the clusters, all at the same distance. One
# of more steps tells large clusters from small ones.
_SETTLED = {**_COMMON, "gamma": 1.0, "inner_steps": 3, "inner_lr": 0.01, "outer_lr": 1e-3}
_FREE = {**_COMMON, "gamma": 0.3, "inner_steps": 2, "inner_lr": 0.02, "outer_lr": 3e-3}
_KNOWN_EQUAL_SIZES = {**_COMMON, "inner_steps": 1, "outer_lr": 3e-3}
_KNOWN_SIZES = {**_KNOWN_EQUAL_SIZES, "inner_steps": 2, "inner_lr": 0.02}
_EQUAL_SIZES = {**_KNOWN_EQUAL_SIZES, "gamma": 1.0}

# A labeling is clearly better, or much better, if its held-out error is below that of the other by
# these factors. If restarts fall into several modes, their average has an error only slightly above
# that of the settled labeling, which the polish leads into one of the modes. On balanced data, free
# sizes lose some of the smaller clusters.
BETTER, MUCH_BETTER = 0.85, 2 / 3
# If so small a share of the rows is misjudged, the comparison is left to chance.
NEGLIGIBLE_ERROR = 0.005

# With at most this many rows per cluster in a mini-batch, classifiers of more than one step learn
# what only those rows have in common.
FEW_ROWS = 20


def n_phases(search: Settings, sizes_known: bool) -> int:
    """Largest number of phases of :func:`polish`, each of ``n_iter`` steps."""
    if sizes_known:
        return 1
    return 5 if _few_rows(search) else 4


def polish(
    model: LinearModel,
    projected: Sequence[Space],
    spaces: Sequence[Space],
    search: Settings,
    draws: Draws,
    *,
    n_iter: int,
    sizes_known: bool,
    observer: Observer | None = None,
) -> tuple[LinearModel, torch.Tensor]:
    """Polish a labeling.

    Parameters
    ----------
    model : LinearModel
        One labeling of the projected spaces.
    projected : list of Space
        The spaces of the search, from :func:`project`.
    spaces : list of Space
        The spaces before projection.
    search : Settings
        Settings of the search that led to the labeling.
    draws, observer
        As for :func:`solve`.
    n_iter : int
        Number of outer steps of each phase; see :func:`n_phases`.
    sizes_known : bool
        True to keep the prior of the settings.

    Returns
    -------
    model : LinearModel
        The polished labeling, of the spaces before projection.
    losses : tensor of shape (n_steps,)
        Loss of each step taken.
    """
    phases = _Phases(search, n_iter, draws)
    if sizes_known:
        last = phases.run(_known(search), spaces, unproject(model, projected), observer)
        return last.model, phases.losses()
    observer_of_search = UnprojectingObserver(observer, projected)
    settled = free = phases.run(_SETTLED, projected, model, observer_of_search)
    if not settled.stopped:
        free = phases.run(_FREE, projected, settled.model, observer_of_search)
    if free.stopped:
        return unproject(free.model, projected), phases.losses()
    equal = last = phases.run(_EQUAL_SIZES, projected, model, observer_of_search)
    free_models = [free.model]
    if not equal.stopped:
        # with a copy of the draws, so that this phase changes nothing that follows
        last = phases.run(_FREE, projected, free.model, observer_of_search, draws.copy())
        free_models.append(last.model)
    polished = _chosen(model, settled.model, free_models, equal.model, projected, search)
    if polished is equal.model and _few_rows(search) and not last.stopped:
        # with few rows per cluster, polish in the original features
        merged = unproject(model, projected)
        for space in projected:
            space.release()
        return phases.run(_EQUAL_SIZES, spaces, merged, observer).model, phases.losses()
    return unproject(polished, projected), phases.losses()


class _Phases:
    """Runs the phases of a polish, and keeps their losses."""

    def __init__(self, search: Settings, n_iter: int, draws: Draws) -> None:
        self._settings = replace(search, max_iter=n_iter, n_restarts=1)
        self._draws = draws
        self._losses: list[torch.Tensor] = []

    def run(
        self,
        changes: dict[str, Any],
        spaces: Sequence[Space],
        initial: LinearModel,
        observer: Observer | None,
        draws: Draws | None = None,
    ) -> Solution:
        settings = replace(self._settings, **changes)
        draws = self._draws if draws is None else draws
        solution = solve(spaces, settings, draws, initial=initial, observer=observer)
        self._losses.append(solution.losses[:, 0])
        return solution

    def losses(self) -> torch.Tensor:
        """Loss of each step of all phases, (n_steps,)."""
        return torch.cat(self._losses)


def _chosen(
    merged: LinearModel,
    settled: LinearModel,
    free: list[LinearModel],
    equal: LinearModel,
    spaces: Sequence[Space],
    search: Settings,
) -> LinearModel:
    """Choose a labeling of the projected spaces, as the module docstring describes."""
    error_equal = held_out_error(equal, spaces)
    errors_free = [held_out_error(model, spaces) for model in free]
    # every phase lowers the error by itself, so that the limit is squared after two phases
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


def polish_in_each_way(
    model: LinearModel,
    spaces: Sequence[Space],
    search: Settings,
    draws: Draws,
    *,
    n_iter: int,
    sizes_known: bool,
) -> list[LinearModel]:
    """Polish labelings so that sizes drift a little, and so that they drift without limit.

    Parameters
    ----------
    model : LinearModel
        One or several labelings, side by side.
    spaces : list of Space
        The spaces of the model, and of the returned models.
    search, draws, n_iter, sizes_known
        As for :func:`polish`.

    Returns
    -------
    list of LinearModel
        The settled labelings and the free ones; only one entry if the sizes are known.
    """
    polished = []
    for changes in (_known(search),) if sizes_known else (_SETTLED, _FREE):
        settings = replace(search, max_iter=n_iter, n_restarts=model.n_restarts, **changes)
        model = solve(spaces, settings, draws, initial=model).model
        polished.append(model)
    return polished


def better(error: float, other: float, factor: float = BETTER) -> bool:
    """Whether a labeling of this held-out error is clearly better than one of the other error."""
    return error + NEGLIGIBLE_ERROR < factor * (other + NEGLIGIBLE_ERROR)


def much_better(error: float, other: float) -> bool:
    """Whether free sizes of this held-out error are taken instead of sizes of the other error."""
    return better(error, other, MUCH_BETTER)


def _known(search: Settings) -> dict[str, Any]:
    return _KNOWN_EQUAL_SIZES if search.log_prior is None else _KNOWN_SIZES


def _n_clusters(model: LinearModel, spaces: Sequence[Space]) -> int:
    """Number of clusters that are not empty."""
    return len(restart_labels(model, spaces)[0].unique())


def _few_rows(search: Settings) -> bool:
    return search.batch_size <= FEW_ROWS * search.n_clusters
