"""
Choosing parameters without labels
==================================

scikit-learn's searches work without ``y``: they score by the generalization score, which says how
well linear classifiers predict the found labels on rows that they have not seen. ``TurtleSearch``
does the same in less time.
"""

from time import perf_counter

from sklearn.datasets import load_digits
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, RandomizedSearchCV

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.model_selection import TurtleSearch, stability_score

X, digits = load_digits(return_X_y=True)
# The digits are balanced. Were that not said, a fit to few of them might leave a cluster empty.
turtle = TurtleClustering(n_clusters=10, cluster_prior="uniform", n_init=4, random_state=0)
grid = {"gamma": [3.0, 10.0], "outer_lr": [0.003, 0.01]}

searches = [
    TurtleSearch(turtle, grid),
    GridSearchCV(turtle, grid, cv=3),
    RandomizedSearchCV(turtle, grid, n_iter=2, cv=3, random_state=0),
    HalvingGridSearchCV(turtle, grid, cv=3, random_state=0),
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
# The generalization score prefers few clusters. For their number, score by the agreement of many
# restarts; ``select_n_clusters`` asks how labelings of two halves of the data agree, and how well
# classifiers tell the clusters apart.
numbers = {"n_clusters": [6, 10, 15]}
search = TurtleSearch(turtle.set_params(n_init=32), numbers, scoring=stability_score).fit(X)
print("agreement of the restarts:", search.cv_results_["mean_test_score"].round(3))
print("number of clusters:", search.best_params_["n_clusters"])
