"""Read images from folders, files, PIL images, arrays, tensors and datasets."""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import torch

from sklearn_turtle._io._extras import import_extra
from sklearn_turtle._io._images import IMAGE_SUFFIXES
from sklearn_turtle.encoders._digests import digest_of
from sklearn_turtle.encoders._items import Items, as_sequence, select_value


def image_files(folder: os.PathLike[str] | str) -> list[Path]:
    """List the images in a folder and its subfolders, sorted by path.

    Parameters
    ----------
    folder : str or path-like
        The folder. Images are recognized by their file extensions. Hidden files and folders
        are ignored.

    Returns
    -------
    list of Path
        The images, in the order of the rows of ``ImageEncoder(model).fit_transform(folder)``.

    Raises
    ------
    ValueError
        If the folder contains no image.
    FileNotFoundError
        If the folder does not exist.

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
        raise FileNotFoundError(f"{folder}: the folder does not exist.")
    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in IMAGE_SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )
    if not paths:
        raise ValueError(
            f"{folder}: the folder contains no image; known file extensions are "
            f"{' '.join(IMAGE_SUFFIXES)}."
        )
    return paths


class Images(Items):
    """Images in files, in memory or in a dataset."""

    kind = "image"

    def name(self, index: int) -> str:
        """Name of an image in messages: its path if it has one."""
        entry = self.entries[index] if isinstance(self.entries, list) else None
        return str(entry) if isinstance(entry, (str, Path)) else super().name(index)

    def read(self, index: int) -> tuple[bytes, Callable[[], Any]]:
        """Read an image: see :meth:`Items.read`."""
        image = select_value(self.entries[index], _is_image, self.kind)
        if isinstance(image, (str, Path)):
            content = Path(image).read_bytes()
            return digest_of(content), lambda: _upright(_open(content))
        image = _upright(_as_pillow(image))
        return digest_of(f"{image.size}".encode(), image.tobytes()), lambda: image


def read_images(X: Any) -> Images:
    """Read the images in ``X``."""
    if isinstance(X, (str, Path)):
        return Images([Path(X)] if Path(X).is_file() else image_files(X))
    if isinstance(X, torch.Tensor):
        X = X.detach().cpu()
    if isinstance(X, (np.ndarray, torch.Tensor)) and X.ndim == 2 and _is_numeric(X):
        raise ValueError(
            f"X is a matrix of shape {tuple(X.shape)}; expected images. Reshape it to "
            "(n_samples, height, width) or (n_samples, height, width, 3)."
        )
    if isinstance(X, torch.Tensor):
        return Images(X)
    entries = as_sequence(X)
    # messages show the paths of a list
    return Images(entries.tolist() if _is_array_of_paths(entries) else entries)


def _is_numeric(X: Any) -> bool:
    return isinstance(X, torch.Tensor) or X.dtype.kind in "biuf"


def _is_array_of_paths(entries: Any) -> bool:
    return isinstance(entries, np.ndarray) and not _is_numeric(entries)


def _pillow() -> Any:
    return import_extra("PIL.Image", "pillow", "encoders", "Encoding images")


def _is_image(value: Any) -> bool:
    return isinstance(value, (str, Path, np.ndarray, torch.Tensor, _pillow().Image))


def _open(content: bytes) -> Any:
    """Open the image in the bytes of a file."""
    Image = _pillow()
    try:
        return Image.open(BytesIO(content))
    except Image.UnidentifiedImageError:
        raise ValueError("Pillow does not recognize the image format") from None


def _upright(image: Any) -> Any:
    """Convert an image to RGB, in the orientation that the camera recorded."""
    from PIL import ImageOps

    with image:
        try:
            turned = ImageOps.exif_transpose(image)
        except Exception:  # damaged metadata; if the pixels are damaged, convert raises below
            turned = image
        return turned.convert("RGB")


def _as_pillow(image: Any) -> Any:
    """Convert an image in memory to a PIL image."""
    if isinstance(image, torch.Tensor):
        image = image.detach().cpu().numpy()
        if image.ndim == 3:  # tensors have channels first
            image = np.moveaxis(image, 0, 2)
    elif not isinstance(image, np.ndarray):
        return image.copy()  # the copy is closed later, the user's image stays open
    if image.ndim == 3 and image.shape[2] == 1:
        image = image[:, :, 0]
    if image.ndim != 2 and not (image.ndim == 3 and image.shape[2] in (3, 4)):
        raise ValueError(
            f"an array of shape {image.shape} cannot be an image; expected (height, width), or "
            "1, 3 or 4 channels, which come last in an array and first in a tensor"
        )
    return _pillow().fromarray(np.ascontiguousarray(_as_bytes(image)))


def _as_bytes(pixels: np.ndarray) -> np.ndarray:
    """Convert pixels to 0..255: integers are in this range already, floats and bools in 0..1."""
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype.kind not in "biuf":
        raise TypeError(f"pixels cannot be of dtype {pixels.dtype}")
    top = 255 if pixels.dtype.kind in "iu" else 1
    if not (pixels.min() >= 0 and pixels.max() <= top):  # false for NaN, too
        raise ValueError(
            f"pixels of dtype {pixels.dtype} must lie between 0 and {top}, but range from "
            f"{pixels.min()} to {pixels.max()}; rescale them"
        )
    return pixels.astype(np.uint8) if top == 255 else np.rint(pixels * 255.0).astype(np.uint8)
