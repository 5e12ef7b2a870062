"""Where the optimization runs, and how features get there."""

import numpy as np
import torch


def select_device(device):
    """Resolve the ``device`` parameter of an estimator.

    Parameters
    ----------
    device : str or torch.device
        "auto" for CUDA, then MPS, then the CPU, whichever is there first; or any name that
        torch knows.

    Returns
    -------
    torch.device

    Raises
    ------
    ValueError
        If torch does not know the device or cannot use it here.
    """
    if device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        if torch.backends.mps.is_available():
            return torch.device("mps")
        return torch.device("cpu")
    try:
        chosen = torch.device(device)
        torch.empty(0, device=chosen)
    except (RuntimeError, AssertionError, NotImplementedError, TypeError) as error:
        raise ValueError(
            f"device={device!r} cannot be used here ({str(error).splitlines()[0]}). Use 'auto', "
            "'cpu', or a device that torch can use."
        ) from error
    if chosen.type == "meta":
        raise ValueError("device='meta' holds no data: use 'auto', 'cpu', 'cuda' or 'mps'.")
    return chosen


def available_device(device):
    """Resolve ``device`` for a prediction: the CPU where the device of the fit is not there."""
    try:
        return select_device(device)
    except ValueError:
        return torch.device("cpu")


def select_precision(precision, device):
    """Resolve the ``precision`` parameter of an estimator.

    Parameters
    ----------
    precision : {"auto", "float32", "bfloat16"}
        "auto" for bfloat16 where the device multiplies such matrices in units of their own,
        else float32.
    device : torch.device
        Where the products are made.

    Returns
    -------
    torch.dtype
    """
    if precision == "auto":
        precision = "bfloat16" if _multiplies_bfloat16(device) else "float32"
    return getattr(torch, precision)


def _multiplies_bfloat16(device):
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    if device.type == "cpu" and hasattr(torch.cpu, "get_capabilities"):  # torch >= 2.10
        capabilities = torch.cpu.get_capabilities()
        return capabilities.get("amx_bf16", False) or capabilities.get("avx512_bf16", False)
    return False


def as_tensor(matrix):
    """View a matrix as a tensor, without a copy.

    Parameters
    ----------
    matrix : ndarray, tensor or LazyMatrix
        Features; an array may be read-only or memory-mapped, and is never written to. A matrix
        that is read as needed is read whole.

    Returns
    -------
    tensor
    """
    if isinstance(matrix, torch.Tensor):
        return matrix
    matrix = np.asarray(matrix)
    if any(stride < 0 for stride in matrix.strides):  # torch has no negative strides
        matrix = matrix.copy()
    if not matrix.flags.writeable:
        # torch warns of read-only arrays, since it could write to them; this package does not
        matrix = np.asarray(_WriteableView(matrix))
    return torch.from_numpy(matrix)


class _WriteableView:
    """The memory of a read-only array, offered as writeable; keeps the array alive."""

    def __init__(self, array):
        self._array = array
        interface = dict(array.__array_interface__)
        interface["data"] = (interface["data"][0], False)
        self.__array_interface__ = interface
