"""Encoding items: those in the store are read from it, the others run through the model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

# digests are small: a batch of them only saves messages between processes
DIGESTS_PER_BATCH = 64


@dataclass(frozen=True)
class Read:
    """An item as it was read.

    Attributes
    ----------
    position : int
        Its position in ``X``.
    digest : bytes or None
        Of its content.
    value : object
        What the model takes, where that was asked for.
    problem : str or None
        Why it cannot be read; None where it can.
    """

    position: int
    digest: bytes | None = None
    value: Any = None
    problem: str | None = None


class Reader(Dataset):
    """Reads some of the items, for a DataLoader.

    Parameters
    ----------
    items : Items
        All items.
    positions : sequence of int
        Which of them to read.
    prepare : callable or None
        Makes of an item what the model takes; None to learn only the digests.
    """

    def __init__(self, items, positions, prepare):
        self._items = items
        self._positions = positions
        self._prepare = prepare

    def __len__(self):
        return len(self._positions)

    def __getitem__(self, index):
        position = self._positions[index]
        try:
            digest, decode = self._items.read(position)
            if self._prepare is None:
                return Read(position, digest)
            item = decode()
        except Exception as error:  # whatever it is, it is of this item
            return Read(position, problem=f"{type(error).__name__}: {error}")
        return Read(position, digest, self._prepare(item))


class Collate:
    """Makes one batch of what was read: the readable items apart from the others."""

    def __init__(self, join):
        self._join = join

    def __call__(self, batch):
        readable = [read for read in batch if read.problem is None]
        positions = [read.position for read in readable]
        digests = [read.digest for read in readable]
        values = self._join([read.value for read in readable]) if readable else None
        return positions, digests, values, [read for read in batch if read.problem is not None]


def read_batches(items, positions, *, prepare, join, size, num_workers, pin_memory=False):
    """Read items in batches, in order.

    Yields
    ------
    positions : list of int
        Of the readable items of the batch.
    digests : list of bytes
        Their digests.
    values : object
        What the model takes, joined; None where nothing is readable.
    unreadable : list of Read
        The other items.
    """
    yield from DataLoader(
        Reader(items, positions, prepare),
        batch_size=size,
        num_workers=num_workers,
        collate_fn=Collate(join),
        pin_memory=pin_memory,
        generator=torch.Generator(),  # else it would draw from torch's global one
    )


class Encoding:
    """The rows of items, made once.

    Parameters
    ----------
    items : Items
        What is encoded.
    n_features : int
        Number of features of the rows.
    store : EmbeddingStore or None
        Where embeddings are looked for and kept.
    num_workers : int
        Number of processes that read items; 0 for this one.
    refuse : bool
        Whether an item that cannot be read is an error.

    Attributes
    ----------
    unreadable : dict
        Of the position of each item that cannot be read, the reason.
    missing : list of int
        Positions of the items to be encoded: those whose embedding is not in the store, and of
        items with one content the first.
    n_encoded : int
        How many were encoded.
    """

    def __init__(self, items, n_features, store, *, num_workers, refuse):
        self._items = items
        self._store = store
        self._num_workers = num_workers
        self._refuse = refuse
        self._rows = np.empty((len(items), n_features), dtype=np.float32)
        self.unreadable: dict[int, str] = {}
        self.n_encoded = 0
        self._same_as: dict[int, int] = {}
        everything = range(len(items))
        self.missing = list(everything) if store is None else self._look_up(everything)

    def _look_up(self, positions):
        digests: dict[int, bytes] = {}
        for readable, found, _, unreadable in read_batches(
            self._items,
            positions,
            prepare=None,
            join=_nothing,
            size=DIGESTS_PER_BATCH,
            num_workers=self._num_workers,
        ):
            digests.update(zip(readable, found, strict=True))
            self._note(unreadable)
        known = [position for position, digest in digests.items() if digest in self._store]
        if known:
            self._rows[known] = self._store.read([digests[position] for position in known])
        first: dict[bytes, int] = {}
        for position, digest in digests.items():
            if digest not in self._store:
                original = first.setdefault(digest, position)
                if original != position:
                    self._same_as[position] = original
        return list(first.values())

    def run(self, model, device, options, *, portion, progress):
        """Encode what is missing.

        Parameters
        ----------
        model : LoadedImageModel or LoadedTextModel
            Encodes.
        device : torch.device
            Where the model is.
        options : dict
            Of the model's ``rows``.
        portion : int
            How many items the model is given at once.
        progress : Progress
            Is told how it goes.
        """
        every = progress.every(len(self.missing))
        n_done = 0
        try:
            for positions, digests, values, unreadable in read_batches(
                self._items,
                self.missing,
                prepare=model.prepare,
                join=model.join,
                size=portion,
                num_workers=self._num_workers,
                pin_memory=device.type == "cuda" and model.joins_tensors,
            ):
                if positions:
                    rows = model.rows(values, device, **options)
                    self._rows[positions] = rows
                    self.n_encoded += len(positions)
                    if self._store is not None:
                        self._store.add(digests, rows)
                self._note(unreadable)
                before, n_done = n_done, n_done + len(positions) + len(unreadable)
                if n_done // every > before // every or n_done == len(self.missing):
                    progress.say(f"{n_done}/{len(self.missing)} encoded")
        finally:
            if self._store is not None:
                self._store.flush()

    def rows(self):
        """Rows of all items that can be read, in order.

        Returns
        -------
        rows : ndarray of shape (n_readable, n_features), float32
            Embeddings.
        skipped : ndarray of int
            Positions of the others.
        """
        for position, original in self._same_as.items():
            if original in self.unreadable:
                self._note([Read(position, problem=self.unreadable[original])])
            else:
                self._rows[position] = self._rows[original]
        skipped = np.array(sorted(self.unreadable), dtype=np.intp)
        rows = self._rows if len(skipped) == 0 else np.delete(self._rows, skipped, axis=0)
        return rows, skipped

    def _note(self, unreadable):
        """Take note of items that cannot be read, or raise."""
        for read in unreadable:
            if self._refuse:
                raise ValueError(
                    f"{self._items.name(read.position)}: cannot be read ({read.problem}). Pass "
                    f"on_error='skip' to leave out each {self._items.kind} that cannot be."
                )
            self.unreadable[read.position] = read.problem


def _nothing(values):
    return None
