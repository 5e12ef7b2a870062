"""What all matrices that are read as needed have in common."""

from abc import ABC, abstractmethod
from threading import Lock

import numpy as np

# Rows without blocks of their own are read together where they lie within so many bytes.
BLOCK_BYTES = 1 << 16


class LazyMatrix(ABC):
    """A matrix of which rows are read as they are asked for.

    Parameters
    ----------
    shape : tuple of int
        Numbers of rows and of columns.
    dtype : numpy dtype
        What rows are given as; what is stored in another dtype is converted as it is read.
    block_rows : int or None, default=None
        Number of rows that are stored together; None where any row is read by itself.
    """

    ndim = 2

    def __init__(self, shape, dtype, block_rows=None):
        self.shape = tuple(int(size) for size in shape)
        self.dtype = np.dtype(dtype)
        if block_rows is None:
            block_rows = BLOCK_BYTES // max(1, self.shape[1] * self.dtype.itemsize)
        self._block_rows = max(1, int(block_rows))

    @abstractmethod
    def _read(self, start, stop):
        """Rows from ``start`` to before ``stop``, as an array of any dtype."""

    def read(self, rows):
        """Read neighboring rows.

        Parameters
        ----------
        rows : slice
            With bounds within the matrix, and a step of 1.

        Returns
        -------
        ndarray of shape (n_rows, n_columns)
            Not to be written to.
        """
        return np.ascontiguousarray(self._read(rows.start, rows.stop), dtype=self.dtype)

    def take(self, rows):
        """Read any rows.

        Every block is read once, from the first to the last of its rows that are asked for.

        Parameters
        ----------
        rows : ndarray of int of shape (n_rows,)
            Numbers of the rows, in any order.

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

    def _blocks_of(self, rows):
        """The number of the block of each row."""
        return rows // self._block_rows

    def select_columns(self, columns):
        """The matrix of some of the columns.

        Parameters
        ----------
        columns : slice or ndarray of int
            Which ones.

        Returns
        -------
        LazyMatrix
        """
        return _Columns(self, columns)

    def __len__(self):
        return self.shape[0]

    def __array__(self, dtype=None, copy=None):
        if copy is False:
            raise ValueError("A matrix that is read as needed has no memory to share.")
        return self.read(slice(0, self.shape[0])).astype(dtype or self.dtype, copy=False)


class PiecewiseMatrix(LazyMatrix):
    """Pieces of rows, one after the other, each of which is read as a whole.

    The piece that was read last is kept: neighboring rows are asked for one after the other.

    Parameters
    ----------
    shape : tuple of int
        Numbers of rows and of columns.
    dtype : numpy dtype
        What rows are given as.
    starts : ndarray of shape (n_pieces,)
        Number of the first row of each piece.
    read_piece : callable
        ``read_piece(i)`` gives the array of piece ``i``.
    """

    def __init__(self, shape, dtype, starts, read_piece):
        super().__init__(shape, dtype)
        self._starts = starts
        self._read_piece = read_piece
        self._kept = (-1, np.empty((0, 0)))
        self._lock = Lock()

    def _read(self, start, stop):
        first, last = self._blocks_of(np.array([start, stop - 1]))
        parts = []
        for i in range(first, last + 1):
            offset = self._starts[i]
            parts.append(self._piece(i)[max(0, start - offset) : stop - offset])
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _blocks_of(self, rows):
        # of several pieces that start at a row the last one: those before it are empty
        return np.searchsorted(self._starts, rows, side="right") - 1

    def _piece(self, i):
        with self._lock:  # a thread may read ahead
            if self._kept[0] != i:
                self._kept = (-1, self._kept[1][:0])  # never two at a time
                self._kept = (i, np.asarray(self._read_piece(i), dtype=self.dtype))
            return self._kept[1]


class _Columns(LazyMatrix):
    """Some of the columns of another matrix."""

    def __init__(self, matrix, columns):
        n_columns = len(np.arange(matrix.shape[1])[columns])
        super().__init__((matrix.shape[0], n_columns), matrix.dtype)
        self._matrix = matrix
        self._columns = columns

    def _read(self, start, stop):
        return self._matrix.read(slice(start, stop))[:, self._columns]

    def take(self, rows):
        return self._matrix.take(rows)[:, self._columns]
