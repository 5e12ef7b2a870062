"""From clusters to labels: which samples to look at, and classes for clusters."""

from sklearn_turtle.annotation._classes import ClusterClassifier, assign_classes
from sklearn_turtle.annotation._uncertain import uncertain_samples

__all__ = ["ClusterClassifier", "assign_classes", "uncertain_samples"]
