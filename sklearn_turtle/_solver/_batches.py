"""Mini-batches of all spaces, read ahead where reading waits for a disk or a bus."""

from concurrent.futures import ThreadPoolExecutor


def mini_batches(spaces, draws, batch_size, n_batches):
    """Give the mini-batches of ``n_batches`` steps, one after the other.

    Where a space is streamed, a thread in the background reads the next mini-batch while the
    caller works on the last one.

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

    Yields
    ------
    batches : list of tensors of shape (B, d_k)
        One a space; of the B rows, those that this process holds.
    n_rows : int
        Number of rows, B.
    """
    shard = spaces[0].shard

    def read(rows):
        own = shard.own(rows)
        n_rows = shard.n_samples if rows is None else len(rows)
        return [space.batch(own) for space in spaces], n_rows

    def draw():
        return draws.rows(shard.n_samples, batch_size)

    # all processes draw alike, ahead or not: else an end before the last step would part them
    if not shard.processes.any(any(space.streamed for space in spaces)):
        for _ in range(n_batches):
            yield read(draw())
        return
    with ThreadPoolExecutor(1) as reader:
        ahead = reader.submit(read, draw())
        for step in range(n_batches):
            batches = ahead.result()
            if step + 1 < n_batches:
                ahead = reader.submit(read, draw())
            yield batches
