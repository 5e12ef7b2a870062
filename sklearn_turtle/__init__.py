"""Cluster embeddings of foundation models without labels (TURTLE, ICML 2024)."""

from sklearn_turtle._estimator._released import RELEASED_SETTINGS
from sklearn_turtle._input._spaces import stack_spaces
from sklearn_turtle._io._version import __version__
from sklearn_turtle._linear._to_file import predict_to_file
from sklearn_turtle._turtle import TurtleClustering
from sklearn_turtle.model_selection import select_n_clusters

__all__ = [
    "RELEASED_SETTINGS",
    "TurtleClustering",
    "__version__",
    "predict_to_file",
    "select_n_clusters",
    "stack_spaces",
]
