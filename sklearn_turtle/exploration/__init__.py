"""Looking at a clustering, naming its clusters, and changing them."""

from sklearn_turtle.exploration._keywords import cluster_keywords
from sklearn_turtle.exploration._names import ClusterNames, name_clusters
from sklearn_turtle.exploration._samples import (
    boundary_samples,
    cluster_representatives,
    outlier_samples,
)

__all__ = [
    "ClusterNames",
    "boundary_samples",
    "cluster_keywords",
    "cluster_representatives",
    "name_clusters",
    "outlier_samples",
]
