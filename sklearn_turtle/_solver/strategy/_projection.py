"""Map what was found in projected spaces back to the features."""

from sklearn_turtle._solver.loop._observer import ForwardingObserver
from sklearn_turtle._solver.rows._projection import ProjectedSpace
from sklearn_turtle._solver.step._linear_model import LinearModel


def unproject(model, spaces):
    """The same labeling as a LinearModel of the features that were not projected."""
    weights = [
        space.projection.to(weight) @ weight if isinstance(space, ProjectedSpace) else weight
        for space, weight in zip(spaces, model.weights, strict=True)
    ]
    return LinearModel(weights, model.biases, model.n_clusters)


class UnprojectingObserver(ForwardingObserver):
    """Tells another observer of a search in terms of the features themselves."""

    def __init__(self, observer, spaces):
        super().__init__(observer)
        self._spaces = spaces

    def end_step(self, step, losses, model):
        return super().end_step(step, losses, lambda: unproject(model(), self._spaces))
