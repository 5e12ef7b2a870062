"""How to find a labeling."""

from dataclasses import dataclass

from sklearn_turtle._solver.loop._settings import Settings


@dataclass(frozen=True)
class Strategy:
    """One way to find a labeling.

    Attributes
    ----------
    search : Settings
        Settings of the restarts.
    polish_iter : int
        Number of outer steps of each phase of the polish.
    sizes_known : bool
        See :func:`polish`.
    n_components : int or None
        Number of rotated principal axes that the restarts see; see :func:`project`.
    """

    search: Settings
    polish_iter: int
    sizes_known: bool
    n_components: int | None
