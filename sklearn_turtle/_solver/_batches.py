"""Mini-batches of all spaces, read ahead where reading waits for a disk or a bus."""

import torch

from sklearn_turtle._solver._features import row_chunks
from sklearn_turtle._solver._reading import read_ahead

# Where neighbouring rows are read faster than others, mini-batches are dealt from pools of at
# most about this many bytes, of which the next is read while one is dealt. A pool is made of
# this many blocks of neighbouring rows, or as many as a mini-batch has rows if that is more:
# enough that a mini-batch holds few rows of each, whatever the rows are sorted by.
POOL_BYTES = 1 << 27
POOL_BLOCKS = 1024


def mini_batches(spaces, draws, batch_size, n_batches):
    """Give the mini-batches of ``n_batches`` steps, one after the other.

    Where a space is streamed, a thread in the background reads what comes next while the
    caller works on the last mini-batch.

    Parameters
    ----------
    spaces : list of FeatureSpace
        The spaces, over the same rows.
    draws : Draws
        Source of the rows.
    batch_size : int
        Number of rows, B.
    n_batches : int
        Number of mini-batches.

    Yields
    ------
    list of tensors of shape (B, d_k)
        One a space.
    """
    n_samples = spaces[0].n_samples
    if batch_size < n_samples and any(space.streamed and space.in_blocks for space in spaces):
        yield from _from_pools(spaces, draws, batch_size, n_batches)
        return

    def read(rows):
        return [space.batch(rows) for space in spaces]

    all_rows = (draws.rows(n_samples, batch_size) for _ in range(n_batches))
    yield from read_ahead(read, all_rows, ahead=any(space.streamed for space in spaces))


def _from_pools(spaces, draws, batch_size, n_batches):
    """Mini-batches of which every row of a pool of blocks is in one, drawn at random."""
    n_samples = spaces[0].n_samples
    row_bytes = sum(space.n_features * space.dtype.itemsize for space in spaces)
    largest = min(POOL_BYTES // row_bytes, n_samples) // batch_size
    sizes = [max(1, largest)] * (n_batches // max(1, largest))
    if sum(sizes) < n_batches:
        sizes.append(n_batches - sum(sizes))

    n_blocks = max(POOL_BLOCKS, batch_size)

    def pool_rows():
        for size in sizes:
            rows = block_rows(n_samples, size * batch_size, n_blocks, draws)
            # in the order in which they lie, and where in it each mini-batch finds its rows
            yield rows, draws.permutation(len(rows))[: size * batch_size].split(batch_size)

    def read(pool):
        rows, of_batches = pool
        return [_read_in_chunks(space, rows) for space in spaces], of_batches

    for pools, of_batches in read_ahead(read, pool_rows()):
        for rows in of_batches:
            yield [pool.index_select(0, rows.to(pool.device)) for pool in pools]


def block_rows(n_samples, n_rows, n_blocks, draws):
    """Rows of blocks at random places, in the order in which they lie.

    Parameters
    ----------
    n_samples : int
        Number of all rows.
    n_rows : int
        Number of rows wanted; there may be more, by less than a block.
    n_blocks : int
        Number of blocks at least, where there are as many rows.
    draws : Draws
        Source of the places.

    Returns
    -------
    tensor of shape (at least n_rows,)
    """
    size = max(1, n_rows // n_blocks)
    n_blocks = -(-n_rows // size)
    if n_blocks * size >= n_samples:
        return torch.arange(n_samples)
    first = draws.blocks(n_samples, n_blocks, size)
    return ((first[:, None] + torch.arange(size)) % n_samples).flatten().sort().values


def _read_in_chunks(space, rows):
    pool = torch.empty(len(rows), space.n_features, dtype=space.dtype, device=space.device)
    for chunk in row_chunks(len(rows), space.n_features):
        pool[chunk] = space.batch(rows[chunk])
    return pool
