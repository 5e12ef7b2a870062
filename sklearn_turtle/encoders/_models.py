"""Models before and after they are loaded: from prepared items to rows."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch

from sklearn_turtle._input._device import select_precision
from sklearn_turtle._io._extras import import_extra, root_cause


@dataclass(frozen=True)
class EncodingOptions:
    """How a model encodes. Each model uses the options that apply to it.

    Attributes
    ----------
    precision : {"auto", "float32", "bfloat16", "float16"}
        Mixed precision of the model.
    batch_size : int
        Number of texts that a sentence encoder puts in one batch.
    prompt : str or None
        Words to put before each text.
    """

    precision: str
    batch_size: int
    prompt: str | None = None


class LoadedModel(ABC):
    """A model in memory.

    Parameters
    ----------
    module : torch.nn.Module or callable
        The model. A torch module is moved to a device and put into evaluation mode.
    prepare : callable
        The preprocessing of one item.
    encode : callable
        Returns the rows of a batch.

    Attributes
    ----------
    joins_tensors : bool
        Whether ``join`` returns a tensor.
    """

    joins_tensors: bool

    def __init__(
        self, module: Any, prepare: Callable[[Any], Any], encode: Callable[..., Any]
    ) -> None:
        self.module = module
        self.prepare = prepare
        self._encode = encode

    def to(self, device: torch.device) -> "LoadedModel":
        """Move the model to a device, ready to encode."""
        if isinstance(self.module, torch.nn.Module):
            self.module.to(device).eval()
        return self

    @staticmethod
    @abstractmethod
    def join(items: list[Any]) -> Any:
        """Join prepared items to a batch."""

    @abstractmethod
    def example(self) -> Any:
        """Create a batch of one item."""

    @abstractmethod
    def rows(self, batch: Any, device: torch.device, options: EncodingOptions) -> np.ndarray:
        """Compute the rows of a batch.

        Returns
        -------
        ndarray of shape (n_items, n_features), float32
        """


class LoadedImageModel(LoadedModel):
    """An image model in memory, which encodes a batch of preprocessed images."""

    joins_tensors = True

    @staticmethod
    def join(items: list[torch.Tensor]) -> torch.Tensor:
        """Stack preprocessed images."""
        return torch.stack(items)

    def example(self) -> torch.Tensor:
        """Create a batch of one image."""
        image = import_extra("PIL.Image", "pillow", "encoders", "Encoding images")
        return self.join([self.prepare(image.new("RGB", (64, 64)))])

    def rows(
        self, batch: torch.Tensor, device: torch.device, options: EncodingOptions
    ) -> np.ndarray:
        """Compute the rows of preprocessed images: see :meth:`LoadedModel.rows`."""
        batch = batch.to(device, non_blocking=True)
        with torch.inference_mode(), mixed_precision(options.precision, device):
            return _as_rows(self._encode(batch), len(batch))


class LoadedTextModel(LoadedModel):
    """A SentenceTransformer in memory, or a function of a list of texts.

    Parameters
    ----------
    module : SentenceTransformer or None
        The model; None for a function.
    encode : callable
        Returns the rows of a list of texts.
    """

    joins_tensors = False

    def __init__(self, module: Any, encode: Callable[..., Any]) -> None:
        super().__init__(module, _unchanged, encode)

    @staticmethod
    def join(items: list[str]) -> list[str]:
        """Return the texts as they are."""
        return items

    def example(self) -> list[str]:
        """Create a list of one text."""
        return ["text"]

    def rows(self, batch: list[str], device: torch.device, options: EncodingOptions) -> np.ndarray:
        """Compute the rows of texts: see :meth:`LoadedModel.rows`."""
        if self.module is None:
            return _as_rows(
                self._encode([(options.prompt or "") + text for text in batch]), len(batch)
            )
        with torch.inference_mode(), mixed_precision(options.precision, device):
            rows = self._encode(
                batch,
                prompt=options.prompt,
                batch_size=options.batch_size,
                show_progress_bar=False,
                convert_to_numpy=True,
                device=str(device),
            )
        return _as_rows(rows, len(batch))


class ModelSource(Protocol):
    """A model that can be described without loading it. Its string is a readable name."""

    def settings(self) -> dict[str, Any]:
        """Describe everything that its embeddings depend on."""

    def load(self) -> LoadedModel:
        """Load the model on the CPU."""


def mixed_precision(precision: str, device: torch.device) -> torch.autocast:
    """Create the context in which a model runs.

    Parameters
    ----------
    precision : {"auto", "float32", "bfloat16", "float16"}
        Parameter of an encoder.
    device : torch.device
        Where the model runs.

    Returns
    -------
    torch.autocast
    """
    dtype = dtype_of_products(precision, device)
    return torch.autocast(device.type, dtype=dtype, enabled=dtype != torch.float32)


def dtype_of_products(precision: str, device: torch.device) -> torch.dtype:
    """Select the dtype of matrix products: "auto" for 16 bits on CUDA devices, else float32."""
    if precision != "auto":
        dtype: torch.dtype = getattr(torch, precision)
        return dtype
    if device.type != "cuda":
        return torch.float32
    dtype = select_precision("auto", device)
    # older GPUs multiply float16 in hardware, but not bfloat16
    return torch.float16 if dtype == torch.float32 else dtype


def import_encoder_library(module: str, package: str) -> Any:
    """Import a library of models, or raise an error with the command that installs it."""
    try:
        return import_extra(module, package, "encoders", "Encoding")
    except ImportError as error:
        cause = root_cause(error)
        # raised by a torchvision that was built for another torch
        if not isinstance(cause, RuntimeError):
            raise
        raise ImportError(
            f"{package} cannot be imported ({cause}). It imports torchvision, which must "
            "match the release and build (CPU or CUDA) of torch. Install both from the same index."
        ) from error


def _unchanged(text: str) -> str:
    return text


def _as_rows(output: Any, n_items: int) -> np.ndarray:
    """Convert the output of a model to float32, and check its shape."""
    if isinstance(output, torch.Tensor):
        output = output.float().cpu().numpy()
    if not hasattr(output, "__len__") or isinstance(output, dict):
        raise TypeError(
            f"The model returns {type(output).__name__}; expected a matrix with one row per item."
        )
    rows = np.asarray(output, dtype=np.float32)
    if rows.ndim != 2 or len(rows) != n_items:
        raise ValueError(
            f"The model returns an array of shape {rows.shape} for {n_items} items; expected one "
            "row per item. Pool the outputs of the model."
        )
    return rows
