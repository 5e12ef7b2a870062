"""A stand-in for a device that runs out of memory, with the error that torch raises."""

import torch


class SmallDevice:
    """Runs out of memory if it holds more than a number of rows at a time."""

    def __init__(self, n_rows):
        self.n_rows = n_rows
        self.n_failures = 0

    def hold(self, rows):
        """Return the rows, or raise torch's error if there are too many."""
        if len(rows) > self.n_rows:
            self.n_failures += 1
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return rows
