"""Datasets in memory and their use in torch."""

import numpy as np
from numpy.testing import assert_array_equal
from torch.utils.data import DataLoader

from sklearn_turtle.datasets import ImageDataset, load_dataset


def test_pixels():
    dataset = ImageDataset(np.full((1, 4, 4), 7, dtype=np.uint8), np.array([0]), ["seven"])
    assert_array_equal(np.asarray(dataset[0][0]), np.full((4, 4, 3), 7))


def test_data_loader(made_dataset):
    dataset = load_dataset("mnist", made_dataset("mnist")[0], "train")
    loader = DataLoader(
        dataset, batch_size=3, collate_fn=lambda pairs: [label for _, label in pairs]
    )
    assert [label for batch in loader for label in batch] == dataset.labels.tolist()
