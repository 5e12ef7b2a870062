"""How the solver finds a labeling."""

from dataclasses import dataclass

from sklearn_turtle._solver.loop._settings import Settings


@dataclass(frozen=True)
class Strategy:
    """A search for labelings, and the polish of the merged one.

    Attributes
    ----------
    search : Settings
        Settings of the restarts.
    polish_iter : int
        Number of outer steps of each phase of the polish; 0 for no polish.
    sizes_known : bool
        True if the polish keeps the prior of the search; False if it frees the cluster sizes.
    n_components : int or None
        Number of rotated principal axes that the restarts see; None for the features themselves.
    """

    search: Settings
    polish_iter: int
    sizes_known: bool
    n_components: int | None
