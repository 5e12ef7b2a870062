"""Folders with features of small datasets, in the layouts of the benchmark."""

import numpy as np
from sklearn.model_selection import train_test_split

from tests.support.two_spaces import two_spaces

SPACES = ("clip", "dino")
N_TRAIN, N_VAL, N_CLUSTERS = 60, 30, 3


def make_dataset(seed):
    """Make features and classes of both splits: {split: ({space: matrix}, classes)}.

    The noise, and with it the difficulty, depends on the seed.
    """
    spaces, y = two_spaces(N_TRAIN + N_VAL, N_CLUSTERS, seed)
    noise = np.random.default_rng(seed)
    spaces = [x + noise.normal(scale=4 * (seed % 6), size=x.shape) for x in spaces]
    train, val = train_test_split(np.arange(len(y)), test_size=N_VAL, stratify=y, random_state=0)
    return {
        split: ({name: x[rows] for name, x in zip(SPACES, spaces, strict=True)}, y[rows])
        for split, rows in (("train", train), ("val", val))
    }


def write_released(folder, datasets):
    """Write the layout of the authors' released code, with class embeddings in one space."""
    for seed, name in enumerate(datasets):
        splits = make_dataset(seed)
        for split, (features, y) in splits.items():
            save(folder / "labels" / f"{name}_{split}.npy", y)
            for space, matrix in features.items():
                save(folder / "representations" / space / f"{name}_{split}.npy", matrix)
        features, y = splits["train"]
        means = [features["clip"][y == label].mean(0) for label in range(N_CLUSTERS)]
        save(folder / "text" / "clip" / f"{name}.npy", np.stack(means))


def write_dataset_folder(folder, features, y):
    """Write one dataset in the layout with one folder per dataset."""
    for space, matrix in features.items():
        save(folder / f"{space}.npy", matrix)
    save(folder / "labels.npy", y)


def save(path, array):
    """Save an array, and create the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, array)
