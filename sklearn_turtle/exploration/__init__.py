"""Look at a clustering, name its clusters, edit them, and assign classes to them."""

from sklearn_turtle.exploration._classes import ClusterClassifier, assign_classes
from sklearn_turtle.exploration._edited import EditedClustering
from sklearn_turtle.exploration._hierarchy import cluster_linkage, group_clusters
from sklearn_turtle.exploration._keywords import cluster_keywords
from sklearn_turtle.exploration._merging import merge_clusters
from sklearn_turtle.exploration._names import ClusterNames, name_clusters
from sklearn_turtle.exploration._outliers import OutlierDetector
from sklearn_turtle.exploration._refitting import refit_from_labels
from sklearn_turtle.exploration._samples import (
    boundary_samples,
    cluster_representatives,
    outlier_samples,
)
from sklearn_turtle.exploration._splitting import split_cluster
from sklearn_turtle.exploration._uncertain import uncertain_samples

__all__ = [
    "ClusterClassifier",
    "ClusterNames",
    "EditedClustering",
    "OutlierDetector",
    "assign_classes",
    "boundary_samples",
    "cluster_keywords",
    "cluster_linkage",
    "cluster_representatives",
    "group_clusters",
    "merge_clusters",
    "name_clusters",
    "outlier_samples",
    "refit_from_labels",
    "split_cluster",
    "uncertain_samples",
]
