"""Plots of a clustering, as scikit-learn Display objects; they need matplotlib."""

from sklearn_turtle.display._agreement import AgreementDisplay
from sklearn_turtle.display._confidence import ConfidenceDisplay
from sklearn_turtle.display._confusion import MatchedConfusionDisplay
from sklearn_turtle.display._contact_sheet import ContactSheetDisplay
from sklearn_turtle.display._hierarchy import ClusterHierarchyDisplay
from sklearn_turtle.display._loss_curves import LossCurvesDisplay
from sklearn_turtle.display._map import ClusterMapDisplay
from sklearn_turtle.display._n_clusters import NClustersDisplay
from sklearn_turtle.display._probe_comparison import ProbeComparisonDisplay

__all__ = [
    "AgreementDisplay",
    "ClusterHierarchyDisplay",
    "ClusterMapDisplay",
    "ConfidenceDisplay",
    "ContactSheetDisplay",
    "LossCurvesDisplay",
    "MatchedConfusionDisplay",
    "NClustersDisplay",
    "ProbeComparisonDisplay",
]
