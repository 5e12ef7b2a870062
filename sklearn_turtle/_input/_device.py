"""Resolve the parameters ``device`` and ``precision`` of an estimator."""

import torch


def select_device(device: str | torch.device) -> torch.device:
    """Resolve the ``device`` parameter of an estimator.

    Parameters
    ----------
    device : str or torch.device
        "auto" for the first of CUDA, MPS and the CPU that is available, or any device that torch
        accepts.

    Returns
    -------
    torch.device

    Raises
    ------
    ValueError
        If torch does not know the device or cannot use it on this machine.
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


def available_device(device: str | torch.device) -> torch.device:
    """Resolve ``device`` for a prediction: fall back to the CPU if the device is unavailable."""
    try:
        return select_device(device)
    except ValueError:
        return torch.device("cpu")


def select_precision(precision: str, device: torch.device) -> torch.dtype:
    """Resolve the ``precision`` parameter of an estimator.

    Parameters
    ----------
    precision : {"auto", "float32", "bfloat16"}
        "auto" for bfloat16 if the device has matrix units for bfloat16, else float32.
    device : torch.device
        Device of the matrix products.

    Returns
    -------
    torch.dtype
    """
    if precision == "auto":
        precision = "bfloat16" if _multiplies_bfloat16(device) else "float32"
    dtype: torch.dtype = getattr(torch, precision)
    return dtype


def _multiplies_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    if device.type == "cpu" and hasattr(torch.cpu, "get_capabilities"):  # torch >= 2.10
        # the processor may have more than torch is limited to, by ATEN_CPU_CAPABILITY
        if torch.backends.cpu.get_cpu_capability() == "AVX2":
            return False
        capabilities = torch.cpu.get_capabilities()
        return bool(capabilities.get("amx_bf16", False) or capabilities.get("avx512_bf16", False))
    return False
