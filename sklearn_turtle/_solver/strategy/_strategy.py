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
        Number of outer steps of the polish; 0 for no polish.
    sizes_known : bool
        True if the labeling keeps the prior of the search; False if cluster sizes follow the data.
    n_components : int or None
        Number of rotated principal axes that the restarts see; None for the features themselves.
    n_neighbors : int
        Number of neighbors that a row is averaged with; 0 for the rows as they are.
    """

    search: Settings
    polish_iter: int
    sizes_known: bool
    n_components: int | None
    n_neighbors: int
