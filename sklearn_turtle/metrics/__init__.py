"""Scores of labelings, with and without true labels."""

from sklearn_turtle.metrics._agreement import agreement_matrix, stability
from sklearn_turtle.metrics._coverage import coverage
from sklearn_turtle.metrics._generalization import generalization_score
from sklearn_turtle.metrics._matching import (
    clustering_accuracy,
    match_clusters,
    mean_per_class_accuracy,
)
from sklearn_turtle.metrics._probe_comparison import ProbeComparison, compare_with_probe

__all__ = [
    "ProbeComparison",
    "agreement_matrix",
    "clustering_accuracy",
    "compare_with_probe",
    "coverage",
    "generalization_score",
    "match_clusters",
    "mean_per_class_accuracy",
    "stability",
]
