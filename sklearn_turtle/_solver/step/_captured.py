"""An outer step as one launch: a GPU starts many small kernels more slowly than it runs them.

The kernels of a step are always the same and work on the same memory: a CUDA graph records them
once, and starts all of them at once from then on.
"""

import threading
from collections.abc import Callable
from functools import cache

import torch

# Steps before the recording, in which libraries and the workspace take the memory that they need.
EAGER_STEPS = 2

# Of one thread at a time, since all of them record on the same stream: each stream takes memory
# for the workspaces of matrix products for good.
_recording = threading.Lock()


@cache
def _recording_stream(device):
    return torch.cuda.Stream(device)


class CapturedStep:
    """An outer step whose kernels are recorded on the device, and then replayed.

    Parameters
    ----------
    step : callable
        ``step(batches, n_rows, decay)`` takes a step and returns a tensor. It reads and writes the
        same memory in every call, asks nothing of the device, and draws nothing.
    workspace : Workspace
        Memory of the step.
    device : torch.device
        A CUDA device.
    """

    def __init__(self, step, workspace, device):
        self._step = step
        self._workspace = workspace
        self._device = device
        self._decay = torch.empty((), device=device)
        self._batches: list[torch.Tensor] | None = None
        self._replay: Callable[[], None] | None = None
        self._n_steps = 0

    def __call__(self, batches, n_rows, decay):
        """Take a step.

        ``batches``, tensors on the device, have the same shapes in every call, and ``n_rows`` is
        the same number. What is returned holds until the next call.
        """
        if self._batches is None:
            self._batches = [torch.empty_like(batch) for batch in batches]
        for own, batch in zip(self._batches, batches, strict=True):
            own.copy_(batch)
        self._decay.fill_(decay)
        if self._n_steps < EAGER_STEPS:
            self._n_steps += 1
            return self._step(self._batches, n_rows, self._decay)
        if self._replay is None:
            self._replay = self._record(n_rows)
        self._replay()
        return self._result

    def _record(self, n_rows):
        """Record a step, which is not taken; returns what takes it."""
        graph = torch.cuda.CUDAGraph()
        with _recording, torch.cuda.stream(_recording_stream(self._device)):
            # other threads may go on with what they do on the device
            graph.capture_begin(capture_error_mode="thread_local")
            try:
                self._result = self._step(self._batches, n_rows, self._decay)
            finally:
                graph.capture_end()
        # the graph knows addresses: a tensor that the workspace replaces by a larger one stays
        self._kept = self._workspace.tensors()
        return graph.replay
