"""
How many clusters? Ask several labelings
=========================================

Labelings of one half of the data and of the other agree most where the number of clusters is the
one that the data have, and linear classifiers tell such clusters apart. Here the digits are looked
at with 4 to 25 clusters, and nobody tells that there are ten.
"""

import matplotlib.pyplot as plt
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.display import NClustersDisplay
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.model_selection import select_n_clusters

X, digits = load_digits(return_X_y=True)

selection = select_n_clusters(X, [4, 6, 8, 9, 10, 11, 12, 14, 17, 20, 25], random_state=0)
print("number of clusters chosen:", selection.n_clusters)
print("scales at which the digits can be divided:", selection.peaks)
NClustersDisplay(selection).plot()

# %%
# With that number, the labeling is found as always.
turtle = TurtleClustering(selection.n_clusters, random_state=0).fit(X)
print(f"accuracy: {clustering_accuracy(digits, turtle.labels_):.3f}")

# %%
# ``n_clusters="auto"`` does both at once; here for the first 400 digits.
turtle = TurtleClustering(n_clusters="auto", random_state=0).fit(X[:400])
print("number of clusters of the first 400:", turtle.n_clusters_)
plt.show()
