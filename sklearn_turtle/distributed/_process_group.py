"""The processes of a torch.distributed process group."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.distributed as dist

from sklearn_turtle._solver import Processes

# Type of device on which a backend needs its tensors. Some builds of torch support gloo on other
# devices, but not all.
DEVICE_OF_BACKEND = {"nccl": "cuda", "gloo": "cpu"}


class ProcessGroup(Processes):
    """The processes of a torch.distributed process group.

    Parameters
    ----------
    group : torch.distributed.ProcessGroup or None, default=None
        The group. None for the default group.

    Raises
    ------
    RuntimeError
        If there is no process group, or this process is not a member of the group.
    """

    def __init__(self, group: "dist.ProcessGroup | None" = None) -> None:
        if not (dist.is_available() and dist.is_initialized()):
            raise RuntimeError(
                "No process group found: start the script with torchrun and call "
                "torch.distributed.init_process_group() before the fit."
            )
        self.rank = dist.get_rank(group)
        if self.rank < 0:
            raise RuntimeError("This process is not a member of process_group.")
        self._group = group
        self._device = DEVICE_OF_BACKEND.get(dist.get_backend(group))

    def sum_(self, tensor: torch.Tensor) -> torch.Tensor:
        return self._in_place(tensor, dist.all_reduce)

    def broadcast_(self, tensor: torch.Tensor) -> torch.Tensor:
        first = 0 if self._group is None else dist.get_global_rank(self._group, 0)
        return self._in_place(tensor, dist.broadcast, src=first)

    def collect(self, value: Any) -> list[Any]:
        values: list[Any] = [None] * dist.get_world_size(self._group)
        self._call(dist.all_gather_object, values, value)
        return values

    def any(self, flag: bool) -> bool:
        return bool(self.sum_(torch.tensor(float(flag))) > 0)

    @contextmanager
    def together(self) -> Iterator[None]:
        error: Exception | None = None
        try:
            yield
        except Exception as caught:
            error = caught
        messages = self.collect(None if error is None else f"{type(error).__name__}: {error}")
        if error is not None:
            raise error
        for rank, message in enumerate(messages):
            if message is not None:
                raise RuntimeError(f"Process {rank} failed to join the fit: {message}")

    def _in_place(
        self, tensor: torch.Tensor, collective: Callable[..., Any], **options: Any
    ) -> torch.Tensor:
        there = tensor
        if self._device not in (None, tensor.device.type):
            there = tensor.to(self._device)
        self._call(collective, there, **options)
        return tensor if there is tensor else tensor.copy_(there)

    def _call(self, collective: Callable[..., Any], *args: Any, **options: Any) -> None:
        try:
            collective(*args, group=self._group, **options)
        except RuntimeError as error:
            raise RuntimeError(
                "The fit lost the connection between its processes: one of them died, raised an "
                "error, or did not respond within the timeout of the process group. Look for the "
                "first error in the output of all processes."
            ) from error
