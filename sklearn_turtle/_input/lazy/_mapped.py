"""Matrices in files that are mapped into memory."""

import mmap

import numpy as np

from sklearn_turtle._input.lazy._matrix import LazyMatrix

# A row that is read maps its neighbors, too, often 64 KiB of them: pages of scattered rows are
# given back after so many rows.
SCATTERED_ROWS = 256


class MappedMatrix(LazyMatrix):
    """A memory-mapped array, whose pages are given back once they have been read.

    Pages that were touched count as memory of the process for as long as they are mapped: after
    one pass over a file, all of it would. Given back, they stay in the cache of the system.

    Parameters
    ----------
    array : ndarray of shape (n_samples, n_features)
        A memory map or a view of one.
    """

    def __init__(self, array):
        super().__init__(array.shape, array.dtype)
        self._array = array
        owner = mapping_of(array)
        # a copy-on-write map holds what was written to it nowhere else
        shared = owner.mode != "c" and hasattr(mmap, "MADV_DONTNEED")
        self._map = _file_map(owner) if shared else None
        if self._map is not None:
            # where in the map the first row begins
            self._offset = array.ctypes.data - np.frombuffer(self._map, np.uint8).ctypes.data

    def _read(self, start, stop):
        return self._array[start:stop]

    def read(self, rows):
        copied = np.array(self._array[rows], order="C")
        self._give_back()
        return copied

    def take(self, rows):
        out = np.empty((len(rows), self.shape[1]), dtype=self.dtype)
        for start in range(0, len(rows), SCATTERED_ROWS):
            some = slice(start, start + SCATTERED_ROWS)
            self._ask_for(rows[some])
            np.take(self._array, rows[some], axis=0, out=out[some], mode="clip")
            self._give_back()
        return out

    def _ask_for(self, rows):
        """Have the system read the pages of some rows side by side, and no others.

        Otherwise it would wait for one row after the other, and read a stretch around each.
        """
        if self._map is None or min(self._array.strides) < 0:
            return
        length = (self.shape[1] - 1) * self._array.strides[1] + self.dtype.itemsize
        start = self._offset + np.sort(rows) * self._array.strides[0]
        first, last = start // mmap.PAGESIZE, (start + length - 1) // mmap.PAGESIZE
        apart = np.flatnonzero(first[1:] > last[:-1] + 1)
        for i, j in zip(np.append(0, apart + 1), np.append(apart, len(rows) - 1), strict=True):
            begin, end = int(first[i]) * mmap.PAGESIZE, (int(last[j]) + 1) * mmap.PAGESIZE
            self._map.madvise(mmap.MADV_WILLNEED, begin, end - begin)

    def _give_back(self):
        if self._map is not None:
            self._map.madvise(mmap.MADV_DONTNEED)


def mapping_of(array):
    """The memory map that an array is a view of, or None."""
    while isinstance(array, np.ndarray):
        if isinstance(array, np.memmap):
            return array
        array = array.base
    return None


def _file_map(owner):
    while isinstance(owner, np.ndarray):
        owner = owner.base
    return owner if isinstance(owner, mmap.mmap) else None
