"""
Evaluate a clustering with true labels
======================================

With true labels, ``clustering_accuracy`` matches clusters to classes one to one. It can hide missed
small classes; the mean over the classes shows them. Without labels, disagreement between fits from
different seeds is a warning.
"""

from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import (
    agreement_matrix,
    clustering_accuracy,
    match_clusters,
    mean_per_class_accuracy,
)

X, digits = load_digits(return_X_y=True)
labelings = [TurtleClustering(10, n_init=8, random_state=seed).fit_predict(X) for seed in range(3)]

for seed, labels in enumerate(labelings):
    print(
        f"seed {seed}: accuracy {clustering_accuracy(digits, labels):.3f}, "
        f"mean over the classes {mean_per_class_accuracy(digits, labels):.3f}"
    )
print("digit of each cluster:", match_clusters(digits, labelings[0]))

# %%
# The agreement of each pair of fits, by the adjusted Rand index.
print(agreement_matrix(labelings).round(2))
