"""An outer step as one launch: a GPU starts many small kernels more slowly than it runs them.

The kernels of a step are always the same and work on the same memory. A CUDA graph records them
once and then starts all of them at once.
"""

import threading
from collections.abc import Callable, Sequence
from functools import cache

import torch

from sklearn_turtle._solver.step._workspace import Workspace

Step = Callable[[Sequence[torch.Tensor], int, float | torch.Tensor], torch.Tensor]

# Steps before the recording, in which libraries and the workspace allocate their memory.
EAGER_STEPS = 2

# One thread at a time: all recordings share a stream, since each stream permanently takes memory
# for the workspaces of matrix products.
_recording = threading.Lock()


@cache
def _recording_stream(device: torch.device) -> torch.cuda.Stream:
    return torch.cuda.Stream(device)


class CapturedStep:
    """An outer step whose kernels are recorded on the device, and then replayed.

    Parameters
    ----------
    step : callable
        ``step(batches, n_rows, decay)`` takes a step and returns a tensor. Every call reads and
        writes the same memory, draws no random numbers and does not wait for the device.
    workspace : Workspace
        Memory of the step.
    device : torch.device
        A CUDA device.
    """

    def __init__(self, step: Step, workspace: Workspace, device: torch.device) -> None:
        self._step = step
        self._workspace = workspace
        self._device = device
        self._decay = torch.empty((), device=device)
        self._batches: list[torch.Tensor] | None = None
        self._replay: Callable[[], None] | None = None
        self._n_steps = 0

    def __call__(
        self, batches: Sequence[torch.Tensor], n_rows: int, decay: float | torch.Tensor
    ) -> torch.Tensor:
        """Take a step.

        The ``batches``, tensors on the device, have the same shapes in every call, and ``n_rows``
        is the same. The result is valid until the next call.
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
            self._replay = self._record(self._batches, n_rows)
        self._replay()
        return self._result

    def _record(self, batches: list[torch.Tensor], n_rows: int) -> Callable[[], None]:
        """Record a step without taking it; returns the function that takes it."""
        graph = torch.cuda.CUDAGraph()
        with _recording, torch.cuda.stream(_recording_stream(self._device)):
            # other threads may go on with their work on the device
            graph.capture_begin(capture_error_mode="thread_local")
            try:
                self._result = self._step(batches, n_rows, self._decay)
            finally:
                graph.capture_end()
        # the graph refers to addresses: keep tensors that the workspace replaces by larger ones
        self._kept = self._workspace.tensors()
        return graph.replay
