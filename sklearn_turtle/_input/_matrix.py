"""Check one feature matrix of any container."""

import numpy as np
import scipy.sparse
import torch
from sklearn.utils import check_array
from sklearn.utils.validation import validate_data

from sklearn_turtle._input.lazy import as_lazy

# What torch can gather as it is; other dtypes are converted, a copy, at input.
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


def check_matrix(X, name, *, estimator=None, reset=True):
    """Check one matrix; finiteness is left to the pass that computes its statistics.

    Parameters
    ----------
    X : array-like, DataFrame, tensor, or an array that is read as needed
        The matrix.
    name : str or None
        The name of the space, for messages; None for a 2-D ``X`` of all spaces.
    estimator : estimator or None
        Where given, the number and the names of the features are set on it (``reset=True``) or
        compared with those it has.
    reset : bool, default=True
        See ``estimator``.

    Returns
    -------
    ndarray, tensor or LazyMatrix of shape (n_samples, n_features)
        Of a dtype that torch can gather.
    """
    label = "X" if name is None else f"Space {name!r}"
    if scipy.sparse.issparse(X) or hasattr(X, "tocsr"):
        raise TypeError(
            f"{label} is a sparse matrix, but dense features are required. Reduce it to dense "
            "embeddings first, for instance with sklearn.decomposition.TruncatedSVD, or call "
            "X.toarray() if it fits into memory."
        )
    if np.ma.is_masked(X):  # whose numbers below the mask NumPy would give away
        raise ValueError(
            f"{label} has masked entries, which are missing values: impute them, or remove their "
            "rows."
        )
    lazy = as_lazy(X, label, _native)
    if lazy is not None:
        if estimator is not None:
            # a table of columns has names; one column of lists has none for the features
            named = X if tuple(getattr(X, "shape", ())) == lazy.shape else lazy
            validate_data(estimator, named, reset=reset, skip_check_array=True)
        return lazy
    if isinstance(X, torch.Tensor):
        _check_tensor(X, label)
        if estimator is not None:
            validate_data(estimator, X, reset=reset, skip_check_array=True)
        X = X.detach()
        if X.dtype in NATIVE_TENSOR_DTYPES:
            return X
        # others, such as those of 8 bits, torch stores but does not compute with
        return X.float() if X.is_floating_point() else X.double()
    options = {"dtype": "numeric", "ensure_all_finite": False, "ensure_min_features": 1}
    if estimator is None:
        X = check_array(X, input_name=label, **options)
    else:
        X = validate_data(estimator, X, reset=reset, **options)
    X = np.asarray(X)  # check_array keeps subclasses such as memmap, which torch does not need
    if X.dtype == object and any(map(np.iscomplexobj, X.flat)):
        # check_array does not look into the objects of some tables
        raise ValueError(f"Complex data not supported: {label} holds complex numbers.")
    return X.astype(_native(X.dtype), copy=False)


def _native(dtype):
    """The dtype in which torch can gather what is of this dtype."""
    return dtype if dtype in NATIVE_DTYPES and dtype.isnative else np.dtype(np.float64)


def _check_tensor(X, label):
    if X.is_nested:
        raise TypeError(f"{label} is a nested tensor: pass one whose rows are all as long.")
    if X.layout != torch.strided:
        raise TypeError(f"{label} is a sparse tensor: pass X.to_dense() if it fits into memory.")
    if X.is_meta:
        raise ValueError(f"{label} is a tensor on the device 'meta', which holds no data.")
    if X.is_complex():
        raise ValueError(f"Complex data not supported: {label} is a tensor of {X.dtype}.")
    if X.ndim != 2:
        raise ValueError(
            f"Expected 2D array, got {X.ndim}D tensor instead: {label} has shape "
            f"{tuple(X.shape)}. Reshape it to (n_samples, n_features)."
        )
    for size, what in zip(X.shape, ("sample", "feature"), strict=True):
        if size == 0:
            raise ValueError(
                f"Found array with 0 {what}(s) (shape={tuple(X.shape)}) while a minimum of 1 is "
                f"required: {label}."
            )


def to_numpy(matrix):
    """A checked matrix as an array; a view of it where NumPy knows its dtype."""
    if not isinstance(matrix, torch.Tensor):
        return np.asarray(matrix)
    matrix = matrix.cpu()
    return (matrix.float() if matrix.dtype == torch.bfloat16 else matrix).numpy()
