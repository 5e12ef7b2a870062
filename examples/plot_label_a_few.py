"""
From clusters to classes with a few labels
==========================================

Thirty labeled digits name the clusters of the other 1767. Inspect the least certain samples first,
or reject uncertain predictions.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.display import ConfidenceDisplay, MatchedConfusionDisplay
from sklearn_turtle.exploration import assign_classes, uncertain_samples
from sklearn_turtle.metrics import coverage

X, digits = load_digits(return_X_y=True)
turtle = TurtleClustering(n_clusters=10, random_state=0).fit(X)

# %%
# Make a classifier from the clusters and three labeled samples of each class.
few = np.concatenate([np.flatnonzero(digits == digit)[:3] for digit in range(10)])
classifier = assign_classes(turtle, X[few], digits[few])
print(f"accuracy with {len(few)} labels: {classifier.score(X, digits):.3f}")

# %%
# Errors are more frequent among uncertain samples.
wrong = classifier.predict(X) != digits
uncertain = uncertain_samples(turtle, X, 100)
print(f"error rate: {wrong.mean():.3f} overall, {wrong[uncertain].mean():.3f} of the least certain")
labels = turtle.predict(X, reject_below=0.5)
rejected = labels == -1
print(f"error rate: {wrong[~rejected].mean():.3f} of the {coverage(labels):.0%} not rejected")

# %%
# Plot the confidence and the errors.
ConfidenceDisplay.from_estimator(turtle, X).plot()
MatchedConfusionDisplay.from_predictions(digits, turtle.labels_).plot()
plt.show()
