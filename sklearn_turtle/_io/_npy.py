"""Files of NumPy's format, written one slice of rows after the other."""

from time import perf_counter

import numpy as np


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
    verbose : int
        1 prints about ten lines of progress, 2 a line each slice.
    """

    def __init__(self, file, shape, dtype, verbose=0):
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

    def __setitem__(self, rows, values):
        if rows.start != self._n_written:
            raise IndexError(f"rows {rows} do not follow the {self._n_written} written so far")
        self._file.write(np.ascontiguousarray(values, dtype=self._dtype).data)
        self._tell(rows)
        self._n_written = rows.stop

    def _tell(self, rows):
        n_rows = self._shape[0]
        tenths = [10 * n // n_rows for n in (self._n_written, rows.stop)]
        if self._verbose > 1 or (self._verbose and tenths[0] < tenths[1]):
            elapsed = perf_counter() - self._start
            rate = rows.stop / max(elapsed, 1e-9)
            print(
                f"[predict] {elapsed:6.1f} s: {rows.stop}/{n_rows} rows, {rate:.0f} rows/s",
                flush=True,
            )
