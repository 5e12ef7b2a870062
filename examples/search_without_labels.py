"""
Choose parameters without labels
================================

scikit-learn's searches work without ``y``. They use the generalization score: the accuracy of
linear classifiers that predict the found labels of held-out rows. ``TurtleSearch`` runs the same
search in less time.
"""

from time import perf_counter

from sklearn.datasets import load_digits
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, RandomizedSearchCV

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.model_selection import TurtleSearch, stability_score

# few digits, restarts and steps, so that the example is quick
X, digits = load_digits(n_class=5, return_X_y=True)
X, digits = X[:400], digits[:400]
# The digits are balanced. With "auto" instead, a fit to few rows might leave a cluster empty.
turtle = TurtleClustering(
    n_clusters=5, cluster_prior="uniform", n_init=4, max_iter=40, polish_iter=20, random_state=0
)
grid = {"gamma": [1.0, 3.0, 10.0]}

searches = [
    TurtleSearch(turtle, grid),
    GridSearchCV(turtle, grid, cv=2),
    RandomizedSearchCV(turtle, grid, n_iter=2, cv=2, random_state=0),
    HalvingGridSearchCV(turtle, grid, cv=2, min_resources=130, random_state=0),
]
for search in searches:
    start = perf_counter()
    search.fit(X)
    seconds = perf_counter() - start
    accuracy = clustering_accuracy(digits, search.best_estimator_.labels_)
    print(
        f"{type(search).__name__:20} {seconds:5.1f} s, chose {search.best_params_}, "
        f"score {search.best_score_:.3f}, accuracy {accuracy:.3f}"
    )

# %%
# The generalization score prefers few clusters. To choose their number, score by the agreement of
# many restarts, or use ``select_n_clusters``, which compares labelings of two halves of the data
# and measures how well classifiers separate the clusters.
numbers = {"n_clusters": [3, 5, 8]}
search = TurtleSearch(turtle.set_params(n_init=16), numbers, scoring=stability_score).fit(X)
print("agreement of the restarts:", search.cv_results_["mean_test_score"].round(3))
print("number of clusters:", search.best_params_["n_clusters"])
