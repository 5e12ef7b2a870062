"""Matrices in files that are mapped into memory."""

import mmap
from typing import Any

import numpy as np

from sklearn_turtle._input.lazy._matrix import LazyMatrix

# Reading a row also maps its neighbors, often 64 KiB of them. After this many scattered rows, the
# pages are released.
SCATTERED_ROWS = 256


class MappedMatrix(LazyMatrix):
    """A memory-mapped array whose pages are released once they have been read.

    Pages that were read count as memory of the process as long as they are mapped; after one pass
    over a file, they would add up to the size of the file. Released pages stay in the cache of
    the operating system.

    Parameters
    ----------
    array : ndarray of shape (n_samples, n_features)
        A memory map or a view of one.
    """

    def __init__(self, array: np.ndarray) -> None:
        super().__init__(array.shape, array.dtype)
        self._array = array
        owner = mapping_of(array)
        # released pages of a copy-on-write map would lose the changes made to them
        shared = owner is not None and owner.mode != "c"
        releasable = shared and hasattr(mmap, "MADV_DONTNEED")
        self._map = _file_map(owner) if releasable else None
        if self._map is not None:
            # position of the first row in the map, in bytes
            self._offset = array.ctypes.data - np.frombuffer(self._map, np.uint8).ctypes.data

    def _read(self, start: int, stop: int) -> np.ndarray:
        return self._array[start:stop]

    def read(self, rows: slice) -> np.ndarray:
        """As :meth:`LazyMatrix.read`; the rows are copied."""
        copied = np.array(self._array[rows], order="C")
        self._release_pages()
        return copied

    def take(self, rows: np.ndarray) -> np.ndarray:
        """As :meth:`LazyMatrix.take`."""
        out = np.empty((len(rows), self.shape[1]), dtype=self.dtype)
        for start in range(0, len(rows), SCATTERED_ROWS):
            some = slice(start, start + SCATTERED_ROWS)
            self._request_pages(rows[some])
            np.take(self._array, rows[some], axis=0, out=out[some], mode="clip")
            self._release_pages()
        return out

    def _request_pages(self, rows: np.ndarray) -> None:
        """Let the system read the pages of these rows in parallel, and no others.

        Without this, it would wait for one row after the other, and read ahead around each.
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

    def _release_pages(self) -> None:
        if self._map is not None:
            self._map.madvise(mmap.MADV_DONTNEED)


def mapping_of(array: Any) -> np.memmap[Any, Any] | None:
    """Return the memory map that an array is a view of; None if there is none."""
    while isinstance(array, np.ndarray):
        if isinstance(array, np.memmap):
            return array
        array = array.base
    return None


def _file_map(owner: Any) -> mmap.mmap | None:
    while isinstance(owner, np.ndarray):
        owner = owner.base
    return owner if isinstance(owner, mmap.mmap) else None
