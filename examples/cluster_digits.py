"""
Digits in two spaces
====================

Cluster the handwritten digits in two spaces, and assign new ones.

python examples/cluster_digits.py
"""

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets._digits import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy

spaces, digits = load_digit_spaces()
seen = {name: X[:1500] for name, X in spaces.items()}
new = {name: X[1500:] for name, X in spaces.items()}

turtle = TurtleClustering(n_clusters=10, random_state=0, verbose=1).fit(seen)
accuracy_seen = clustering_accuracy(digits[:1500], turtle.labels_)
accuracy_new = clustering_accuracy(digits[1500:], turtle.predict(new))
print(f"agreement of the restarts (ARI): {turtle.stability_:.3f}")
print(f"accuracy on the digits seen:     {accuracy_seen:.3f}")
print(f"accuracy on new digits:          {accuracy_new:.3f}")
