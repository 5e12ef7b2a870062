"""Write a file in NumPy's format one slice of rows at a time."""

from time import perf_counter
from typing import BinaryIO

import numpy as np
from numpy.typing import DTypeLike


class NpyRows:
    """Writes the rows of an array to an open file, from the first to the last.

    Parameters
    ----------
    file : file object
        Open for writing bytes.
    shape : tuple of int
        Shape of the array.
    dtype : numpy dtype
        Dtype of the array.
    verbose : int, default=0
        0 prints nothing, 1 about ten lines of progress, 2 one line per slice.
    """

    def __init__(
        self, file: BinaryIO, shape: tuple[int, ...], dtype: DTypeLike, verbose: int = 0
    ) -> None:
        self._file = file
        self._shape = shape
        self._dtype = np.dtype(dtype)
        self._n_written = 0
        self._verbose = int(verbose)
        self._start = perf_counter()
        header = {
            "descr": np.lib.format.dtype_to_descr(self._dtype),
            "fortran_order": False,
            "shape": shape,
        }
        np.lib.format.write_array_header_1_0(file, header)

    def __setitem__(self, rows: slice, values: np.ndarray) -> None:
        if rows.start != self._n_written:
            raise IndexError(
                f"rows must be written in order: expected row {self._n_written}, got {rows.start}"
            )
        self._file.write(np.ascontiguousarray(values, dtype=self._dtype).data)
        self._print_progress(rows.stop)
        self._n_written = rows.stop

    def _print_progress(self, stop: int) -> None:
        n_rows = self._shape[0]
        tenths = [10 * n // n_rows for n in (self._n_written, stop)]
        if self._verbose > 1 or (self._verbose and tenths[0] < tenths[1]):
            elapsed = perf_counter() - self._start
            rate = stop / max(elapsed, 1e-9)
            print(
                f"[predict] {elapsed:6.1f} s: {stop}/{n_rows} rows, {rate:.0f} rows/s",
                flush=True,
            )
