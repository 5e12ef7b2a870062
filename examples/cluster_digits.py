"""
Cluster digits in two spaces
============================

Fit the handwritten digits in two spaces, and predict the clusters of new ones.

python examples/cluster_digits.py
"""

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy

spaces, digits = load_digit_spaces()
train = {name: X[:1500] for name, X in spaces.items()}
test = {name: X[1500:] for name, X in spaces.items()}

turtle = TurtleClustering(n_clusters=10, random_state=0, verbose=1).fit(train)
train_accuracy = clustering_accuracy(digits[:1500], turtle.labels_)
test_accuracy = clustering_accuracy(digits[1500:], turtle.predict(test))
print(f"agreement of the restarts (ARI): {turtle.stability_:.3f}")
print(f"accuracy on the training digits: {train_accuracy:.3f}")
print(f"accuracy on new digits:          {test_accuracy:.3f}")
