"""Memory that every step reuses."""

from typing import Any

import torch


class Workspace:
    """Tensors by name, allocated once.

    A step makes many tensors as large as its labels. Allocating each of them costs more time than
    computing its values.

    Parameters
    ----------
    device : torch.device
        Device of the tensors.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._tensors: dict[Any, torch.Tensor] = {}

    def __call__(
        self, name: str, shape: tuple[int, ...] | torch.Size, dtype: torch.dtype
    ) -> torch.Tensor:
        """The tensor of that name, shape and dtype, with the values last written to it.

        Tensors that differ in their number of rows only share memory: the number of rows that one
        of several processes holds varies from batch to batch.
        """
        n_rows, *of_row = shape
        key = (name, *of_row, dtype)
        if key not in self._tensors or len(self._tensors[key]) < n_rows:
            self._tensors[key] = torch.empty(shape, dtype=dtype, device=self._device)
        return self._tensors[key][:n_rows]

    def tensors(self) -> list[torch.Tensor]:
        """All tensors that it holds."""
        return list(self._tensors.values())

    def release(self) -> None:
        """Free the memory; the workspace can still be used."""
        self._tensors.clear()

    def __getstate__(self) -> dict[str, Any]:
        # no value is needed after a step
        return {"_device": self._device, "_tensors": {}}
