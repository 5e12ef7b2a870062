"""
Choose the number of clusters
=============================

With the right number of clusters, labelings of one half of the data and of the other agree most,
and linear classifiers separate the clusters. This example tries several numbers on the handwritten
digits 0 to 4.
"""

import matplotlib.pyplot as plt
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering, select_n_clusters
from sklearn_turtle.display import NClustersDisplay
from sklearn_turtle.metrics import clustering_accuracy

X, digits = load_digits(n_class=5, return_X_y=True)

quick = TurtleClustering(max_iter=40, polish_iter=10)  # few steps, so that the example is quick
selection = select_n_clusters(X, [3, 4, 5, 6, 8], estimator=quick, random_state=0)
print("number of clusters:", selection.n_clusters)
print("peaks of the score:", selection.peaks)
NClustersDisplay(selection).plot()

# %%
# Fit with that number. ``TurtleClustering(n_clusters="auto")`` does both steps.
turtle = TurtleClustering(selection.n_clusters, random_state=0).fit(X)
print(f"accuracy: {clustering_accuracy(digits, turtle.labels_):.3f}")
plt.show()
