"""Mini-batches of all spaces, read ahead where reading waits for a disk or a bus."""

from concurrent.futures import ThreadPoolExecutor


def mini_batches(spaces, draws, batch_size, n_batches, *, skip=0):
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
        Number of rows, B.
    n_batches : int
        Number of mini-batches.
    skip : int, default=0
        Number of the first of them, which are drawn but neither read nor given.

    Yields
    ------
    list of tensors of shape (B, d_k)
        One a space.
    """

    def read(rows):
        return [space.batch(rows) for space in spaces]

    def draw():
        return draws.rows(spaces[0].n_samples, batch_size)

    for _ in range(skip):
        draw()
    n_batches -= skip
    if not any(space.streamed for space in spaces):
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
