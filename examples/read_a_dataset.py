"""
The datasets of the paper
=========================

``DATASETS`` describes how to get the 26 datasets of the paper. ``load_dataset`` reads their images
from the folders in which they are distributed. This example makes the folder of Country211 from a
few small images.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import numpy as np
from PIL import Image

from sklearn_turtle.datasets import DATASETS, extract_archives, load_dataset
from sklearn_turtle.encoders import IMAGE_MODELS

info = DATASETS["country211"]
print(f"{info.title}: {info.n_classes} classes")
print(info.how_to_get)

rng = np.random.default_rng(0)
with TemporaryDirectory() as folder:
    with ZipFile(Path(folder, "country211.zip"), "w") as archive:
        for split in ("train", "valid", "test"):
            for country in ("CH", "UG"):
                with archive.open(f"country211/{split}/{country}/1.jpg", "w") as file:
                    Image.fromarray(rng.integers(255, size=(8, 8, 3), dtype=np.uint8)).save(
                        file, "JPEG"
                    )
    extract_archives(folder)
    for split in ("train", "val"):
        dataset = load_dataset("country211", folder, split)
        image, label = dataset[0]
        print(f"{split}: {len(dataset)} images; the first is {image.size}, of class {label}")

# %%
# Models that compute features of the images.
print(", ".join(IMAGE_MODELS))
