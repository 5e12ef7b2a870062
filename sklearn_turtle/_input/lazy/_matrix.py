"""Base classes of the matrices whose rows are read when they are needed."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

# In storage without blocks of its own, rows within this many bytes are read together.
BLOCK_BYTES = 1 << 16


class LazyMatrix(ABC):
    """A matrix whose rows are read when they are needed.

    Parameters
    ----------
    shape : tuple of int
        Number of rows and number of columns.
    dtype : numpy dtype
        Dtype of the rows that are read. Rows stored in another dtype are converted.
    block_rows : int or None, default=None
        Number of rows that are stored together; None if each row can be read by itself.
    """

    ndim = 2

    def __init__(
        self, shape: Sequence[int], dtype: DTypeLike, block_rows: int | None = None
    ) -> None:
        n_rows, n_columns = shape
        self.shape = int(n_rows), int(n_columns)
        self.dtype = np.dtype(dtype)
        if block_rows is None:
            block_rows = BLOCK_BYTES // max(1, self.shape[1] * self.dtype.itemsize)
        self._block_rows = max(1, int(block_rows))

    @abstractmethod
    def _read(self, start: int, stop: int) -> np.ndarray:
        """Read rows from ``start`` to ``stop``, exclusive, as an array of any dtype."""

    def read(self, rows: slice) -> np.ndarray:
        """Read consecutive rows.

        Parameters
        ----------
        rows : slice
            Slice with a step of 1 and bounds within the matrix.

        Returns
        -------
        ndarray of shape (n_rows, n_columns)
            The caller must not write to it.
        """
        return np.ascontiguousarray(self._read(rows.start, rows.stop), dtype=self.dtype)

    def take(self, rows: np.ndarray) -> np.ndarray:
        """Read any rows.

        Each block is read once, from the first to the last row that is needed from it.

        Parameters
        ----------
        rows : ndarray of int of shape (n_rows,)
            Indices of the rows, in any order.

        Returns
        -------
        ndarray of shape (n_rows, n_columns)
        """
        out = np.empty((len(rows), self.shape[1]), dtype=self.dtype)
        order = np.argsort(rows, kind="stable")
        first_of_block = np.flatnonzero(np.diff(self._blocks_of(rows[order])))
        for group in np.split(order, first_of_block + 1):
            if len(group) > 0:
                start = rows[group[0]]
                out[group] = self._read(start, rows[group[-1]] + 1)[rows[group] - start]
        return out

    def _blocks_of(self, rows: np.ndarray) -> np.ndarray:
        """The number of the block of each row."""
        return rows // self._block_rows

    def select_columns(self, columns: slice | np.ndarray) -> "LazyMatrix":
        """Select columns without reading them.

        Parameters
        ----------
        columns : slice or ndarray of int
            Indices of the columns.

        Returns
        -------
        LazyMatrix
        """
        return _Columns(self, columns)

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        if copy is False:
            raise ValueError("A matrix that is read as needed has no memory to share.")
        return self.read(slice(0, self.shape[0])).astype(dtype or self.dtype, copy=False)


class PiecewiseMatrix(LazyMatrix):
    """A matrix in consecutive pieces. Each piece is read as a whole.

    The last piece that was read is kept, because the next rows often lie in the same piece.

    Parameters
    ----------
    shape : tuple of int
        Number of rows and number of columns.
    dtype : numpy dtype
        Dtype of the rows that are read.
    starts : ndarray of shape (n_pieces,)
        Index of the first row of each piece.
    read_piece : callable
        ``read_piece(i)`` returns piece ``i`` as an array.
    """

    def __init__(
        self,
        shape: Sequence[int],
        dtype: DTypeLike,
        starts: np.ndarray,
        read_piece: Callable[[int], Any],
    ) -> None:
        super().__init__(shape, dtype)
        self._starts = starts
        self._read_piece = read_piece
        self._kept = (-1, np.empty((0, 0)))
        self._lock = Lock()

    def _read(self, start: int, stop: int) -> np.ndarray:
        first, last = self._blocks_of(np.array([start, stop - 1]))
        parts = []
        for i in range(first, last + 1):
            offset = self._starts[i]
            parts.append(self._piece(i)[max(0, start - offset) : stop - offset])
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _blocks_of(self, rows: np.ndarray) -> np.ndarray:
        # the last of the pieces that start at a row: the others are empty
        return np.searchsorted(self._starts, rows, side="right") - 1

    def _piece(self, i: int) -> np.ndarray:
        with self._lock:  # a thread may read ahead
            if self._kept[0] != i:
                self._kept = (-1, np.empty((0, 0)))  # never hold two pieces
                self._kept = (i, np.asarray(self._read_piece(i), dtype=self.dtype))
            return self._kept[1]


class _Columns(LazyMatrix):
    """Some columns of another matrix."""

    def __init__(self, matrix: LazyMatrix, columns: slice | np.ndarray) -> None:
        n_columns = len(np.arange(matrix.shape[1])[columns])
        super().__init__((matrix.shape[0], n_columns), matrix.dtype)
        self._matrix = matrix
        self._columns = columns

    def _read(self, start: int, stop: int) -> np.ndarray:
        columns: np.ndarray = self._matrix.read(slice(start, stop))[:, self._columns]
        return columns

    def take(self, rows: np.ndarray) -> np.ndarray:
        columns: np.ndarray = self._matrix.take(rows)[:, self._columns]
        return columns
