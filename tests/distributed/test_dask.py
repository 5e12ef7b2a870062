"""Searches and predictions on a Dask cluster."""

from functools import partial

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV

from sklearn_turtle import stack_spaces
from sklearn_turtle.distributed import predict_frame
from sklearn_turtle.model_selection import TurtleSearch, select_n_clusters
from tests.support.two_spaces import WIDTHS, small_turtle, two_spaces

SPACES, _ = two_spaces()
X, _ = stack_spaces(SPACES)
GRID = {"gamma": [5.0, 10.0], "n_init": [2, 3]}


@pytest.fixture(scope="module")
def client():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def n_calls(client):
    """Number of tasks that the workers have done."""
    return sum(client.run(lambda dask_worker: len(dask_worker.state.log)).values())


@pytest.mark.parametrize("kind", [partial(GridSearchCV, cv=2), TurtleSearch])
def test_a_search_is_spread(client, kind):
    turtle = small_turtle(spaces=WIDTHS, max_iter=20)
    before = n_calls(client)
    with joblib.parallel_config("dask"):
        spread = kind(turtle, GRID, n_jobs=-1).fit(X)
    assert n_calls(client) > before
    here = kind(turtle, GRID).fit(X)
    assert spread.best_params_ == here.best_params_
    np.testing.assert_allclose(
        spread.cv_results_["mean_test_score"], here.cv_results_["mean_test_score"], atol=0.02
    )
    assert spread.predict(X).shape == (240,)


def test_the_number_of_clusters_is_sought_on_the_cluster(client):
    before = n_calls(client)
    with joblib.parallel_config("dask"):
        spread = select_n_clusters(SPACES, [3, 4, 6], n_init=4, n_jobs=-1, random_state=0)
    assert n_calls(client) > before
    here = select_n_clusters(SPACES, [3, 4, 6], n_init=4, random_state=0)
    assert spread.n_clusters == here.n_clusters
    np.testing.assert_allclose(spread.stability, here.stability, atol=0.05)


def test_partitions_of_a_table(client):
    dataframe = pytest.importorskip("dask.dataframe")
    table = pd.DataFrame(X, columns=[f"space__{j}" for j in range(20)]).assign(id=np.arange(240))
    turtle = small_turtle(max_iter=20).fit(table.drop(columns="id"))
    predict = partial(predict_frame, turtle)
    partitioned = dataframe.from_pandas(table, npartitions=3)
    lazy = partitioned[partitioned["id"] != 300].map_partitions(predict, meta=predict(table[:0]))
    pd.testing.assert_frame_equal(lazy.compute(), predict(table))


def test_blocks_of_an_array(client):
    array = pytest.importorskip("dask.array")
    turtle = small_turtle(spaces=WIDTHS, max_iter=20).fit(X)
    blocks = array.from_array(X, chunks=(100, -1))
    labels = blocks.map_blocks(turtle.predict, dtype=np.int32, drop_axis=1)
    np.testing.assert_array_equal(labels.compute(), turtle.labels_)
