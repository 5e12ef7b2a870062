"""Any input leads to a result without NaN or to a documented error.

Set ``SKLEARN_TURTLE_FUZZ=2000`` to try 2000 new inputs instead of the fixed ones of every run.
"""

import os
import tempfile
import warnings

import dask.array
import h5py
import numpy as np
import pandas as pd
import polars as pl
import pyarrow
import pytest
import scipy.sparse
import torch
import zarr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError

from sklearn_turtle import TurtleClustering

N_INPUTS = int(os.environ.get("SKLEARN_TURTLE_FUZZ", "100"))
DOCUMENTED = (ValueError, TypeError)  # NotFittedError is a ValueError

DTYPES = [
    *("float16", "float32", "float64", ">f4", ">f8", "longdouble", "bool", "int8", "uint8"),
    *("int16", "uint16", "int32", ">i4", "int64", "uint64", "complex64", "datetime64[s]"),
    *("timedelta64[s]", "object", "U5", "S5"),
]
LAYOUTS = {
    "C": lambda x: x,
    "Fortran": np.asfortranarray,
    "every other row and column": lambda x: np.repeat(np.repeat(x, 2, 0), 2, 1)[::2, ::2],
    "backwards": lambda x: x[::-1, ::-1].copy()[::-1, ::-1],
    "equal rows": lambda x: np.broadcast_to(x[:1], x.shape),
    "read-only": lambda x: np.lib.stride_tricks.as_strided(x, writeable=False),
    "unaligned": lambda x: np.frombuffer(b"x" + x.tobytes(), x.dtype, offset=1).reshape(x.shape),
}


def memory_map(x):
    with tempfile.TemporaryFile() as file:
        x.tofile(file)
        return np.memmap(file, x.dtype, "r", shape=x.shape)


