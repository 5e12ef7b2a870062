"""
Searches on a Ray cluster
=========================

The same searches as on Dask, with the joblib backend that Ray registers: ``pip install ray``.
"""

import joblib
import ray
from ray.util.joblib import register_ray
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV

from sklearn_turtle import TurtleClustering, select_n_clusters

# few digits and steps, so that the example is quick
X, _ = load_digits(n_class=5, return_X_y=True)
X = X[:300]
quick = TurtleClustering(cluster_prior="uniform", max_iter=40, polish_iter=10, random_state=0)
ray.init(num_cpus=2, include_dashboard=False)  # for an existing cluster use address="auto"
register_ray()
with joblib.parallel_config("ray", n_jobs=2):
    selection = select_n_clusters(X, [3, 5], estimator=quick, random_state=0)
    print("number of clusters:", selection.n_clusters)

    turtle = quick.set_params(n_clusters=selection.n_clusters, n_init=4)
    search = GridSearchCV(turtle, {"gamma": [3.0, 10.0]}, cv=2).fit(X)
    print("best parameters:", search.best_params_)
ray.shutdown()
