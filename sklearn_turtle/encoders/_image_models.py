"""Image models of open_clip, of timm and of the user, and how each is loaded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

from sklearn_turtle.encoders._digests import (
    describe_folder,
    describe_module,
    describe_outputs,
    describe_package,
)
from sklearn_turtle.encoders._models import LoadedImageModel, import_encoder_library


@dataclass(frozen=True)
class OpenClipModel:
    """The image encoder of a model of open_clip.

    Parameters
    ----------
    architecture : str
        Name of the architecture in open_clip; or "local-dir:FOLDER" or "hf-hub:NAME".
    weights : str or None
        Tag of the weights.
    """

    architecture: str
    weights: str | None = None

    def __str__(self) -> str:
        tag = "" if self.weights is None else f"/{self.weights}"
        return f"open_clip:{self.architecture}{tag}"

    def settings(self) -> dict[str, Any]:
        """Describe everything that its embeddings depend on."""
        return _describe_named("open_clip_torch", self.architecture, weights=self.weights)

    def load(self) -> LoadedImageModel:
        """Load the model with its weights on the CPU."""
        open_clip = import_encoder_library("open_clip", "open_clip_torch")
        module, preprocess = open_clip.create_model_from_pretrained(
            self.architecture, pretrained=self.weights
        )
        return LoadedImageModel(module, preprocess, module.encode_image)


@dataclass(frozen=True)
class TimmModel:
    """A model of timm, without its classifier.

    Parameters
    ----------
    name : str
        Name in timm, with the tag of the weights; or "local-dir:FOLDER" or "hf-hub:NAME".
    creation : dict
        Changes to the options with which timm creates the model.
    preprocessing : dict
        Changes to the preprocessing that timm configures for the model.
    """

    name: str
    creation: dict[str, Any] = field(default_factory=dict)
    preprocessing: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"timm:{self.name}"

    def settings(self) -> dict[str, Any]:
        """Describe everything that its embeddings depend on."""
        return _describe_named(
            "timm", self.name, creation=self.creation, preprocessing=self.preprocessing
        )

    def load(self) -> LoadedImageModel:
        """Load the model with its weights on the CPU."""
        timm = import_encoder_library("timm", "timm")
        module = timm.create_model(self.name, pretrained=True, num_classes=0, **self.creation)
        return LoadedImageModel(module, _timm_preprocess(module, self.preprocessing), module)


@dataclass(frozen=True)
class GivenImageModel:
    """A model that the user created.

    Parameters
    ----------
    module : callable
        Returns the rows of a batch of preprocessed images. If it has a method
        ``encode_image``, this method is called instead.
    preprocess : callable or None
        Converts a PIL image to a tensor; None for the preprocessing that timm configures.
    """

    module: Any
    preprocess: Any

    def __str__(self) -> str:
        return type(self.module).__name__

    def settings(self) -> dict[str, Any]:
        """Describe everything that its embeddings depend on."""
        if not isinstance(self.module, torch.nn.Module):
            raise ValueError(
                f"The cache cannot identify a model of type {type(self.module).__name__}. Pass a "
                "name for it as cache_key, or pass cache=None."
            )
        loaded = self.load()
        return {
            "model": describe_module(self.module),
            "preprocessing": describe_outputs(loaded.prepare, _example_images()),
        }

    def load(self) -> LoadedImageModel:
        """Return the model as it is."""
        preprocess = self.preprocess or _timm_preprocess(self.module, {})
        encode = getattr(self.module, "encode_image", self.module)
        return LoadedImageModel(self.module, preprocess, encode)


def _timm_preprocess(module: Any, changes: dict[str, Any]) -> Callable[[Any], Any]:
    """Create the preprocessing of a model of timm, for inference."""
    data = import_encoder_library("timm.data", "timm")
    config = data.resolve_model_data_config(module, args=changes)
    preprocess: Callable[[Any], Any] = data.create_transform(**config, is_training=False)
    return preprocess


def _describe_named(package: str, name: str, **settings: Any) -> dict[str, Any]:
    if name.startswith("local-dir:"):
        return describe_folder(name.removeprefix("local-dir:"), package) | settings
    return describe_package(package, name=name, **settings)


def _example_images() -> Iterator[Any]:
    """Yield images of three shapes and of all colors, to identify a preprocessing."""
    from PIL import Image

    for size in ((640, 480), (90, 160), (33, 33)):
        yield Image.merge(
            "RGB",
            [
                Image.linear_gradient("L").resize(size),
                Image.radial_gradient("L").resize(size),
                Image.linear_gradient("L").rotate(90).resize(size),
            ],
        )