def zarr_array(x):
    array = zarr.create_array(
        {}, shape=x.shape, chunks=tuple(max(1, size // 2) for size in x.shape), dtype=x.dtype
    )
    array[:] = x
    return array


def hdf5_dataset(x):
    file = h5py.File("x.h5", "w", driver="core", backing_store=False)
    return file.create_dataset("x", data=x)


def arrow_table(x):
    return pyarrow.table({f"c{j}": x[:, j] for j in range(x.shape[1])})


def with_missing(x):
    return pd.DataFrame(x).astype("Float64").mask(np.arange(x.size).reshape(x.shape) == 1)


CONTAINERS = {
    "array": lambda x: x,
    "matrix": np.asmatrix,
    "list of rows": lambda x: x.tolist(),
    "tuple of rows": lambda x: tuple(map(tuple, x.tolist())),
    "list of arrays": list,
    "ragged rows": lambda x: [list(row)[: i + 1] for i, row in enumerate(x)],
    "array of objects": lambda x: x.astype(object),
    "array of a column of lists": lambda x: np.array([*x.tolist(), None], dtype=object)[:-1],
    "masked array": lambda x: np.ma.array(x, mask=np.arange(x.size).reshape(x.shape) == 1),
    "masked array without masked entries": np.ma.array,
    "records": lambda x: np.array([tuple(row) for row in x[:, :1]], dtype=[("a", x.dtype)]),
    "pandas": lambda x: pd.DataFrame(x),
    "pandas with names": lambda x: pd.DataFrame(x, columns=[f"a__{j}" for j in range(x.shape[1])]),
    "pandas with missing values": with_missing,
    "pandas of categories": lambda x: pd.DataFrame(x).astype("category"),
    "pandas series": lambda x: pd.Series(x[:, 0]),
    "polars": pl.DataFrame,
    "pandas series of vectors": lambda x: pd.Series(list(x)),
    "polars series": lambda x: pl.Series(x[:, 0]),
    "polars series of vectors": lambda x: pl.Series(x.tolist()),
    "polars lazy frame": lambda x: pl.DataFrame(x).lazy(),
    "tensor": torch.tensor,
    "tensor of bfloat16": lambda x: torch.tensor(x).bfloat16(),
    "tensor of float8": lambda x: torch.tensor(x).to(torch.float8_e5m2),
    "tensor, transposed": lambda x: torch.tensor(x.T).T,
    "tensor that needs a gradient": lambda x: torch.tensor(x).float().requires_grad_(),
    "tensor without data": lambda x: torch.tensor(x).to("meta"),
    "sparse tensor": lambda x: torch.tensor(x).to_sparse(),
    "nested tensor": lambda x: torch.nested.nested_tensor(list(torch.tensor(x))),
    "memory map": memory_map,
    "zarr": zarr_array,
    "hdf5": hdf5_dataset,
    "dask": lambda x: dask.array.from_array(x, chunks=3),
    "dask of unknown length": lambda x: dask.array.from_array(x)[
        dask.array.from_array(x)[:, 0] > 0
    ],
    "arrow": arrow_table,
    "arrow array of lists": lambda x: pyarrow.array(x.tolist()),
    "arrow batch": lambda x: arrow_table(x).to_batches()[0],
    "sparse matrix": scipy.sparse.csr_matrix,
    "sparse array": scipy.sparse.coo_array,
    "one row": lambda x: x[0],
    "one column": lambda x: x[:, 0],
    "one number": lambda x: x.flat[0],
    "three dimensions": lambda x: x[None],
    "iterator": iter,
    "bytes": lambda x: x.tobytes(),
    "text": str,
    "None": lambda x: None,
    "a class": lambda x: np.ndarray,
}
USUAL = [
    *("array", "list of rows", "pandas", "polars", "tensor", "memory map", "zarr", "hdf5"),
    *("dask", "arrow"),
]
VALUES = [0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, 1e-320, 1e-30, 1e5, 1e30, 3e38, 1.7e308]


@st.composite
def matrices(draw, n_rows, width):
    """A matrix of this shape in any container, most often a usual one."""
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    x = rng.normal(size=(n_rows, width))
    layout = draw(st.sampled_from(list(LAYOUTS)))
    if draw(st.integers(0, 3)) > 0:
        dtype = draw(st.sampled_from(["float32", "float16", "float64"]))
        container = draw(st.sampled_from(USUAL))
    else:
        x *= draw(st.sampled_from([1.0, 30.0, 1e-30, 1e30]))
        for value in draw(st.lists(st.sampled_from(VALUES), max_size=2)):
            x[rng.random(x.shape) < draw(st.sampled_from([0.1, 1.0]))] = value
        dtype = draw(st.sampled_from(DTYPES))
        container = draw(st.sampled_from(list(CONTAINERS)))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return CONTAINERS[container](LAYOUTS[layout](x.astype(dtype)))
    except Exception:  # the container cannot hold these values
        return x


@st.composite
def inputs(draw, n_rows, widths):
    """One matrix or a collection of matrices; now and then, rows and widths differ."""
    if draw(st.integers(0, 9)) == 0:
        n_rows = draw(st.sampled_from([0, 1, 2]))
    if draw(st.integers(0, 9)) == 0:
        widths = [draw(st.integers(0, 3)) for _ in widths]
    if draw(st.integers(0, 2)) == 0:
        return draw(matrices(n_rows, sum(widths)))
    entries = [draw(matrices(n_rows, width)) for width in widths]
    if draw(st.integers(0, 19)) == 0:
        entries.append(draw(matrices(n_rows + 1, 2)))
    collection = draw(st.sampled_from(["list", "tuple", "dict", "numbered", "array"]))
    if collection == "array":
        array = np.empty(len(entries), dtype=object)
        for k, entry in enumerate(entries):
            array[k] = entry
        return array
    if collection in ("dict", "numbered"):
        return {k if collection == "numbered" else f"s{k}": x for k, x in enumerate(entries)}
    return entries if collection == "list" else tuple(entries)


NUMBERS = [0, 1, 2, 3, -1, 0.5, 1e-300, 1e300, np.nan, np.inf, True, None, "a", "auto", [1], 10**30]
# 10**30 steps would be valid, and never end
COUNTS = [number for number in NUMBERS if number != 10**30]
PARAMETERS = {
    "n_clusters": NUMBERS,
    "gamma": NUMBERS,
    "n_init": COUNTS,
    "max_iter": COUNTS,
    "polish_iter": COUNTS,
    "inner_steps": COUNTS,
    "inner_lr": NUMBERS,
    "outer_lr": NUMBERS,
    "batch_size": NUMBERS,
    "n_components": NUMBERS,
    "cluster_prior": ["auto", "uniform", *NUMBERS, [0.5, 0.5], [np.nan, 1], [1, 0], [[1, 2]], {}],
    "spaces": [
        *(None, "prefix", "a", 3, [], {}, [1, 1], [1, 2], [2, -1], [[0], [1]], {"a": "a__0"}),
        *([slice(0, 1), slice(1, None)], [[0], "a"], [None], {"a": [0], "b": [0, 0]}, [[10**30]]),
        *({"a": [True]}, {"a": {0: 1}}, [np.array([0, 1])], np.array([1, 1])),
    ],
    "inner_start": ["zero", "cold", "warm", "a", None],
    "schedule": ["cosine", "constant", "a"],
    "scaling": ["l1", None, "a", 3],
    "calibrate": [True, False, 1, "a"],
    "device": ["cpu", "auto", "meta", "cuda:7", "a", None, 3, torch.device("cpu")],
    "precision": ["auto", "float32", "bfloat16", "a", None],
    "random_state": [None, 0, -1, 10**30, "a", np.random.RandomState(0)],
    "verbose": [0, -1, "a", None],
}


def valid_or_not(name):
    return st.tuples(st.just(name), st.sampled_from(PARAMETERS[name]))


parameters = st.lists(st.sampled_from(list(PARAMETERS)).flatmap(valid_or_not), max_size=2).map(dict)


def attempt(method, *arguments):
    """The result of a method, or None if it raises a documented error."""
    try:
        return method(*arguments)
    except DOCUMENTED:
        return None


def assert_whole(turtle):
    n_clusters = turtle.n_clusters
    assert 0 <= turtle.labels_.min() <= turtle.labels_.max() < n_clusters
    for array in (*turtle.coef_, *turtle.intercept_, turtle.temperature_):
        assert np.isfinite(array).all()


def assert_predicted(turtle, X):
    labels = attempt(turtle.predict, X)
    probabilities = attempt(turtle.predict_proba, X)
    assert (labels is None) == (probabilities is None)
    if labels is None:
        return
    # the values of Dask arrays are checked when they are computed
    labels, probabilities = attempt(np.asarray, labels), attempt(np.asarray, probabilities)
    assert (labels is None) == (probabilities is None)
    if labels is not None:
        assert np.isfinite(probabilities).all()
        np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-4)
        np.testing.assert_array_equal(probabilities.argmax(1), labels)


@pytest.mark.filterwarnings("ignore::UserWarning")  # about empty clusters or doubtful results
@settings(
    max_examples=N_INPUTS,
    derandomize="SKLEARN_TURTLE_FUZZ" not in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_a_result_or_a_documented_error(data):
    n_rows = data.draw(st.integers(2, 12))
    widths = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=2))
    X, others = (data.draw(inputs(n_rows, widths)) for _ in range(2))
    few_steps = {"n_clusters": 2, "n_init": 2, "max_iter": 2, "polish_iter": 1, "device": "cpu"}
    turtle = TurtleClustering(**(few_steps | data.draw(parameters)))
    fit = turtle.partial_fit if data.draw(st.integers(0, 3)) == 0 else turtle.fit
    if attempt(fit, X) is None:
        for method in (turtle.predict, turtle.predict_proba, turtle.score):
            with pytest.raises(NotFittedError):
                method(X)
        return
    assert_whole(turtle)
    for chunk in (X, others):
        assert_predicted(turtle, chunk)
        score = attempt(turtle.score, chunk)
        assert score is None or 0 <= score <= 1
    if attempt(turtle.partial_fit, others) is not None:
        assert_whole(turtle)
        assert_predicted(turtle, others)
