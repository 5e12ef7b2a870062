"""Check one feature matrix of any container."""

import os
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse
import torch
from sklearn.utils import check_array
from sklearn.utils.validation import validate_data

from sklearn_turtle._input._shape import check_not_empty, check_two_dimensions
from sklearn_turtle._input._vectors import check_rows, unpack_vectors
from sklearn_turtle._input.lazy import LazyMatrix, as_lazy

Matrix: TypeAlias = np.ndarray | torch.Tensor | LazyMatrix

# Dtypes that torch can index. Matrices of other dtypes are converted, and thereby copied.
NATIVE_DTYPES = tuple(
    np.dtype(name)
    for name in (
        "float16",
        "float32",
        "float64",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "bool",
    )
)
NATIVE_TENSOR_DTYPES = {torch.bfloat16} | {getattr(torch, dtype.name) for dtype in NATIVE_DTYPES}


def check_matrix(X: Any, name: str | None, *, estimator: Any = None, reset: bool = True) -> Matrix:
    """Check one matrix.

    Values are not checked: the pass that computes the statistics finds NaN and infinity.

    Parameters
    ----------
    X : array-like, DataFrame, tensor, or any object that :func:`as_lazy` recognizes
        The matrix.
    name : str or None
        Name of the space, for messages; None if ``X`` is one matrix of all spaces.
    estimator : estimator or None, default=None
        Estimator on which to set the number and the names of the features (``reset=True``), or
        with which to compare them (``reset=False``).
    reset : bool, default=True
        See ``estimator``.

    Returns
    -------
    ndarray, tensor or LazyMatrix of shape (n_samples, n_features)
        In a dtype that torch can index.

    Raises
    ------
    TypeError
        If the matrix is sparse or nested.
    ValueError
        If ``X`` is not a matrix of real numbers, is empty, has masked entries, or does not match
        the estimator.
    """
    label = "X" if name is None else f"Space {name!r}"
    _refuse_sparse_and_masked(X, label)
    X = unpack_vectors(X, label)
    lazy = as_lazy(X, label, native_dtype)
    if lazy is not None:
        if estimator is not None:
            # a table of columns has feature names; a table with one column of lists has none
            named = X if tuple(getattr(X, "shape", ())) == lazy.shape else lazy
            validate_data(estimator, named, reset=reset, skip_check_array=True)
        return lazy
    if isinstance(X, torch.Tensor):
        _check_tensor(X, label)
        if estimator is not None:
            validate_data(estimator, X, reset=reset, skip_check_array=True)
        return _native_tensor(X.detach())
    options = {"dtype": "numeric", "ensure_all_finite": False, "ensure_min_features": 1}
    try:
        if estimator is None:
            X = check_array(X, input_name=label, **options)
        else:
            X = validate_data(estimator, X, reset=reset, **options)
    except ValueError as error:
        check_rows(X, label)
        raise ValueError(_explained(error, X, name)) from error
    array = np.asarray(X)  # check_array keeps subclasses such as memmap
    if array.dtype == object and any(map(np.iscomplexobj, array.flat)):
        # check_array does not inspect the objects in some tables
        raise ValueError(f"Complex data not supported: {label} holds complex numbers.")
    return array.astype(native_dtype(array.dtype), copy=False)


def _explained(error: ValueError, X: Any, name: str | None) -> str:
    """The message of scikit-learn with the space, and with what to do in common cases."""
    message = str(error) if name is None else f"Space {name!r}: {error}"
    if isinstance(X, np.ndarray) and X.ndim == 3:
        return f"{message} If its first axis stands for spaces, pass list(X)."
    first = X[0] if isinstance(X, (list, tuple)) and len(X) > 0 else X
    if isinstance(first, (str, os.PathLike)):
        return f"{message} {first!r} is a text. If it is a file, load it, as with numpy.load."
    return message


def native_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype itself if torch can index arrays of it, else float64."""
    return dtype if dtype in NATIVE_DTYPES and dtype.isnative else np.dtype(np.float64)


def _native_tensor(X: torch.Tensor) -> torch.Tensor:
    if X.dtype in NATIVE_TENSOR_DTYPES:
        return X
    # torch stores some dtypes, such as 8-bit floats, but does not compute with them
    return X.float() if X.is_floating_point() else X.double()


def _refuse_sparse_and_masked(X: Any, label: str) -> None:
    if scipy.sparse.issparse(X) or hasattr(X, "tocsr"):
        raise TypeError(
            f"{label} is a sparse matrix, but dense features are required. Reduce it to dense "
            "embeddings first, for instance with sklearn.decomposition.TruncatedSVD, or call "
            "X.toarray() if it fits into memory."
        )
    if np.ma.is_masked(X):  # NumPy would return the numbers below the mask
        raise ValueError(
            f"{label} has masked entries, which are missing values: impute them or remove their "
            "rows."
        )


def _check_tensor(X: torch.Tensor, label: str) -> None:
    if X.is_nested:
        raise TypeError(f"{label} is a nested tensor: pass a tensor with rows of equal length.")
    if X.layout != torch.strided:
        raise TypeError(f"{label} is a sparse tensor: pass X.to_dense() if it fits into memory.")
    if X.is_meta:
        raise ValueError(f"{label} is a tensor on the device 'meta', which holds no data.")
    if X.is_complex():
        raise ValueError(f"Complex data not supported: {label} is a tensor of {X.dtype}.")
    check_two_dimensions(X.shape, label, "tensor")
    check_not_empty(X.shape, label)
