"""
Several spaces as one array, scored without labels
==================================================

scikit-learn's tools split the rows of one array. ``stack_spaces`` makes it of several spaces, and
tells the widths by which ``TurtleClustering`` takes them apart again. Two scores need no labels:
how well linear classifiers predict the clusters of held-out rows, and how far fits agree. The
defaults stand beside the settings of the authors' released code, with fewer steps here.
"""

from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering, stack_spaces
from sklearn_turtle.datasets._digits import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy, generalization_score, stability

spaces, digits = load_digit_spaces()
few, digits = [X[:600] for X in spaces.values()], digits[:600]
X, widths = stack_spaces(few)
released = {**RELEASED_SETTINGS, "max_iter": 100, "batch_size": 500}
for name, settings in (("defaults", {}), ("released settings", released)):
    turtle = TurtleClustering(10, spaces=widths, **settings)
    fits = [turtle.set_params(random_state=seed).fit_predict(X) for seed in range(2)]
    score = generalization_score(fits[-1], few, cv=3)
    print(
        f"{name}: agreement of two fits {stability(fits):.2f}, generalization score {score:.2f}, "
        f"accuracy {clustering_accuracy(digits, fits[-1]):.2f}"
    )
