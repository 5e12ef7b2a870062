"""Map a labeling of projected spaces back to the features."""

from collections.abc import Callable, Sequence

import torch

from sklearn_turtle._solver.loop._observer import ForwardingObserver, Observer
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.step._linear_model import LinearModel


def unproject(model: LinearModel, spaces: Sequence[Space]) -> LinearModel:
    """The same labeling as a LinearModel of the features before projection."""
    weights = [
        weight if space.projection is None else space.projection.to(weight) @ weight
        for space, weight in zip(spaces, model.weights, strict=True)
    ]
    return LinearModel(weights, model.biases, model.n_clusters)


class UnprojectingObserver(ForwardingObserver):
    """Passes the progress of a search on, with models of the features before projection."""

    def __init__(self, observer: Observer | None, spaces: Sequence[Space]) -> None:
        super().__init__(observer)
        self._spaces = spaces

    def end_step(
        self, step: int, losses: torch.Tensor, model: Callable[[], LinearModel]
    ) -> bool | None:
        return super().end_step(step, losses, lambda: unproject(model(), self._spaces))
