"""Models that are loaded: from prepared items to rows."""

from typing import Any

import numpy as np
import torch

from sklearn_turtle._input._device import select_precision
from sklearn_turtle._io._extras import import_extra


class LoadedImageModel:
    """An image model in memory.

    Parameters
    ----------
    module : torch.nn.Module or callable
        What is moved to a device and put into evaluation mode.
    prepare : callable
        The preprocessing: makes a tensor of a PIL image.
    encode : callable
        Makes rows of a batch.
    """

    join: Any = staticmethod(torch.stack)
    joins_tensors = True

    def __init__(self, module, prepare, encode):
        self.module = module
        self.prepare = prepare
        self._encode = encode

    def to(self, device):
        """Move the model to a device, ready to encode."""
        _move(self.module, device)
        return self

    def example(self):
        """A batch of one image."""
        image = import_extra("PIL.Image", "pillow", "encoders", "Encoding images")
        return self.join([self.prepare(image.new("RGB", (64, 64)))])

    def rows(self, batch, device, *, precision):
        """Rows of a batch of preprocessed images.

        Returns
        -------
        ndarray of shape (n_images, n_features), float32
        """
        batch = batch.to(device, non_blocking=True)
        with torch.inference_mode(), mixed_precision(precision, device):
            return _checked(self._encode(batch), len(batch))


class LoadedTextModel:
    """A text model in memory.

    Parameters
    ----------
    module : SentenceTransformer or None
        What is moved to a device; None for a function.
    encode : callable
        Makes rows of a list of texts.
    """

    join: Any = staticmethod(list)
    joins_tensors = False

    def __init__(self, module, encode):
        self.module = module
        self._encode = encode

    def prepare(self, text):
        """Texts go to the model as they are."""
        return text

    def to(self, device):
        """Move the model to a device, ready to encode."""
        _move(self.module, device)
        return self

    def example(self):
        """A list of one text."""
        return ["text"]

    def rows(self, texts, device, *, precision, batch_size, prompt):
        """Rows of a list of texts.

        Returns
        -------
        ndarray of shape (n_texts, n_features), float32
        """
        if self.module is None:
            return _checked(self._encode([(prompt or "") + text for text in texts]), len(texts))
        with torch.inference_mode(), mixed_precision(precision, device):
            rows = self._encode(
                texts,
                prompt=prompt,
                batch_size=batch_size,
                show_progress_bar=False,
                convert_to_numpy=True,
                device=str(device),
            )
        return _checked(rows, len(texts))


def mixed_precision(precision, device):
    """The context in which a model runs.

    Parameters
    ----------
    precision : {"auto", "float32", "bfloat16", "float16"}
        As given to an encoder.
    device : torch.device
        Where the model runs.
    """
    dtype = dtype_of_products(precision, device)
    return torch.autocast(device.type, dtype=dtype, enabled=dtype != torch.float32)


def dtype_of_products(precision, device):
    """The dtype of matrix products: "auto" for a narrow one on CUDA devices, else float32."""
    if precision != "auto":
        return getattr(torch, precision)
    if device.type != "cuda":
        return torch.float32
    dtype = select_precision("auto", device)
    # older GPUs have no units for bfloat16, but for float16
    return torch.float16 if dtype == torch.float32 else dtype


def import_encoders(module, package):
    """Import a library of models, or say how to install it."""
    try:
        return import_extra(module, package, "encoders", "Encoding")
    except RuntimeError as error:  # so torchvision fails beside a torch of another build
        raise ImportError(
            f"{package} cannot be imported ({error}). It imports torchvision, which must be of the "
            "release and build (CPU or CUDA) of torch: install both from one index."
        ) from error


def _move(module, device):
    if isinstance(module, torch.nn.Module):
        module.to(device).eval()


def _checked(rows, n_items):
    """Rows of a model as an array of float32."""
    if isinstance(rows, torch.Tensor):
        rows = rows.float().cpu().numpy()
    if not hasattr(rows, "__len__") or isinstance(rows, dict):
        raise TypeError(f"The model gives {type(rows).__name__}, where a matrix is expected.")
    rows = np.asarray(rows, dtype=np.float32)
    if rows.ndim != 2 or len(rows) != n_items:
        raise ValueError(
            f"The model makes an array of shape {rows.shape} of {n_items} items, where one row an "
            "item is expected: its outputs must be pooled."
        )
    return rows
