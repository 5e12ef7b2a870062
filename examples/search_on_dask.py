"""
Searches on a Dask cluster
==========================

Searches run their fits by joblib: on the cores of this machine or, in a context, on those of a
cluster. ``pip install "dask[distributed]"``.
"""

import joblib
from dask.distributed import Client, LocalCluster
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV

from sklearn_turtle import TurtleClustering
from sklearn_turtle.model_selection import select_n_clusters

X, _ = load_digits(return_X_y=True)
# two workers in this process; of a cluster that is there already: Client("tcp://scheduler:8786")
with (
    LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster,
    Client(cluster),
    joblib.parallel_config("dask"),
):
    selection = select_n_clusters(X, [6, 8, 10, 14], n_jobs=-1, random_state=0)
    print("number of clusters:", selection.n_clusters)

    turtle = TurtleClustering(selection.n_clusters, n_init=4, random_state=0)
    search = GridSearchCV(turtle, {"gamma": [3.0, 10.0]}, cv=2, n_jobs=-1).fit(X)
    print("chosen:", search.best_params_)
