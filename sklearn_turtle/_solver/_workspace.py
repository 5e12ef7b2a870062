"""Memory that every step uses again."""

import torch


class Workspace:
    """Tensors by name, allocated once.

    A step makes many tensors as large as its labels; taking fresh memory for each of them costs
    more than computing what they hold.

    Parameters
    ----------
    device : torch.device
        Device of the tensors.
    """

    def __init__(self, device):
        self._device = device
        self._tensors = {}

    def __call__(self, name, shape, dtype):
        """The tensor of that name, shape and dtype, holding what was last written to it."""
        key = (name, tuple(shape), dtype)
        if key not in self._tensors:
            self._tensors[key] = torch.empty(shape, dtype=dtype, device=self._device)
        return self._tensors[key]

    def __getstate__(self):
        return {"_device": self._device, "_tensors": {}}  # nothing in it outlives a step
