"""
Do the restarts agree?
======================

A fit trains many restarts side by side. If they agree, the data determine the labeling; if they
form several groups, there is more than one good labeling.
"""

import matplotlib.pyplot as plt
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.display import AgreementDisplay, LossCurvesDisplay

X, _ = load_digits(return_X_y=True)
turtle = TurtleClustering(n_clusters=10, random_state=0).fit(X)
print(f"mean agreement of two restarts: {turtle.stability_:.3f}")
AgreementDisplay.from_estimator(turtle).plot()
LossCurvesDisplay.from_estimator(turtle).plot()
plt.show()
