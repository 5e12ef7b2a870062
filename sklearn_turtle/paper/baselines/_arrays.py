"""Convert checked spaces to arrays for scikit-learn's estimators."""

import numpy as np

from sklearn_turtle._input._conversion import as_tensor, to_numpy
from sklearn_turtle._input._rows import check_finite
from sklearn_turtle._input._spaces import Spaces


def float_arrays(spaces: Spaces) -> list[np.ndarray]:
    """Convert each space to a NumPy array of finite floats.

    Parameters
    ----------
    spaces : Spaces
        Checked spaces.

    Returns
    -------
    list of ndarray of shape (n_samples, n_features of the space)
        All float64 if any space has 64-bit numbers, else float32. Do not write to them: they
        may share memory with the input.

    Raises
    ------
    ValueError
        If a space contains NaN or infinity.
    """
    arrays = []
    for name, matrix in zip(spaces.names, spaces.matrices, strict=True):
        array = to_numpy(matrix).astype(spaces.float_dtype, copy=False)
        check_finite(name, as_tensor(array))
        arrays.append(array)
    return arrays
