"""Cluster embeddings of foundation models without labels (TURTLE, ICML 2024)."""

from sklearn_turtle._linear._to_file import predict_to_file
from sklearn_turtle._estimator._released import RELEASED_SETTINGS
from sklearn_turtle._input._spaces import stack_spaces
from sklearn_turtle._turtle import TurtleClustering

__version__ = "0.1.0"

__all__ = ["RELEASED_SETTINGS", "TurtleClustering", "predict_to_file", "stack_spaces"]
