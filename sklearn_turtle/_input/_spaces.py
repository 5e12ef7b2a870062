"""Many feature matrices over the same rows: telling them apart and checking them.

The one job of this module is to turn whatever the user passed as ``X`` into named matrices,
one a space, or to say what is wrong with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral

import numpy as np
import scipy.sparse
import torch
from sklearn.utils import check_array
from sklearn.utils.validation import validate_data

from sklearn_turtle._input.lazy import DaskMatrix, LazyMatrix, as_lazy, has_two_dimensions, is_memory_map

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


@dataclass(frozen=True)
class Spaces:
    """Feature matrices over the same rows.

    Attributes
    ----------
    names : list of str
        Name of each space.
    matrices : list of (ndarray, tensor or LazyMatrix) of shape (n_samples, n_features of the space)
        Features of each space, views of what was passed wherever that is possible.
    columns : list of (slice or ndarray of int)
        Where the features of each space stand in the columns of the stacked matrix.
    """

    names: list
    matrices: list
    columns: list

    @property
    def n_samples(self):
        return self.matrices[0].shape[0]

    @property
    def widths(self):
        return [matrix.shape[1] for matrix in self.matrices]

    @property
    def float_dtype(self):
        """float64 where a space is of 64-bit numbers, else float32."""
        wide = {"float64", "int32", "int64"}
        kinds = {str(matrix.dtype).removeprefix("torch.") for matrix in self.matrices}
        return np.dtype(np.float64 if kinds & wide else np.float32)

    @property
    def read_as_needed(self):
        """Whether the rows of a space are read from where they lie as they are needed."""
        return any(isinstance(m, LazyMatrix) or is_memory_map(m) for m in self.matrices)

    @property
    def on_dask(self):
        """Whether all spaces are Dask arrays."""
        return all(isinstance(matrix, DaskMatrix) for matrix in self.matrices)

    def only(self, name):
        """The space of that name alone."""
        k = self.names.index(name)
        return Spaces([name], [self.matrices[k]], [self.columns[k]])


def stack_spaces(X):
    """Join the feature matrices of several spaces into one, for scikit-learn's tools.

    Cross-validation, grid search and pipelines split the rows of one 2-D array; a plain list
    of matrices they would split by its entries, that is, by spaces.

    Parameters
    ----------
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space)
        One matrix a space, over the same rows.

    Returns
    -------
    X : ndarray of shape (n_samples, n_features), or a tensor where all spaces are tensors
        The columns of all spaces side by side, in the dtype that holds them all.
    widths : list of int
        Number of columns of each space, to be passed as ``TurtleClustering(spaces=widths)``.

    Raises
    ------
    ValueError
        If ``X`` is not a collection of 2-D matrices or their numbers of rows differ.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_turtle import stack_spaces
    >>> X, widths = stack_spaces([np.zeros((5, 3)), np.ones((5, 2))])
    >>> X.shape, widths
    ((5, 5), [3, 2])
    """
    if not is_collection_of_spaces(X):
        raise ValueError(
            "stack_spaces expects a list, tuple or dict of 2-D matrices, one a space; got "
            f"{_describe(X)}."
        )
    spaces = spaces_of_collection(X)
    if all(isinstance(matrix, torch.Tensor) for matrix in spaces.matrices):
        return torch.cat(spaces.matrices, dim=1), spaces.widths
    return np.hstack([to_numpy(matrix) for matrix in spaces.matrices]), spaces.widths


def is_collection_of_spaces(X):
    """Whether ``X`` holds one matrix a space, rather than being one matrix itself."""
    if isinstance(X, Mapping):
        return True
    if not isinstance(X, (list, tuple)) or len(X) == 0:
        return False
    # a list of rows is one matrix, as everywhere in scikit-learn; in a list of spaces every
    # entry has rows that have entries
    return any(_n_dimensions(entry) >= 2 for entry in X)


def spaces_of_collection(X):
    """Check a list, tuple or dict of matrices.

    Returns
    -------
    Spaces
    """
    if len(X) == 0:
        raise ValueError("X holds no space: pass at least one 2-D feature matrix.")
    if isinstance(X, Mapping):
        names = [str(name) for name in X]
        if len(set(names)) < len(names):
            raise ValueError(f"The names of the spaces are not distinct: {names}.")
        entries = list(X.values())
    else:
        names = [f"space{k}" for k in range(len(X))]
        entries = list(X)
    matrices = [check_matrix(matrix, name) for name, matrix in zip(names, entries, strict=True)]
    for name, matrix in zip(names, matrices, strict=True):
        if matrix.shape[0] != matrices[0].shape[0]:
            raise ValueError(
                "All spaces must have the same rows: space "
                f"{names[0]!r} has {matrices[0].shape[0]} samples, space {name!r} has "
                f"{matrix.shape[0]}."
            )
    ends = np.cumsum([matrix.shape[1] for matrix in matrices]).tolist()
    columns = [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]
    return Spaces(names, matrices, columns)


def spaces_of_matrix(matrix, names, columns):
    """Split one checked matrix into spaces by its columns."""
    if isinstance(matrix, LazyMatrix):
        return Spaces(names, [matrix.select_columns(cols) for cols in columns], columns)
    return Spaces(names, [matrix[:, cols] for cols in columns], columns)


def parse_columns(spaces, n_features, feature_names=None):
    """Work out which columns of a 2-D ``X`` belong to which space.

    Parameters
    ----------
    spaces : None, "prefix", list or dict
        As given to :class:`TurtleClustering`.
    n_features : int
        Number of columns of ``X``.
    feature_names : sequence of str or None
        Column names of ``X``.

    Returns
    -------
    names : list of str
        Name of each space.
    columns : list of (slice or ndarray of int)
        Columns of each space.
    """
    if spaces is None:
        return ["space0"], [slice(0, n_features)]
    if isinstance(spaces, str):
        return _parse_prefixes(spaces, feature_names)
    if isinstance(spaces, Mapping):
        names, entries = [str(name) for name in spaces], list(spaces.values())
    else:
        entries = list(spaces)
        names = [f"space{k}" for k in range(len(entries))]
    if len(entries) == 0:
        raise ValueError(f"spaces={spaces!r} names no space.")
    if all(isinstance(entry, Integral) for entry in entries) and not isinstance(spaces, Mapping):
        return names, _parse_widths(entries, n_features)
    columns = [
        _parse_selection(name, entry, n_features, feature_names)
        for name, entry in zip(names, entries, strict=True)
    ]
    return names, columns


def _parse_prefixes(spaces, feature_names):
    if spaces != "prefix":
        raise ValueError(
            f"spaces={spaces!r} is not understood: the only string is 'prefix', which groups the "
            "columns of a DataFrame by what stands before '__' in their names."
        )
    if feature_names is None:
        raise ValueError(
            "spaces='prefix' needs a DataFrame whose column names are strings; X has no column "
            "names. Pass the widths of the spaces instead, or make the steps before output "
            "DataFrames with set_output(transform='pandas')."
        )
    groups: dict[str, list[int]] = {}
    for index, feature_name in enumerate(feature_names):
        prefix, separator, _ = feature_name.partition("__")
        if not separator:
            raise ValueError(
                f"spaces='prefix' needs column names such as 'clip__0'; column {feature_name!r} "
                "has no '__'."
            )
        groups.setdefault(prefix, []).append(index)
    return list(groups), [_as_slice(np.array(indices)) for indices in groups.values()]


def _parse_widths(widths, n_features):
    if min(widths) < 1:
        raise ValueError(f"The widths in spaces={widths} must be at least 1.")
    if sum(widths) != n_features:
        raise ValueError(
            f"The widths in spaces={widths} add up to {sum(widths)}, but X has {n_features} "
            "features. Pass the widths that stack_spaces returned with this X."
        )
    ends = np.cumsum(widths).tolist()
    return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]


def _parse_selection(name, selection, n_features, feature_names):
    where = f"Space {name!r} in spaces"
    if isinstance(selection, slice):
        bounds = (selection.start, selection.stop, selection.step)
        if not all(bound is None or isinstance(bound, Integral) for bound in bounds):
            raise ValueError(f"{where} is {selection!r}: a slice must have integer bounds.")
        indices = np.arange(n_features)[selection]
    else:
        if isinstance(selection, (str, Integral)):
            selection = [selection]
        selection = list(selection)
        if len(selection) > 0 and all(isinstance(column, str) for column in selection):
            if feature_names is None:
                raise ValueError(f"{where} gives column names, but X has none: pass positions.")
            known = {column: index for index, column in enumerate(feature_names)}
            missing = [column for column in selection if column not in known]
            if missing:
                raise ValueError(f"{where} names columns that X does not have: {missing[:5]}.")
            selection = [known[column] for column in selection]
        if not all(isinstance(column, Integral) for column in selection):
            raise ValueError(
                f"{where} must be a slice, positions or column names; got {selection!r}."
            )
        outside = [column for column in selection if not -n_features <= column < n_features]
        if outside:
            raise ValueError(
                f"{where} asks for column {outside[0]}, but X has {n_features} features."
            )
        indices = np.array(selection, dtype=np.intp) % n_features
    if len(indices) == 0:
        raise ValueError(f"{where} selects no column of X, which has {n_features} features.")
    return _as_slice(indices)


def _as_slice(indices):
    """A slice where the indices are a range, so that a view serves instead of a copy."""
    start, stop = int(indices[0]), int(indices[-1]) + 1
    if np.array_equal(indices, np.arange(start, stop)):
        return slice(start, stop)
    return indices


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


def _n_dimensions(entry):
    if has_two_dimensions(entry):
        return 2
    if isinstance(entry, torch.Tensor):  # a nested one has no shape
        return entry.dim()
    if hasattr(entry, "shape"):
        return len(entry.shape)
    depth = 0
    while isinstance(entry, (list, tuple)):
        depth += 1
        entry = entry[0] if len(entry) > 0 else None
    return depth


def _describe(X):
    shape = getattr(X, "shape", None)
    return f"{type(X).__name__}" + (f" of shape {tuple(shape)}" if shape is not None else "")
