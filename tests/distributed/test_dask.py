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
# The scores of these candidates differ by more than rounding.
GRID = {"outer_lr": [1e-5, 1e-2]}
SHORT = {"n_init": 2, "max_iter": 20, "polish_iter": 5}


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


def n_tasks(client):
    """Return the number of tasks that the workers have run."""
    return sum(client.run(lambda dask_worker: len(dask_worker.state.log)).values())


# The labelings of a very small learning rate are arbitrary.
@pytest.mark.filterwarnings("ignore:.*(clusters are empty|restarts hardly agree)")
@pytest.mark.parametrize("kind", [partial(GridSearchCV, cv=2), TurtleSearch])
def test_search(client, kind):
    turtle = small_turtle(spaces=WIDTHS, **SHORT)
    before = n_tasks(client)
    with joblib.parallel_config("dask"):
        on_dask = kind(turtle, GRID, n_jobs=-1).fit(X)
    assert n_tasks(client) > before
    local = kind(turtle, GRID).fit(X)
    assert on_dask.best_params_ == local.best_params_
    np.testing.assert_allclose(
        on_dask.cv_results_["mean_test_score"], local.cv_results_["mean_test_score"], atol=0.02
    )
    assert on_dask.predict(X).shape == (240,)


def test_select_n_clusters(client):
    select = partial(
        select_n_clusters,
        SPACES,
        [2, 4],
        estimator=small_turtle(**SHORT),
        n_init=4,
        random_state=0,
    )
    before = n_tasks(client)
    with joblib.parallel_config("dask"):
        on_dask = select(n_jobs=-1)
    assert n_tasks(client) > before
    local = select()
    assert on_dask.n_clusters == local.n_clusters
    np.testing.assert_allclose(on_dask.stability, local.stability, atol=0.05)


def test_predict_partitions_of_a_table(client):
    dataframe = pytest.importorskip("dask.dataframe")
    table = pd.DataFrame(X, columns=[f"space__{j}" for j in range(20)]).assign(id=np.arange(240))
    turtle = small_turtle(**SHORT).fit(table.drop(columns="id"))
    predict = partial(predict_frame, turtle)
    partitioned = dataframe.from_pandas(table, npartitions=3)
    lazy = partitioned[partitioned["id"] != 300].map_partitions(predict, meta=predict(table[:0]))
    pd.testing.assert_frame_equal(lazy.compute(), predict(table))


def test_predict_blocks_of_an_array(client):
    array = pytest.importorskip("dask.array")
    turtle = small_turtle(spaces=WIDTHS, **SHORT).fit(X)
    blocks = array.from_array(X, chunks=(100, -1))
    labels = blocks.map_blocks(turtle.predict, dtype=np.int32, drop_axis=1)
    np.testing.assert_array_equal(labels.compute(), turtle.labels_)
