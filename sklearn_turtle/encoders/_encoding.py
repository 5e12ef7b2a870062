"""Encode items: read known rows from the store, and run the others through the model."""

from collections.abc import Sequence

import numpy as np
import torch

from sklearn_turtle._estimator._progress import Progress
from sklearn_turtle.encoders._batches import ReadResult, read_batches
from sklearn_turtle.encoders._items import Items
from sklearn_turtle.encoders._models import EncodingOptions, LoadedModel
from sklearn_turtle.encoders._store import EmbeddingStore

# digests are small: batches of them only save messages between processes
DIGESTS_PER_BATCH = 64


class Encoding:
    """One run over items: look up their rows, encode the missing ones, and collect all rows.

    Parameters
    ----------
    items : Items
        The items to encode.
    n_features : int
        Number of features of the rows.
    store : EmbeddingStore or None
        The cache; None to encode everything.
    num_workers : int
        Number of processes that read items; 0 to read in this process.
    skip_unreadable : bool
        Whether to leave out items that cannot be read instead of raising an error.

    Attributes
    ----------
    unreadable : dict
        The reason for each position whose item cannot be read.
    missing : list of int
        Positions of the items to encode: their embeddings are not in the store. Of items with
        the same content, only the first is encoded.
    n_encoded : int
        Number of encoded items.
    """

    def __init__(
        self,
        items: Items,
        n_features: int,
        store: EmbeddingStore | None,
        *,
        num_workers: int,
        skip_unreadable: bool,
    ) -> None:
        self._items = items
        self._store = store
        self._num_workers = num_workers
        self._skip_unreadable = skip_unreadable
        self._rows = np.empty((len(items), n_features), dtype=np.float32)
        self.unreadable: dict[int, str] = {}
        self.n_encoded = 0
        self._first_with_same_content: dict[int, int] = {}
        self.missing = list(range(len(items))) if store is None else self._look_up(store)

    def _look_up(self, store: EmbeddingStore) -> list[int]:
        """Read the known rows, and return the positions of the items to encode."""
        digests: dict[int, bytes] = {}
        for batch in read_batches(
            self._items,
            range(len(self._items)),
            size=DIGESTS_PER_BATCH,
            num_workers=self._num_workers,
        ):
            digests.update(zip(batch.positions, batch.digests, strict=True))
            self._handle_unreadable(batch.unreadable)
        known = [position for position, digest in digests.items() if digest in store]
        if known:
            self._rows[known] = store.read([digests[position] for position in known])
        first_with: dict[bytes, int] = {}
        for position, digest in digests.items():
            if digest not in store:
                first = first_with.setdefault(digest, position)
                if first != position:
                    self._first_with_same_content[position] = first
        return list(first_with.values())

    def run(
        self,
        model: LoadedModel,
        device: torch.device,
        options: EncodingOptions,
        *,
        items_per_call: int,
        progress: Progress,
    ) -> None:
        """Encode the missing items, and write their rows to the store.

        Parameters
        ----------
        model : LoadedModel
            The model, on the device.
        device : torch.device
            Where the model runs.
        options : EncodingOptions
            How the model encodes.
        items_per_call : int
            Number of items per call of the model.
        progress : Progress
            Prints the number of encoded items.
        """
        every = progress.every(len(self.missing))
        n_done = 0
        try:
            for positions, digests, values, unreadable in read_batches(
                self._items,
                self.missing,
                prepare=model.prepare,
                join=model.join,
                size=items_per_call,
                num_workers=self._num_workers,
                pin_memory=device.type == "cuda" and model.joins_tensors,
            ):
                if positions:
                    self._keep(positions, digests, model.rows(values, device, options))
                self._handle_unreadable(unreadable)
                before, n_done = n_done, n_done + len(positions) + len(unreadable)
                if n_done // every > before // every or n_done == len(self.missing):
                    progress.say(f"{n_done}/{len(self.missing)} encoded")
        finally:
            if self._store is not None:
                self._store.flush()

    def rows(self) -> tuple[np.ndarray, np.ndarray]:
        """Collect the rows of all readable items, in order.

        Returns
        -------
        rows : ndarray of shape (n_readable, n_features), float32
            Embeddings.
        skipped : ndarray of int
            Positions of the other items.
        """
        for position, first in self._first_with_same_content.items():
            if first in self.unreadable:
                self.unreadable[position] = self.unreadable[first]
            else:
                self._rows[position] = self._rows[first]
        skipped = np.array(sorted(self.unreadable), dtype=np.intp)
        rows = self._rows if len(skipped) == 0 else np.delete(self._rows, skipped, axis=0)
        return rows, skipped

    def _keep(self, positions: list[int], digests: list[bytes], rows: np.ndarray) -> None:
        if rows.shape[1] != self._rows.shape[1]:
            raise ValueError(
                f"The model returns rows of {rows.shape[1]} features, but earlier or cached rows "
                f"have {self._rows.shape[1]}. Use a different cache_key for each model."
            )
        self._rows[positions] = rows
        self.n_encoded += len(positions)
        if self._store is not None:
            self._store.add(digests, rows)

    def _handle_unreadable(self, unreadable: Sequence[ReadResult]) -> None:
        """Record the items that cannot be read, or raise an error for the first one."""
        for result in unreadable:
            if not self._skip_unreadable:
                raise ValueError(
                    f"{self._items.name(result.position)}: cannot be read ({result.problem}). "
                    f"Pass on_error='skip' to leave out {self._items.kind}s that cannot be read."
                )
            self.unreadable[result.position] = str(result.problem)
