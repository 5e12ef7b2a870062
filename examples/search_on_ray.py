"""
Searches on a Ray cluster
=========================

The same as on Dask, by the joblib backend that Ray registers: ``pip install ray``.
"""

import joblib
import ray
from ray.util.joblib import register_ray
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV

from sklearn_turtle import TurtleClustering
from sklearn_turtle.model_selection import select_n_clusters

X, _ = load_digits(return_X_y=True)
ray.init(num_cpus=2, include_dashboard=False)  # of a cluster that is there: address="auto"
register_ray()
with joblib.parallel_config("ray", n_jobs=2):
    selection = select_n_clusters(X, [6, 8, 10, 14], random_state=0)
    print("number of clusters:", selection.n_clusters)

    turtle = TurtleClustering(selection.n_clusters, n_init=4, random_state=0)
    search = GridSearchCV(turtle, {"gamma": [3.0, 10.0]}, cv=2).fit(X)
    print("chosen:", search.best_params_)
ray.shutdown()
