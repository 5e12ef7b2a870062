"""The number of clusters, from how well labelings agree and how well classifiers predict them.

``_choice`` decides which numbers to try, ``_curve`` measures one number, ``_halves`` finds the
labelings, ``_null`` makes data without clusters, and ``_selection`` holds the result.
"""

from sklearn_turtle._estimator.n_clusters._choice import (
    N_INIT,
    choose_n_clusters,
    with_n_clusters,
)
from sklearn_turtle._estimator.n_clusters._selection import NClustersSelection

__all__ = ["N_INIT", "NClustersSelection", "choose_n_clusters", "with_n_clusters"]
