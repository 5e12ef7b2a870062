"""
Looking at clusters
===================

What the clusters of the handwritten digits are, where they end, which are close to each other, and
which images belong to none.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.display import ClusterHierarchyDisplay, ClusterMapDisplay, ContactSheetDisplay
from sklearn_turtle.exploration import boundary_samples, cluster_representatives, outlier_samples

digits = load_digits()
X, images = digits.data, (digits.images * 15).astype(np.uint8)
turtle = TurtleClustering(n_clusters=10, random_state=0).fit(X)

# %%
# The images closest to the mean of each cluster, one row a cluster.
ContactSheetDisplay.from_estimator(turtle, X, images).plot()

# %%
# The true digits are used here alone, to see that these images tell what a cluster is.
for cluster, rows in enumerate(cluster_representatives(turtle, X, 5)):
    print(f"cluster {cluster}: {digits.target[rows]}")

# %%
# Clusters that join early are close; between them, samples may belong to either.
hierarchy = ClusterHierarchyDisplay.from_estimator(turtle, X).plot()
closest = hierarchy.joins[0, :2].astype(int)
between = boundary_samples(turtle, X, closest, 10)
print(f"between clusters {closest[0]} and {closest[1]}: {digits.target[between]}")

# %%
# Far from all clusters lies what does not belong.
print(f"farthest from all clusters: rows {outlier_samples(turtle, X, 5)}")

# %%
# All at a glance: paler points are less certain.
ClusterMapDisplay.from_estimator(turtle, X, method="tsne", max_samples=600, random_state=0).plot()
plt.show()
