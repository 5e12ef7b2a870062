"""
Judging a clustering by true labels
===================================

Where true labels are known, clusters are matched to classes one to one. The accuracy may hide that
small classes are missed; the mean over the classes shows it. Fits from different seeds that
disagree are a warning that needs no labels.
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
labelings = [TurtleClustering(10, random_state=seed).fit_predict(X) for seed in range(3)]

for seed, labels in enumerate(labelings):
    print(
        f"seed {seed}: accuracy {clustering_accuracy(digits, labels):.3f}, "
        f"mean over the classes {mean_per_class_accuracy(digits, labels):.3f}"
    )
print("digit of each cluster:", match_clusters(digits, labelings[0]))

# %%
# How far the three agree, by the adjusted Rand index of each pair.
print(agreement_matrix(labelings).round(2))
