"""
Features on disk
================

Cluster features that are stored on disk, and write the labels chunk by chunk.

``fit`` and ``predict`` accept memory maps, Zarr arrays, HDF5 datasets, Parquet files and Dask
arrays. They read rows as needed and never hold a whole space in memory. In this example, two files
hold the features of the handwritten digits.
"""

import tempfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from sklearn_turtle import TurtleClustering, predict_to_file
from sklearn_turtle.metrics import clustering_accuracy

pixels, digits = load_digits(return_X_y=True)
folder = Path(tempfile.mkdtemp())
np.save(folder / "pixels.npy", pixels.astype(np.float16))
np.save(folder / "axes.npy", PCA(30).fit_transform(pixels).astype(np.float16))

spaces = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("pixels", "axes")}
turtle = TurtleClustering(n_clusters=10, n_init=8, random_state=0).fit(spaces)
predict_to_file(turtle, spaces, folder / "labels.npy", verbose=1)

labels = np.load(folder / "labels.npy", mmap_mode="r")
print(f"{len(labels)} labels, clustering accuracy {clustering_accuracy(digits, labels):.3f}")

# %%
# A stream: ``partial_fit`` uses each chunk once.
stream = TurtleClustering(n_clusters=10, n_init=8, random_state=0)
rng = np.random.default_rng(0)
for _ in range(60):
    chunk = np.sort(rng.choice(len(digits), 500, replace=False))
    stream.partial_fit({name: space[chunk] for name, space in spaces.items()})
accuracy = clustering_accuracy(digits, stream.predict(spaces))
print(f"stream of {stream.n_iter_} steps, clustering accuracy {accuracy:.3f}")
