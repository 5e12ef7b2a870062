"""Checked spaces as arrays for scikit-learn's own estimators."""

from sklearn_turtle._input._device import as_tensor
from sklearn_turtle._input._matrix import to_numpy
from sklearn_turtle._input._rows import check_finite


def float_arrays(spaces):
    """Features of each space as a NumPy array of floats, all finite.

    Parameters
    ----------
    spaces : Spaces
        Checked spaces.

    Returns
    -------
    list of ndarray of shape (n_samples, n_features of the space)
        All float64 where a space is of 64-bit numbers, else float32. Not to be changed.

    Raises
    ------
    ValueError
        If a space holds NaN or infinity.
    """
    arrays = []
    for name, matrix in zip(spaces.names, spaces.matrices, strict=True):
        array = to_numpy(matrix).astype(spaces.float_dtype, copy=False)
        check_finite(name, as_tensor(array))
        arrays.append(array)
    return arrays
