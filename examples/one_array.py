"""
Several spaces as one array, and scores without labels
======================================================

scikit-learn's tools split the rows of one array. ``stack_spaces`` joins several spaces into one
array, and returns the widths by which ``TurtleClustering`` separates them. Two scores need no
labels: the accuracy of linear classifiers that predict the clusters of held-out rows, and the
agreement of fits. This example compares the defaults with the settings of the authors' released
code, with fewer steps.
"""

from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering, stack_spaces
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy, generalization_score, stability

spaces, digits = load_digit_spaces()
few, digits = [X[:300] for X in spaces.values()], digits[:300]
X, widths = stack_spaces(few)
released = {**RELEASED_SETTINGS, "max_iter": 20}
for name, settings in (("defaults", {}), ("released settings", released)):
    turtle = TurtleClustering(10, spaces=widths, **settings)
    fits = [turtle.set_params(random_state=seed).fit_predict(X) for seed in range(2)]
    score = generalization_score(fits[-1], few, cv=3)
    print(
        f"{name}: agreement of two fits {stability(fits):.2f}, generalization score {score:.2f}, "
        f"accuracy {clustering_accuracy(digits, fits[-1]):.2f}"
    )
