"""
Searches on a Dask cluster
==========================

Searches run their fits with joblib: on the cores of this machine or, inside a context, on a
cluster. ``pip install "dask[distributed]"``.
"""

import joblib
from dask.distributed import Client, LocalCluster
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV

from sklearn_turtle import TurtleClustering, select_n_clusters

# few digits and steps, so that the example is quick
X, _ = load_digits(n_class=5, return_X_y=True)
X = X[:300]
quick = TurtleClustering(cluster_prior="uniform", max_iter=40, polish_iter=10, random_state=0)
# two workers in this process; for an existing cluster use Client("tcp://scheduler:8786")
with (
    LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster,
    Client(cluster),
    joblib.parallel_config("dask"),
):
    selection = select_n_clusters(X, [3, 5], estimator=quick, n_jobs=-1, random_state=0)
    print("number of clusters:", selection.n_clusters)

    turtle = quick.set_params(n_clusters=selection.n_clusters, n_init=4)
    search = GridSearchCV(turtle, {"gamma": [3.0, 10.0]}, cv=2, n_jobs=-1).fit(X)
    print("best parameters:", search.best_params_)
