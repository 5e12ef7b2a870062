"""View checked matrices as tensors or as arrays, without a copy if possible."""

import numpy as np
import torch
from numpy.typing import ArrayLike


def as_tensor(matrix: ArrayLike | torch.Tensor) -> torch.Tensor:
    """View a matrix as a tensor.

    Parameters
    ----------
    matrix : ndarray, tensor or LazyMatrix
        Features. An array may be read-only or memory-mapped; it is never written to. A LazyMatrix
        is read as a whole.

    Returns
    -------
    tensor
        A view of the memory of the matrix, except for arrays with negative strides.
    """
    if isinstance(matrix, torch.Tensor):
        return matrix
    array = np.asarray(matrix)
    if any(stride < 0 for stride in array.strides):  # torch has no negative strides
        array = array.copy()
    if not array.flags.writeable:
        # torch warns about read-only arrays, because it could write to them; this package does not
        array = np.asarray(_WriteableView(array))
    return torch.from_numpy(array)


def to_numpy(matrix: ArrayLike | torch.Tensor) -> np.ndarray:
    """View a checked matrix as an array.

    Tensors on another device are copied; bfloat16, which NumPy does not have, becomes float32.
    """
    if not isinstance(matrix, torch.Tensor):
        return np.asarray(matrix)
    matrix = matrix.cpu()
    array: np.ndarray = (matrix.float() if matrix.dtype == torch.bfloat16 else matrix).numpy()
    return array


class _WriteableView:
    """The memory of a read-only array, presented as writeable; keeps the array alive."""

    def __init__(self, array: np.ndarray) -> None:
        self._array = array
        interface = dict(array.__array_interface__)
        interface["data"] = (interface["data"][0], False)
        self.__array_interface__ = interface
