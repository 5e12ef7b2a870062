import numpy as np
import pytest
from PIL import Image


def make_images(n_images, seed=0):
    """Photographs of nothing, of various shapes."""
    generator = np.random.default_rng(seed)
    return [
        Image.fromarray(generator.integers(0, 256, (9 + i % 7, 12 + i % 5, 3), dtype=np.uint8))
        for i in range(n_images)
    ]


@pytest.fixture
def images():
    return make_images(12)


@pytest.fixture
def photos(tmp_path, images):
    """Paths of the images, as files without loss."""
    folder = tmp_path / "photos"
    folder.mkdir()
    paths = [folder / f"{i:02}.png" for i in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        image.save(path)
    return paths
