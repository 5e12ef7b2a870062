"""Choose parameters and the number of clusters without labels."""

from sklearn_turtle._estimator.n_clusters import NClustersSelection
from sklearn_turtle.model_selection._n_clusters import select_n_clusters
from sklearn_turtle.model_selection._scorers import stability_score
from sklearn_turtle.model_selection._search import TurtleSearch

__all__ = ["NClustersSelection", "TurtleSearch", "select_n_clusters", "stability_score"]
