"""Read items in batches, in this process or in worker processes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import torch
from torch.utils.data import DataLoader, Dataset

from sklearn_turtle.encoders._items import Items


@dataclass(frozen=True)
class ReadResult:
    """Result of reading one item.

    Attributes
    ----------
    position : int
        Position of the item in ``X``.
    digest : bytes or None
        Digest of its content; None if the item cannot be read.
    value : object
        The item after preprocessing; None if only the digest was requested.
    problem : str or None
        Why the item cannot be read; None if it can.
    """

    position: int
    digest: bytes | None = None
    value: Any = None
    problem: str | None = None


class Batch(NamedTuple):
    """Items that were read together.

    Attributes
    ----------
    positions : list of int
        Positions of the readable items.
    digests : list of bytes
        Their digests.
    values : object
        The input of the model; None if no item is readable or only digests were requested.
    unreadable : list of ReadResult
        The other items.
    """

    positions: list[int]
    digests: list[bytes]
    values: Any
    unreadable: list[ReadResult]


class ItemReader(Dataset[ReadResult]):
    """Some of the items as a dataset for a DataLoader.

    Parameters
    ----------
    items : Items
        All items.
    positions : sequence of int
        Positions of the items to read.
    prepare : callable or None
        The preprocessing of the model; None to compute only the digests.
    """

    def __init__(
        self, items: Items, positions: Sequence[int], prepare: Callable[[Any], Any] | None
    ) -> None:
        self._items = items
        self._positions = positions
        self._prepare = prepare

    def __len__(self) -> int:
        return len(self._positions)

    def __getitem__(self, index: int) -> ReadResult:
        position = self._positions[index]
        try:
            digest, decode = self._items.read(position)
            if self._prepare is None:
                return ReadResult(position, digest)
            item = decode()
        except Exception as error:  # decoders raise errors of all types for a broken item
            return ReadResult(position, problem=f"{type(error).__name__}: {error}")
        return ReadResult(position, digest, self._prepare(item))


def _collate(join: Callable[[list[Any]], Any] | None, results: list[ReadResult]) -> Batch:
    readable = [result for result in results if result.problem is None]
    return Batch(
        positions=[result.position for result in readable],
        digests=[result.digest for result in readable if result.digest is not None],
        values=join([result.value for result in readable]) if readable and join else None,
        unreadable=[result for result in results if result.problem is not None],
    )


def read_batches(
    items: Items,
    positions: Sequence[int],
    *,
    prepare: Callable[[Any], Any] | None = None,
    join: Callable[[list[Any]], Any] | None = None,
    size: int,
    num_workers: int,
    pin_memory: bool = False,
) -> Iterator[Batch]:
    """Read items in batches, in order.

    Parameters
    ----------
    items : Items
        All items.
    positions : sequence of int
        Positions of the items to read.
    prepare : callable or None, default=None
        The preprocessing of the model; None to compute only the digests.
    join : callable or None, default=None
        Joins the preprocessed items of a batch to the input of the model.
    size : int
        Number of items per batch.
    num_workers : int
        Number of processes that read; 0 to read in this process.
    pin_memory : bool, default=False
        Whether to put tensors in page-locked memory, for faster copies to a CUDA device.

    Yields
    ------
    Batch
    """
    yield from DataLoader(
        ItemReader(items, positions, prepare),
        batch_size=size,
        num_workers=num_workers,
        collate_fn=partial(_collate, join),
        pin_memory=pin_memory,
        generator=torch.Generator(),  # without it, the DataLoader draws from torch's global one
    )
