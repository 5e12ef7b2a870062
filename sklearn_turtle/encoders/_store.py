"""Embeddings on disk, addressed by the digest of the content that they embed."""

import json
import os
import re
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle.encoders._digests import DIGEST_SIZE, digest_of, digest_of_settings

# an interruption loses the rows that were encoded since the last chunk was written
ROWS_PER_CHUNK = 1024
SECONDS_PER_CHUNK = 5.0


class EmbeddingStore:
    """Rows of float32, each addressed by a digest, in files of about a thousand rows.

    A file is written atomically and never changes. So the process may be killed at any moment,
    and several processes may write to one folder.

    Parameters
    ----------
    folder : Path
        Folder of the files. The store finds the rows of the files that exist when it is opened.

    Attributes
    ----------
    n_features : int or None
        Number of features of the rows; None if the store is empty.
    """

    def __init__(self, folder: Path) -> None:
        self.n_features: int | None = None
        self._folder = folder
        self._location: dict[bytes, tuple[Path, int]] = {}  # the file and the row in it
        self._pending_digests: list[bytes] = []
        self._pending_rows: list[np.ndarray] = []
        self._written_at = monotonic()
        for path in sorted(folder.glob("*.npz")):
            self._index(path)

    def __contains__(self, digest: object) -> bool:
        return digest in self._location

    def __len__(self) -> int:
        return len(self._location)

    def read(self, digests: Sequence[bytes]) -> np.ndarray:
        """Read the rows of digests that are in the store.

        Returns
        -------
        ndarray of shape (n_digests, n_features), float32
        """
        by_file: dict[Path, list[tuple[int, int]]] = {}
        for position, digest in enumerate(digests):
            path, row = self._location[digest]
            by_file.setdefault(path, []).append((position, row))
        rows = np.empty((len(digests), self.n_features or 0), dtype=np.float32)
        for path, places in by_file.items():
            positions, rows_in_file = np.array(places).T
            with np.load(path) as arrays:
                rows[positions] = arrays["rows"][rows_in_file]
        return rows

    def add(self, digests: Sequence[bytes], rows: np.ndarray) -> None:
        """Collect rows, and write them once a chunk is full or its time is up."""
        self._pending_digests += digests
        self._pending_rows.append(rows)
        waited = monotonic() - self._written_at
        if len(self._pending_digests) >= ROWS_PER_CHUNK or waited >= SECONDS_PER_CHUNK:
            self.flush()

    def flush(self) -> None:
        """Write the collected rows."""
        if self._pending_digests:
            joined, rows = b"".join(self._pending_digests), np.concatenate(self._pending_rows)
            path = self._folder / f"{digest_of(joined).hex()}.npz"
            with replacing(path) as file:
                np.savez(
                    file,
                    digests=np.frombuffer(joined, dtype=np.uint8).reshape(-1, DIGEST_SIZE),
                    rows=rows,
                    n_features=rows.shape[1],
                )
            self._index(path)
            self._pending_digests, self._pending_rows = [], []
        self._written_at = monotonic()

    def _index(self, path: Path) -> None:
        """Add the rows of a file to the index, unless the file is damaged."""
        try:
            # opened here because NumPy leaves a damaged file open
            with open(path, "rb") as file, np.load(file) as arrays:
                joined, n_features = arrays["digests"].tobytes(), int(arrays["n_features"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            warnings.warn(
                f"{path} is damaged ({error}). Its embeddings are computed again.",
                stacklevel=2,
            )
            return
        self.n_features = n_features
        for row, start in enumerate(range(0, len(joined), DIGEST_SIZE)):
            self._location[joined[start : start + DIGEST_SIZE]] = (path, row)


def open_store(
    cache: os.PathLike[str] | str, name: str, settings: dict[str, Any]
) -> EmbeddingStore:
    """Open the embeddings of one model, and create their folder if there is none.

    Parameters
    ----------
    cache : str or path-like
        Folder of the embeddings of all models.
    name : str
        A readable name for the folder of this model. Only the settings identify the model.
    settings : dict
        Everything that the embedding of an item depends on. It is written next to the
        embeddings for people to read.

    Returns
    -------
    EmbeddingStore
    """
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-.")[-60:]
    folder = Path(cache, f"{name}-{digest_of_settings(settings)}")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "settings.json").exists():
        with replacing(folder / "settings.json") as file:
            file.write(json.dumps(settings, indent=1, sort_keys=True).encode())
    return EmbeddingStore(folder)
