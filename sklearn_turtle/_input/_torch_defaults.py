"""Run the work of the package as if torch had just been imported, whatever the user has set."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import torch

P = ParamSpec("P")
R = TypeVar("R")

# Types of devices that autocast may be on for.
_AUTOCAST = [
    name for name in ("cpu", "cuda", "mps", "xpu") if torch.amp.is_autocast_available(name)
]


class _Float32Default(AbstractContextManager[None]):
    """Makes float32 the default dtype while any thread is inside.

    The default dtype is that of all threads, unlike all other defaults. Each of several threads
    would otherwise restore what another one has set.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._n_inside = 0
        self._of_user = torch.float32

    def __enter__(self) -> None:
        with self._lock:
            if self._n_inside == 0:
                self._of_user = torch.get_default_dtype()
                torch.set_default_dtype(torch.float32)
            self._n_inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._n_inside -= 1
            if self._n_inside == 0:
                torch.set_default_dtype(self._of_user)

    @property
    def is_needed(self) -> bool:
        """Whether the default is another dtype, or only float32 because a thread is inside."""
        return self._n_inside > 0 or torch.get_default_dtype() != torch.float32


_float32_default = _Float32Default()


@contextmanager
def torch_defaults() -> Iterator[None]:
    """Restore the defaults of torch, and on exit what the user has set.

    The defaults are: no autocast, no inference mode, gradients if they are asked for, and new
    tensors of float32 on the CPU. Deterministic algorithms stay as they are: they change no result
    on the CPU, and users who ask for them on a GPU want them.
    """
    with ExitStack() as stack:
        for context in _needed_contexts():
            stack.enter_context(context)
        yield


def _needed_contexts() -> list[AbstractContextManager[Any]]:
    """The contexts that lead from what the user has set to the defaults; usually none."""
    contexts: list[AbstractContextManager[Any]] = [
        torch.autocast(device_type, enabled=False)
        for device_type in _AUTOCAST
        if torch.is_autocast_enabled(device_type)
    ]
    if torch.is_inference_mode_enabled():
        contexts.append(torch.inference_mode(False))
    if not torch.is_grad_enabled():
        contexts.append(torch.enable_grad())
    if _float32_default.is_needed:
        contexts.append(_float32_default)
    # this context slows down every operation, and is entered only if it is needed
    if torch.empty(0).device.type != "cpu":
        contexts.append(torch.device("cpu"))
    return contexts


def with_torch_defaults(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function inside :func:`torch_defaults`.

    The function must finish its work before it returns: a generator would run outside.
    """

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _needed_contexts():  # a small prediction takes little longer than a context
            return function(*args, **kwargs)
        with torch_defaults():
            return function(*args, **kwargs)

    return wrapper
