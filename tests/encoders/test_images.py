import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from sklearn_turtle.datasets import ImageDataset
from sklearn_turtle.encoders import image_files
from sklearn_turtle.encoders._images import read_images


def pixels(items, index=0):
    image = items.read(index)[1]()
    assert image.mode == "RGB"
    return np.array(image)


RGB = np.random.default_rng(0).integers(0, 256, (3, 7, 9, 3), dtype=np.uint8)


class Pairs(torch.utils.data.Dataset):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return Image.fromarray(RGB[index]), index


class Dicts(Pairs):
    def __getitem__(self, index):
        return {"image": Image.fromarray(RGB[index]), "label": index, "size": (7, 9)}


@pytest.mark.parametrize(
    "X",
    [
        RGB,
        list(RGB),
        RGB.astype(np.int64),
        RGB / 255,
        np.float32(RGB / 255),
        torch.from_numpy(RGB).movedim(3, 1),
        torch.from_numpy(RGB).movedim(3, 1) / 255,
        list(torch.from_numpy(RGB).movedim(3, 1)),
        [Image.fromarray(image) for image in RGB],
        pd.Series([Image.fromarray(image) for image in RGB]),
        np.concatenate([RGB, np.full((3, 7, 9, 1), 9, dtype=np.uint8)], axis=3),  # alpha
        Pairs(),
        Dicts(),
        ImageDataset(RGB, np.arange(3), ["a", "b", "c"]),
    ],
    ids=range(14),
)
def test_one_image_per_entry(X):
    items = read_images(X)
    assert len(items) == 3
    for index in range(3):
        np.testing.assert_array_equal(pixels(items, index), RGB[index])
        assert items.read(index)[0] == read_images(RGB).read(index)[0]  # of the pixels


def test_hugging_face_dataset():
    datasets = pytest.importorskip("datasets")
    images = [Image.fromarray(image) for image in RGB]
    dataset = datasets.Dataset.from_dict({"image": images, "label": [0, 1, 0]})
    dataset = dataset.cast_column("image", datasets.Image())
    for X in (dataset, dataset["image"]):
        np.testing.assert_array_equal(pixels(read_images(X), 1), RGB[1])


@pytest.mark.parametrize(
    "image",
    [
        np.array([[0, 128], [255, 7]], dtype=np.uint8),
        np.array([[0, 128], [255, 7]], dtype=np.uint8)[:, :, None],
        np.array([[0, 128], [255, 7]]) / 255,
        torch.tensor([[[0, 128], [255, 7]]], dtype=torch.uint8),
    ],
)
def test_gray_images(image):
    expected = np.repeat([[[0], [128]], [[255], [7]]], 3, axis=2)
    np.testing.assert_array_equal(pixels(read_images([image])), expected)


def test_black_and_white():
    np.testing.assert_array_equal(pixels(read_images([np.eye(2) > 0]))[:, :, 0], 255 * np.eye(2))


@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_paths_in_all_containers(photos, images, kind):
    names = [kind(path) for path in photos]
    for X in (names, np.array(names), pd.Series(names), pd.DataFrame({"path": names})):
        items = read_images(X)
        assert len(items) == 12
        np.testing.assert_array_equal(pixels(items, 3), np.array(images[3]))
        assert items.name(3) == str(photos[3])


def test_folder(photos, images):
    for X in (photos[0].parent, str(photos[0].parent)):
        items = read_images(X)
        assert [items.name(i) for i in range(12)] == [str(path) for path in photos]


def test_single_file(photos):
    assert len(read_images(photos[0])) == 1


def test_image_files(tmp_path):
    for name in ("b/2.PNG", "a/10.jpeg", "a/9.webp", "a/.hidden.png", ".git/x.png", "a/notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    (tmp_path / "c.png").mkdir()
    found = [str(path.relative_to(tmp_path)) for path in image_files(tmp_path)]
    assert found == ["a/10.jpeg", "a/9.webp", "b/2.PNG"]


def test_folder_without_images(tmp_path):
    with pytest.raises(ValueError, match=r"contains no image.*\.png"):
        image_files(tmp_path)
    with pytest.raises(FileNotFoundError, match="missing: the folder does not exist"):
        image_files(tmp_path / "missing")


def test_digest_of_a_file_depends_on_its_content(photos, tmp_path):
    copy = tmp_path / "copy.png"
    copy.write_bytes(photos[0].read_bytes())
    assert read_images([copy]).read(0)[0] == read_images([photos[0]]).read(0)[0]
    Image.open(photos[1]).save(copy)
    assert read_images([copy]).read(0)[0] != read_images([photos[0]]).read(0)[0]


def test_photo_is_rotated_upright(tmp_path):
    photo = Image.fromarray(RGB[0])
    exif = photo.getexif()
    exif[0x0112] = 6  # orientation: rotate by 270 degrees to display
    photo.save(tmp_path / "rotated.png", exif=exif)
    np.testing.assert_array_equal(
        pixels(read_images([tmp_path / "rotated.png"])), np.rot90(RGB[0], 3)
    )


def test_damaged_metadata(tmp_path):
    Image.fromarray(RGB[0]).save(tmp_path / "photo.png", exif=b"Exif\x00\x00damaged")
    np.testing.assert_array_equal(pixels(read_images([tmp_path / "photo.png"])), RGB[0])


def test_image_of_the_user_stays_open():
    image = Image.fromarray(RGB[0])
    items = read_images([image])
    pixels(items)
    np.testing.assert_array_equal(pixels(items), RGB[0])
    assert image.getpixel((0, 0)) == tuple(RGB[0, 0, 0])


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (np.array([[0.0, 16.0]]), "between 0 and 1, but range from 0.0 to 16.0"),
        (np.array([[0.0, np.nan]]), "between 0 and 1"),
        (np.array([[-1, 3]]), "between 0 and 255"),
        (np.array([[300, 3]], dtype=np.uint16), "between 0 and 255"),
        (np.zeros((2, 3, 5)), "cannot be an image"),
        (np.zeros((1, 2, 2, 3)), "cannot be an image"),
        (np.zeros((2, 2), dtype=complex), "complex"),
        (None, "missing"),
        (np.nan, "missing"),
        (3, "expected one image, got int"),
    ],
)
def test_entry_that_is_not_an_image(image, reason):
    items = read_images([image])
    assert items.name(0) == "image 0"
    with pytest.raises((ValueError, TypeError), match=reason):
        items.read(0)[1]()


def test_matrix_of_numbers():
    for X in (np.zeros((5, 64)), torch.zeros(5, 64)):
        with pytest.raises(ValueError, match=r"\(5, 64\).*Reshape it to \(n_samples, height"):
            read_images(X)
