"""The processes of a torch.distributed process group."""

from contextlib import contextmanager

import torch
import torch.distributed as dist

from sklearn_turtle._solver import Processes

# The type of the device that tensors must lie on for a backend to take them; gloo takes others
# too, but not in every build of torch.
DEVICE_OF_BACKEND = {"nccl": "cuda", "gloo": "cpu"}


class ProcessGroup(Processes):
    """The processes of a torch.distributed process group.

    Parameters
    ----------
    group : torch.distributed.ProcessGroup or None
        The group; None for the default group.
    """

    def __init__(self, group=None):
        if not (dist.is_available() and dist.is_initialized()):
            raise RuntimeError(
                "There is no process group. Start the script by torchrun and call "
                "torch.distributed.init_process_group() before the fit."
            )
        self.rank = dist.get_rank(group)
        if self.rank < 0:
            raise RuntimeError("This process is no member of process_group.")
        self._group = group
        self._device = DEVICE_OF_BACKEND.get(dist.get_backend(group))

    def sum_(self, tensor):
        return self._in_place(tensor, dist.all_reduce)

    def broadcast_(self, tensor):
        first = 0 if self._group is None else dist.get_global_rank(self._group, 0)
        return self._in_place(tensor, dist.broadcast, src=first)

    def collect(self, value):
        values = [None] * dist.get_world_size(self._group)
        self._call(dist.all_gather_object, values, value)
        return values

    def any(self, flag):
        return bool(self.sum_(torch.tensor(float(flag))) > 0)

    @contextmanager
    def together(self):
        error = None
        try:
            yield
        except Exception as caught:
            error = caught
        messages = self.collect(None if error is None else f"{type(error).__name__}: {error}")
        if error is not None:
            raise error
        for rank, message in enumerate(messages):
            if message is not None:
                raise RuntimeError(f"Process {rank} cannot take part in the fit: {message}")

    def _in_place(self, tensor, collective, **options):
        there = tensor
        if self._device not in (None, tensor.device.type):
            there = tensor.to(self._device)
        self._call(collective, there, **options)
        return tensor if there is tensor else tensor.copy_(there)

    def _call(self, collective, *args, **options):
        try:
            collective(*args, group=self._group, **options)
        except RuntimeError as error:
            raise RuntimeError(
                "The processes of the fit have lost each other: one of them died, raised an error "
                "of its own, or did not answer within the time-out of the process group. Look for "
                "the first error among those of all processes."
            ) from error
