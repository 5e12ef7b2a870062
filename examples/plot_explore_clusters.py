"""
Look at clusters
================

Find the typical images of each cluster of handwritten digits, the images between two clusters, the
most similar clusters, and the images that belong to none.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.display import ClusterHierarchyDisplay, ClusterMapDisplay, ContactSheetDisplay
from sklearn_turtle.exploration import (
    OutlierDetector,
    boundary_samples,
    cluster_representatives,
    outlier_samples,
)

digits = load_digits()
X, images = digits.data, (digits.images * 15).astype(np.uint8)
turtle = TurtleClustering(n_clusters=10, random_state=0).fit(X)

# %%
# Show the images closest to the mean of each cluster, one row per cluster.
ContactSheetDisplay.from_estimator(turtle, X, images).plot()

# %%
# The true digits serve only to check that these images represent their clusters.
for cluster, rows in enumerate(cluster_representatives(turtle, X, 5)):
    print(f"cluster {cluster}: {digits.target[rows]}")

# %%
# The dendrogram joins similar clusters first. Samples between two of them may belong to either.
hierarchy = ClusterHierarchyDisplay.from_estimator(turtle, X).plot()
closest = hierarchy.joins[0, :2].astype(int)
between = boundary_samples(turtle, X, closest, 10)
print(f"between clusters {closest[0]} and {closest[1]}: {digits.target[between]}")

# %%
# Outliers are far from all clusters.
print(f"farthest from all clusters: rows {outlier_samples(turtle, X, 5)}")

# %%
# New images: digits rotated by a right angle. Most of them resemble no cluster.
rotated = np.rot90(digits.images, axes=(1, 2)).reshape(len(X), -1)
detector = OutlierDetector(turtle).fit(X)
for name, scores in ("digits", detector.scores_), ("rotated", detector.score_samples(rotated)):
    print(f"{name}: median score {np.median(scores):.3f}")

# %%
# Map the samples into the plane. Paler points are less certain.
ClusterMapDisplay.from_estimator(turtle, X, method="tsne", max_samples=400, random_state=0).plot()
plt.show()
