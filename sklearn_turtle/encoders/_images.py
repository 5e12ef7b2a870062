"""Reading images: files, folders, PIL images, arrays, tensors and datasets of them."""

from io import BytesIO
from pathlib import Path

import numpy as np
import torch

from sklearn_turtle._io._extras import import_extra
from sklearn_turtle._io._images import IMAGE_SUFFIXES
from sklearn_turtle.encoders._digests import digest_of
from sklearn_turtle.encoders._items import Items, as_sequence, only_value


def image_files(folder):
    """List the images in a folder, and in the folders within it, in the order of their names.

    Parameters
    ----------
    folder : str or path-like
        The folder. Files are taken by the endings of their names; hidden ones are left out.

    Returns
    -------
    list of Path
        The rows of ``ImageEncoder(model).fit_transform(folder)`` come in this order.

    Raises
    ------
    ValueError
        If there is no image.
    FileNotFoundError
        If there is no such folder.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from PIL import Image
    >>> from sklearn_turtle.encoders import image_files
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("b.png", "a.jpg"):
    ...         Image.new("RGB", (8, 8)).save(Path(folder, name))
    ...     [path.name for path in image_files(folder)]
    ['a.jpg', 'b.png']
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: there is no such folder.")
    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in IMAGE_SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )
    if not paths:
        raise ValueError(f"{folder}: holds no image; known endings are {' '.join(IMAGE_SUFFIXES)}.")
    return paths


class Images(Items):
    """Images of files, in memory, or of a dataset."""

    kind = "image"

    def name(self, index):
        entry = self.entries[index] if isinstance(self.entries, list) else None
        return str(entry) if isinstance(entry, (str, Path)) else super().name(index)

    def read(self, index):
        image = only_value(self.entries[index], _is_image, self.kind)
        if isinstance(image, (str, Path)):
            content = Path(image).read_bytes()
            return digest_of(content), lambda: _upright(_open(content))
        image = _upright(_pillow_image(image))
        return digest_of(f"{image.size}".encode(), image.tobytes()), lambda: image


def read_images(X):
    """The images in ``X``."""
    if isinstance(X, (str, Path)):
        return Images([Path(X)] if Path(X).is_file() else image_files(X))
    if isinstance(X, torch.Tensor):
        X = X.detach().cpu()
    if isinstance(X, (np.ndarray, torch.Tensor)) and X.ndim == 2 and _is_numeric(X):
        raise ValueError(
            f"X is a matrix of shape {tuple(X.shape)}, but images are expected: reshape it to "
            "(n_samples, height, width) or (n_samples, height, width, 3)."
        )
    if isinstance(X, torch.Tensor):
        return Images(X)
    entries = as_sequence(X)
    # names of files are what a message shows
    return Images(entries.tolist() if _is_array_of_names(entries) else entries)


def _is_numeric(X):
    return isinstance(X, torch.Tensor) or X.dtype.kind in "biuf"


def _is_array_of_names(entries):
    return isinstance(entries, np.ndarray) and not _is_numeric(entries)


def _pillow():
    return import_extra("PIL.Image", "pillow", "encoders", "Encoding images")


def _is_image(value):
    return isinstance(value, (str, Path, np.ndarray, torch.Tensor, _pillow().Image))


def _open(content):
    """The image that the bytes of a file are."""
    Image = _pillow()
    try:
        return Image.open(BytesIO(content))
    except Image.UnidentifiedImageError:
        raise ValueError("it is in no format of images that Pillow knows") from None


def _upright(image):
    """An image in RGB, turned as its camera says."""
    from PIL import ImageOps

    with image:
        try:
            turned = ImageOps.exif_transpose(image)
        except Exception:  # the camera's notes are damaged; if the image is, it raises again below
            turned = image
        return turned.convert("RGB")


def _pillow_image(image):
    """A PIL image of an image in memory."""
    if isinstance(image, torch.Tensor):
        image = image.detach().cpu().numpy()
        if image.ndim == 3:  # torch has channels first
            image = np.moveaxis(image, 0, 2)
    elif not isinstance(image, np.ndarray):
        return image.copy()  # the user's image stays open
    if image.ndim == 3 and image.shape[2] == 1:
        image = image[:, :, 0]
    if image.ndim != 2 and not (image.ndim == 3 and image.shape[2] in (3, 4)):
        raise ValueError(
            f"an array of shape {image.shape} is no image: (height, width), or with 1, 3 or 4 "
            "channels, last in an array and first in a tensor"
        )
    return _pillow().fromarray(np.ascontiguousarray(_as_bytes(image)))


def _as_bytes(pixels):
    """Pixels from 0 to 255: integers are so, floats and bools go from 0 to 1."""
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype.kind not in "biuf":
        raise TypeError(f"pixels of dtype {pixels.dtype}")
    top = 255 if pixels.dtype.kind in "iu" else 1
    if not (pixels.min() >= 0 and pixels.max() <= top):  # false for NaN, too
        raise ValueError(
            f"pixels of dtype {pixels.dtype} must lie between 0 and {top}, but go from "
            f"{pixels.min()} to {pixels.max()}: scale them"
        )
    return pixels.astype(np.uint8) if top == 255 else np.rint(pixels * 255.0).astype(np.uint8)
