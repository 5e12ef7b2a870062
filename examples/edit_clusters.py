"""
Merge, split and refit clusters
===============================

Merge too many clusters by their hierarchy, split one of them again, and fit a labeling to labels
that were edited by hand.

python examples/edit_clusters.py
"""

import numpy as np

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.exploration import (
    cluster_linkage,
    group_clusters,
    merge_clusters,
    refit_from_labels,
    split_cluster,
)
from sklearn_turtle.metrics import clustering_accuracy

spaces, digits = load_digit_spaces()
# a part of the digits, so that the example is quick
spaces, digits = {name: X[:800] for name, X in spaces.items()}, digits[:800]
turtle = TurtleClustering(20, cluster_prior="uniform", n_init=8, random_state=0).fit(spaces)
print(f"20 clusters: accuracy {clustering_accuracy(digits, turtle.labels_):.3f}")

# %%
# Merge similar clusters until nine are left.
closest = cluster_linkage(turtle, spaces)[0, :2].astype(int)
print("the two most similar clusters:", closest.tolist())
merged = merge_clusters(turtle, *group_clusters(turtle, spaces, 9))
labels = merged.predict(spaces)
print(f"merged into {merged.n_clusters}: accuracy {clustering_accuracy(digits, labels):.3f}")

# %%
# Nine are too few: split the largest. All others keep their numbers and their probabilities.
largest = int(np.bincount(labels).argmax())
split = split_cluster(merged, spaces, largest)
sizes = np.bincount(split.predict(spaces))[[largest, split.n_clusters - 1]]
print(f"the largest, with {np.bincount(labels).max()} samples, is split into {sizes.tolist()}")

# %%
# Refit from edited labels: a third of the true digits, with one label in ten wrong.
rng = np.random.default_rng(0)
edited = np.where(rng.random(len(digits)) < 1 / 3, digits, -1)
wrong = (edited >= 0) & (rng.random(len(digits)) < 0.1)
edited[wrong] = rng.integers(0, 10, wrong.sum())
refitted = refit_from_labels(split, spaces, edited)
print(f"refitted: accuracy {clustering_accuracy(digits, refitted.labels_):.3f}")
