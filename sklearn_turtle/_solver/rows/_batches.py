"""Mini-batches of all spaces, read ahead where reading waits for a disk or a bus."""

import torch

from sklearn_turtle._solver.rows._chunks import row_chunks
from sklearn_turtle._solver.rows._reading import read_ahead

# Where neighboring rows are read faster than others, mini-batches are dealt from pools of at
# most about this many bytes, of which the next is read while one is dealt. A pool is made of
# this many blocks of neighboring rows, or as many as a mini-batch has rows if that is more:
# enough that a mini-batch holds few rows of each, whatever the rows are sorted by.
POOL_BYTES = 1 << 27
POOL_BLOCKS = 1024


def mini_batches(spaces, draws, batch_size, n_batches, *, skip=0):
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
        Number of rows, B, at most: of all processes together.
    n_batches : int
        Number of mini-batches.
    skip : int, default=0
        Number of the first of them, which are drawn but neither read nor given.

    Yields
    ------
    batches : list of tensors of shape (B, d_k)
        One a space; of the B rows, those that this process holds.
    n_rows : int
        Number of rows, B.
    """
    shard = spaces[0].shard
    # all processes draw alike, in pools or not and ahead or not, or they would part
    ahead, in_pools = (
        shard.processes.any(any(flags))
        for flags in (
            [space.streamed for space in spaces],
            [space.streamed and space.in_blocks for space in spaces],
        )
    )
    if batch_size < shard.n_samples and in_pools:
        yield from _from_pools(spaces, draws, batch_size, n_batches, skip)
        return

    def read(rows):
        own = shard.own(rows)
        n_rows = shard.n_samples if rows is None else len(rows)
        return [space.batch(own) for space in spaces], n_rows

    all_rows = (draws.rows(shard.n_samples, batch_size) for _ in range(n_batches))
    for _ in range(skip):
        next(all_rows)
    yield from read_ahead(read, all_rows, ahead=ahead)


def _from_pools(spaces, draws, batch_size, n_batches, skip):
    """Mini-batches of which every row of a pool of blocks is in one, drawn at random."""
    shard = spaces[0].shard
    row_bytes = sum(space.n_features * space.dtype.itemsize for space in spaces)
    largest = min(POOL_BYTES // row_bytes, shard.n_samples) // batch_size
    sizes = [max(1, largest)] * (n_batches // max(1, largest))
    if sum(sizes) < n_batches:
        sizes.append(n_batches - sum(sizes))

    n_blocks = max(POOL_BLOCKS, batch_size)

    def pool_rows():
        to_skip = skip
        for size in sizes:
            rows = block_rows(shard.n_samples, size * batch_size, n_blocks, draws)
            # in the order in which they lie, and where in it each mini-batch finds its rows
            of_batches = draws.permutation(len(rows))[: size * batch_size].split(batch_size)
            if to_skip < size:
                yield rows, of_batches[to_skip:]
            to_skip = max(0, to_skip - size)

    def read(pool):
        rows, of_batches = pool
        own = shard.own(rows)
        return [_read_in_chunks(space, own) for space in spaces], shard.holds(rows), of_batches

    for pools, here, of_batches in read_ahead(read, pool_rows()):
        place = here.cumsum(0) - 1  # among the rows that this process holds
        for rows in of_batches:
            own = place[rows[here[rows]]]
            yield [pool.index_select(0, own.to(pool.device)) for pool in pools], len(rows)


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
