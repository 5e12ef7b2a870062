import numpy as np
import pytest
import torch

from sklearn_turtle.encoders._batches import read_batches
from sklearn_turtle.encoders._images import read_images
from sklearn_turtle.encoders._texts import read_texts
from tests.support.tiny_models import preprocess

TEXTS = ["a", "bb", None, "dddd", "eeeee", "ffffff", "ggggggg"]


@pytest.mark.parametrize("num_workers", [0, 2])
def test_batches_are_in_order(num_workers):
    items = read_texts(TEXTS)
    batches = list(
        read_batches(items, [0, 1, 2, 6, 5], prepare=len, join=sum, size=2, num_workers=num_workers)
    )
    assert [batch.positions for batch in batches] == [[0, 1], [6], [5]]
    assert [batch.values for batch in batches] == [3, 7, 6]
    assert [digest for batch in batches for digest in batch.digests] == [
        items.read(position)[0] for position in (0, 1, 6, 5)
    ]
    unreadable = [result for batch in batches for result in batch.unreadable]
    assert [result.position for result in unreadable] == [2]
    assert unreadable[0].problem == "ValueError: the text is missing"


def test_batch_without_readable_items():
    (batch,) = read_batches(read_texts(TEXTS), [2], prepare=len, join=sum, size=2, num_workers=0)
    assert batch.positions == batch.digests == []
    assert batch.values is None


def test_digests_alone_are_read_without_decoding(photos):
    broken = photos[0].with_name("broken.png")
    broken.write_bytes(b"broken")
    (batch,) = read_batches(read_images([photos[0], broken]), [0, 1], size=2, num_workers=0)
    assert batch.positions == [0, 1]
    assert batch.values is None


def test_error_of_the_preprocessing_is_raised(images):
    def faulty(image):
        if image.size == images[3].size:
            raise RuntimeError("fault of the preprocessing")
        return preprocess(image)

    batches = read_batches(
        read_images(images), range(12), prepare=faulty, join=torch.stack, size=2, num_workers=0
    )
    with pytest.raises(RuntimeError, match="fault of the preprocessing"):
        list(batches)


@pytest.mark.parametrize("num_workers", [0, 2])
def test_random_state_of_torch_is_unchanged(images, num_workers):
    before = torch.get_rng_state(), torch.is_grad_enabled(), torch.get_num_threads()
    batches = read_batches(
        read_images(images),
        range(12),
        prepare=preprocess,
        join=torch.stack,
        size=5,
        num_workers=num_workers,
    )
    values = torch.cat([batch.values for batch in batches])
    np.testing.assert_array_equal(values, torch.stack([preprocess(image) for image in images]))
    assert torch.equal(torch.get_rng_state(), before[0])
    assert (torch.is_grad_enabled(), torch.get_num_threads()) == before[1:]
