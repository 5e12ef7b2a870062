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
        """The tensor of that name, shape and dtype, holding what was last written to it.

        Tensors that differ in their number of rows alone are the same memory: the rows of a batch
        that one of several processes holds are not always as many.
        """
        n_rows, *of_row = shape
        key = (name, *of_row, dtype)
        if key not in self._tensors or len(self._tensors[key]) < n_rows:
            self._tensors[key] = torch.empty(shape, dtype=dtype, device=self._device)
        return self._tensors[key][:n_rows]

    def tensors(self):
        """All tensors that it holds."""
        return list(self._tensors.values())

    def release(self):
        """Give its memory back; it may be used again."""
        self._tensors.clear()

    def __getstate__(self):
        return {"_device": self._device, "_tensors": {}}  # nothing in it outlives a step
