"""
Merging, splitting and refitting clusters
=========================================

Too many clusters are merged by their hierarchy, one is split again, and a labeling is fitted to
labels that were edited by hand.

python examples/edit_clusters.py
"""

import numpy as np

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets._digits import load_digit_spaces
from sklearn_turtle.exploration import (
    cluster_linkage,
    group_clusters,
    merge_clusters,
    refit_from_labels,
    split_cluster,
)
from sklearn_turtle.metrics import clustering_accuracy

spaces, digits = load_digit_spaces()
turtle = TurtleClustering(n_clusters=20, random_state=0).fit(spaces)
print(f"20 clusters: accuracy {clustering_accuracy(digits, turtle.labels_):.3f}")

# %%
# Those that are close to each other become one, until ten are left.
closest = cluster_linkage(turtle, spaces)[0, :2].astype(int)
print("clusters that are closest to each other:", closest.tolist())
merged = merge_clusters(turtle, *group_clusters(turtle, spaces, 10))
labels = merged.predict(spaces)
print(f"merged into {merged.n_clusters}: accuracy {clustering_accuracy(digits, labels):.3f}")

# %%
# The largest is split. All others keep their numbers and their probabilities.
largest = int(np.bincount(labels).argmax())
split = split_cluster(merged, spaces, largest)
sizes = np.bincount(split.predict(spaces))[[largest, split.n_clusters - 1]]
print(f"the largest, of {np.bincount(labels).max()} samples, split into {sizes.tolist()}")

# %%
# Labels edited by hand: here, a third of the true digits, of which one in ten is wrong.
rng = np.random.default_rng(0)
edited = np.where(rng.random(len(digits)) < 1 / 3, digits, -1)
wrong = (edited >= 0) & (rng.random(len(digits)) < 0.1)
edited[wrong] = rng.integers(0, 10, wrong.sum())
refitted = refit_from_labels(split, spaces, edited)
print(f"refitted: accuracy {clustering_accuracy(digits, refitted.labels_):.3f}")
