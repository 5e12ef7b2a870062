"""Read ahead: a thread reads the next rows during the work on the current ones."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def read_ahead(
    read: Callable[[Item], Result], items: Iterable[Item], *, ahead: bool = True
) -> Iterator[Result]:
    """Yield ``read(item)`` for each item, in order.

    Parameters
    ----------
    read : callable
        Reads one item.
    items : iterable
        The items. The next one is taken only when it is about to be read.
    ahead : bool, default=True
        True if a thread reads the next item while the caller works on the current one.

    Yields
    ------
    object
        The result of ``read``. Its errors are raised in the caller.
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
            del result  # hold two at a time, not three


def _next(items: Iterator[Item]) -> list[Item]:
    """The next item in a list; an empty list after the last one."""
    for item in items:
        return [item]
    return []
