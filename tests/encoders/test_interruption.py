"""Killed at any moment, the next process encodes only what is missing."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from sklearn_turtle.encoders import TextEncoder
from sklearn_turtle.encoders._store import EmbeddingStore
from tests.support import interrupted_encoding as interrupted
from tests.support.interrupted_encoding import TEXTS


def test_killed_while_encoding(tmp_path):
    process = subprocess.Popen(
        [sys.executable, interrupted.__file__, str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    while len(list(tmp_path.glob("*/*.npz"))) < 3:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    output, _ = process.communicate()
    assert b"finished" not in output
    (folder,) = tmp_path.iterdir()
    n_kept = len(EmbeddingStore(folder))
    assert 3 * 1024 <= n_kept < 10_000

    seen = []

    def counted(texts):
        seen.extend(texts)
        return interrupted.slowly(texts)

    encoder = TextEncoder(counted, cache=tmp_path, cache_key="slowly")
    rows = encoder.fit_transform(TEXTS)
    assert encoder.n_encoded_ == len(seen) == len(set(seen)) == 10_000 - n_kept
    np.testing.assert_array_equal(rows[:, 0], np.arange(10_000))
    np.testing.assert_array_equal(encoder.transform(TEXTS), rows)
    assert encoder.n_encoded_ == 0
