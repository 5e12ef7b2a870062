"""Measure the cost of checkpoints, and the time that a fit takes to end on Ctrl-C.

Synthetic spaces: 2000 rows of 64 and 128 features, 10 clusters.

    python examples/benchmarks/interruption.py
"""

import signal
import threading
import warnings
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from sklearn.datasets import make_blobs

from sklearn_turtle import TurtleClustering


def timed(name, **fit_parameters):
    start = perf_counter()
    turtle = TurtleClustering(n_clusters=10, random_state=0, device="cpu")
    turtle.fit(spaces, **fit_parameters)
    print(f"{name}: {perf_counter() - start:.1f} s, {turtle.n_iter_} steps", flush=True)


def interrupted(after, **fit_parameters):
    pressed = []

    def press():
        pressed.append(perf_counter())
        signal.raise_signal(signal.SIGINT)

    timer = threading.Timer(after, press)
    timer.start()
    turtle = TurtleClustering(n_clusters=10, random_state=0, device="cpu")
    with suppress(KeyboardInterrupt):
        turtle.fit(spaces, **fit_parameters)
    timer.join()
    seconds = perf_counter() - pressed[0]
    print(f"Ctrl-C after {after} s, {fit_parameters}: {seconds:.2f} s", flush=True)


rng = np.random.default_rng(0)
latent, _ = make_blobs(2000, n_features=50, centers=10, random_state=0)
spaces = [
    (latent @ rng.normal(size=(50, width)) + 5 * rng.normal(size=(2000, width))).astype("float16")
    for width in (64, 128)
]
warnings.simplefilter("ignore")  # after an interrupted search, clusters may be empty
with TemporaryDirectory() as folder:
    timed("without checkpoints")
    for every in (50, 10):
        path = Path(folder, f"every_{every}")
        timed(f"checkpoint_every={every}", checkpoint=path, checkpoint_every=every)
        print(f"  checkpoint of {path.stat().st_size / 2**20:.0f} MB")
for on_interrupt in ("raise", "stop"):
    for after in (0.5, 1.0):
        interrupted(after, on_interrupt=on_interrupt)
