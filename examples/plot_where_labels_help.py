"""
Where labels would help
=======================

With a few labeled samples, compare a clustering class by class with a linear classifier that is
trained on them.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.display import ProbeComparisonDisplay
from sklearn_turtle.metrics import compare_with_probe

X, digits = load_digits(return_X_y=True)
turtle = TurtleClustering(n_clusters=10, random_state=0).fit(X)

# %%
# Thirty samples of each digit have labels. The clusters and a linear probe are scored on the same
# rows.
few = np.concatenate([np.flatnonzero(digits == digit)[:30] for digit in range(10)])
comparison = compare_with_probe(turtle.predict(X[few]), X[few], digits[few])
print(f"accuracy without labels {comparison.unsupervised_accuracy:.2f}, ", end="")
print(f"with labels {comparison.supervised_accuracy:.2f}")
print(f"labels would add little for {comparison.optimal()}")

# %%
# Labels help for the classes below the diagonal.
ProbeComparisonDisplay(comparison).plot()
plt.show()
