"""Scores of labellings, with and without true labels."""

from sklearn_turtle.metrics._agreement import agreement_matrix, stability
from sklearn_turtle.metrics._generalization import generalization_score
from sklearn_turtle.metrics._matching import (
    clustering_accuracy,
    match_clusters,
    mean_per_class_accuracy,
)

__all__ = [
    "agreement_matrix",
    "clustering_accuracy",
    "generalization_score",
    "match_clusters",
    "mean_per_class_accuracy",
    "stability",
]
