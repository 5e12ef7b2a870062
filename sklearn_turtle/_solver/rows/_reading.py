"""Reading ahead: a thread reads the next rows while those before are worked on."""

from concurrent.futures import ThreadPoolExecutor


def read_ahead(read, items, *, ahead=True):
    """Give ``read(item)`` for each item, one after the other.

    Parameters
    ----------
    read : callable
        What reads.
    items : iterable
        What to read; the next item is taken only when its turn to be read has come.
    ahead : bool, default=True
        Whether a thread in the background reads the next item while the caller works on the
        last one.

    Yields
    ------
    object
        What ``read`` returns. What it raises is raised to the caller.
    """
    if not ahead:
        yield from map(read, items)
        return
    items = iter(items)
    with ThreadPoolExecutor(1) as reader:
        reading = [reader.submit(read, item) for item in _next(items)]
        while reading:
            result = reading.pop().result()
            reading += [reader.submit(read, item) for item in _next(items)]
            yield result
            del result  # two at a time are held, not three


def _next(items):
    """The next item in a list, which is empty where there is none."""
    for item in items:
        return [item]
    return []
