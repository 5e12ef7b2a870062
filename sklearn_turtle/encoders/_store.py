"""Embeddings on disk, by the content that they were made of."""

import json
import re
import warnings
import zipfile
from pathlib import Path
from time import monotonic

import numpy as np

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle.encoders._digests import DIGEST_SIZE, digest_of, digest_of_settings

# an interruption loses what was encoded since the last chunk was written
ROWS_PER_CHUNK = 1024
SECONDS_PER_CHUNK = 5.0


def open_store(cache, name, settings):
    """The embeddings that were made by a model with some settings.

    Parameters
    ----------
    cache : str or path-like
        Folder of the embeddings of all models.
    name : str
        A name for the folder of these; only the settings count.
    settings : dict
        All that decides what an item is encoded to. Kept beside the embeddings, for people.

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


class EmbeddingStore:
    """Rows of float32, each known by a digest, in files of about a thousand rows.

    A file is whole or not there, and never changes, so that the process may be killed at any
    moment, and several processes may write to one folder.

    Parameters
    ----------
    folder : Path
        Where the files are; those that are there are known from now on.

    Attributes
    ----------
    n_features : int or None
        Number of features of the rows; None where there are none yet.
    """

    def __init__(self, folder):
        self.n_features = None
        self._folder = folder
        self._place = {}  # of each digest, its file and its row therein
        self._digests, self._rows = [], []
        self._written_at = monotonic()
        for path in sorted(folder.glob("*.npz")):
            self._learn(path)

    def __contains__(self, digest):
        return digest in self._place

    def __len__(self):
        return len(self._place)

    def read(self, digests):
        """Rows of digests that the files hold.

        Returns
        -------
        ndarray of shape (n_digests, n_features), float32
        """
        of_file: dict = {}
        for position, digest in enumerate(digests):
            path, row = self._place[digest]
            of_file.setdefault(path, []).append((position, row))
        rows = np.empty((len(digests), self.n_features or 0), dtype=np.float32)
        for path, places in of_file.items():
            positions, rows_of_file = np.array(places).T
            with np.load(path) as arrays:
                rows[positions] = arrays["rows"][rows_of_file]
        return rows

    def add(self, digests, rows):
        """Take up rows, and write those taken up once they are many or have waited long."""
        self._digests += digests
        self._rows.append(rows)
        waited = monotonic() - self._written_at
        if len(self._digests) >= ROWS_PER_CHUNK or waited >= SECONDS_PER_CHUNK:
            self.flush()

    def flush(self):
        """Write the rows that are taken up but not written."""
        if self._digests:
            joined, rows = b"".join(self._digests), np.concatenate(self._rows)
            path = self._folder / f"{digest_of(joined).hex()}.npz"
            with replacing(path) as file:
                np.savez(
                    file,
                    digests=np.frombuffer(joined, dtype=np.uint8).reshape(-1, DIGEST_SIZE),
                    rows=rows,
                    n_features=rows.shape[1],
                )
            self._learn(path)
            self._digests, self._rows = [], []
        self._written_at = monotonic()

    def _learn(self, path):
        """Learn which rows a file holds; those of a damaged file are not known."""
        try:
            # opened here, since NumPy leaves a damaged file open
            with open(path, "rb") as file, np.load(file) as arrays:
                joined, n_features = arrays["digests"].tobytes(), int(arrays["n_features"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            warnings.warn(
                f"{path}: is damaged, and its embeddings are made again ({error}).", stacklevel=2
            )
            return
        self.n_features = n_features
        for row, start in enumerate(range(0, len(joined), DIGEST_SIZE)):
            self._place[joined[start : start + DIGEST_SIZE]] = (path, row)
