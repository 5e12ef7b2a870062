"""Measure the size of the report of 10,000 images: crops of scikit-learn's photos, and noise.

python examples/benchmarks/report_size.py
"""

import tempfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_sample_images

from sklearn_turtle import TurtleClustering
from sklearn_turtle.report import write_report

N_SAMPLES, SIDE = 10_000, 8


def crops(rng):
    """Yield squares of 100 to 300 pixels from the photos."""
    photos = load_sample_images().images
    for sample in range(N_SAMPLES):
        photo, side = photos[sample % 2], int(rng.integers(100, 300))
        top, left = (int(rng.integers(0, length - side)) for length in photo.shape[:2])
        yield photo[top : top + side, left : left + side]


def main():
    rng = np.random.default_rng(0)
    images = list(crops(rng))
    steps = [len(image) // SIDE for image in images]
    X = np.array(
        [
            image[::step, ::step][:SIDE, :SIDE].ravel()
            for image, step in zip(images, steps, strict=True)
        ],
        dtype=np.float32,
    )
    noise = [rng.integers(0, 256, (80, 80, 3), dtype=np.uint8) for _ in range(200)]
    kinds = {"crops": images, "noise": [noise[sample % 200] for sample in range(N_SAMPLES)]}
    for n_clusters in (10, 100):
        turtle = TurtleClustering(n_clusters, random_state=0).fit(X)
        for kind, shown in kinds.items():
            path = Path(tempfile.mkdtemp(), "report.html")
            write_report(path, turtle, X, images=shown, map_method="pca")
            print(f"{n_clusters} clusters, {kind}: {path.stat().st_size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
