"""Mini-batches of all spaces, read ahead if reading waits for a disk or a bus."""

from collections.abc import Iterator, Sequence

import torch

from sklearn_turtle._solver.rows._chunks import row_chunks
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.rows._reading import read_ahead

# If adjacent rows are read faster than others, mini-batches are dealt from pools of at most about
# this many bytes. The next pool is read while one is dealt. A pool consists of this many blocks of
# adjacent rows, or as many as a mini-batch has rows if that is more, so that a mini-batch has few
# rows from each block, in whatever order the rows are sorted.
POOL_BYTES = 1 << 27
POOL_BLOCKS = 1024


def mini_batches(
    spaces: Sequence[Space], draws: Draws, batch_size: int, n_batches: int, *, skip: int = 0
) -> Iterator[tuple[list[torch.Tensor], int]]:
    """Yield the mini-batches of ``n_batches`` steps.

    If a space is streamed, a background thread reads the next mini-batch while the caller works on
    the current one.

    Parameters
    ----------
    spaces : list of Space
        The spaces, over the same rows.
    draws : Draws
        Source of the rows.
    batch_size : int
        Largest number of rows, B, in all processes together.
    n_batches : int
        Number of mini-batches.
    skip : int, default=0
        Number of mini-batches at the start that are drawn but not read or yielded.

    Yields
    ------
    batches : list of tensors of shape (B, d_k)
        One per space: the rows of the mini-batch that this process holds.
    n_rows : int
        Number of rows, B.
    """
    shard = spaces[0].shard
    # all processes must draw alike, in pools or not and ahead or not
    ahead = shard.processes.any(any(space.streamed for space in spaces))
    in_pools = shard.processes.any(any(space.streamed and space.in_blocks for space in spaces))
    if batch_size < shard.n_samples and in_pools:
        yield from _from_pools(spaces, draws, batch_size, n_batches, skip)
        return

    def read(rows: torch.Tensor | None) -> tuple[list[torch.Tensor], int]:
        own = shard.own(rows)
        n_rows = shard.n_samples if rows is None else len(rows)
        return [space.batch(own) for space in spaces], n_rows

    all_rows = (draws.rows(shard.n_samples, batch_size) for _ in range(n_batches))
    for _ in range(skip):
        next(all_rows)
    yield from read_ahead(read, all_rows, ahead=ahead)


def _from_pools(
    spaces: Sequence[Space], draws: Draws, batch_size: int, n_batches: int, skip: int
) -> Iterator[tuple[list[torch.Tensor], int]]:
    """Mini-batches dealt at random from pools of blocks; each row of a pool is in one of them."""
    shard = spaces[0].shard
    row_bytes = sum(space.n_features * space.dtype.itemsize for space in spaces)
    largest = min(POOL_BYTES // row_bytes, shard.n_samples) // batch_size
    sizes = [max(1, largest)] * (n_batches // max(1, largest))
    if sum(sizes) < n_batches:
        sizes.append(n_batches - sum(sizes))

    n_blocks = max(POOL_BLOCKS, batch_size)

    def pool_rows() -> Iterator[tuple[torch.Tensor, tuple[torch.Tensor, ...]]]:
        to_skip = skip
        for size in sizes:
            rows = block_rows(shard.n_samples, size * batch_size, n_blocks, draws)
            # the rows of a pool are in increasing order; these are their positions in the pool
            of_batches = draws.permutation(len(rows))[: size * batch_size].split(batch_size)
            if to_skip < size:
                yield rows, of_batches[to_skip:]
            to_skip = max(0, to_skip - size)

    def read(
        pool: tuple[torch.Tensor, tuple[torch.Tensor, ...]],
    ) -> tuple[list[torch.Tensor], torch.Tensor, tuple[torch.Tensor, ...]]:
        rows, of_batches = pool
        own = shard.own(rows)
        return [_read_in_chunks(space, own) for space in spaces], shard.holds(rows), of_batches

    for pools, here, of_batches in read_ahead(read, pool_rows()):
        place = here.cumsum(0) - 1  # among the rows that this process holds
        for rows in of_batches:
            own = place[rows[here[rows]]]
            yield [pool.index_select(0, own.to(pool.device)) for pool in pools], len(rows)


def block_rows(n_samples: int, n_rows: int, n_blocks: int, draws: Draws) -> torch.Tensor:
    """Rows of blocks at random places, in increasing order.

    Parameters
    ----------
    n_samples : int
        Number of all rows.
    n_rows : int
        Smallest number of rows to return; there may be up to a block more.
    n_blocks : int
        Smallest number of blocks, if there are enough rows.
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


def _read_in_chunks(space: Space, rows: torch.Tensor) -> torch.Tensor:
    pool = torch.empty(len(rows), space.n_features, dtype=space.dtype, device=space.device)
    for chunk in row_chunks(len(rows), space.n_features):
        pool[chunk] = space.batch(rows[chunk])
    return pool
