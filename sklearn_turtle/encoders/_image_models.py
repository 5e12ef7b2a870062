"""Image models: what their names stand for, and how each is loaded."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from sklearn_turtle.encoders._digests import (
    describe_folder,
    describe_module,
    describe_outputs,
    describe_package,
)
from sklearn_turtle.encoders._loaded import LoadedImageModel, import_encoders


@dataclass(frozen=True)
class OpenClipModel:
    """The image side of a model of open_clip.

    Parameters
    ----------
    architecture : str
        As open_clip calls it; or "local-dir:FOLDER" or "hf-hub:NAME".
    weights : str or None
        Tag of the weights.
    """

    architecture: str
    weights: str | None = None

    def __str__(self):
        tag = "" if self.weights is None else f"/{self.weights}"
        return f"open_clip:{self.architecture}{tag}"

    def settings(self):
        """What decides about its embeddings."""
        return _settings("open_clip_torch", self.architecture, weights=self.weights)

    def load(self):
        """The model with its weights, on the CPU."""
        open_clip = import_encoders("open_clip", "open_clip_torch")
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
        As timm calls it, with the tag of the weights; or "local-dir:FOLDER" or "hf-hub:NAME".
    creation : dict
        What differs from how timm makes it.
    preprocessing : dict
        What differs from the preprocessing that timm gives it.
    """

    name: str
    creation: dict = field(default_factory=dict)
    preprocessing: dict = field(default_factory=dict)

    def __str__(self):
        return f"timm:{self.name}"

    def settings(self):
        """What decides about its embeddings."""
        return _settings(
            "timm", self.name, creation=self.creation, preprocessing=self.preprocessing
        )

    def load(self):
        """The model with its weights, on the CPU."""
        timm = import_encoders("timm", "timm")
        module = timm.create_model(self.name, pretrained=True, num_classes=0, **self.creation)
        return LoadedImageModel(module, _timm_preprocess(module, self.preprocessing), module)


@dataclass(frozen=True)
class GivenImageModel:
    """A model that the user made.

    Parameters
    ----------
    module : callable
        Makes rows of a batch of preprocessed images; of a torch module, ``encode_image`` does so
        where there is one.
    preprocess : callable or None
        Makes a tensor of a PIL image; None for the one of timm.
    """

    module: Any
    preprocess: Any

    def __str__(self):
        return type(self.module).__name__

    def settings(self):
        """What decides about its embeddings."""
        if not isinstance(self.module, torch.nn.Module):
            raise ValueError(
                "A cache needs to know the model, but it is a "
                f"{type(self.module).__name__}: name it by cache_key, or pass cache=None."
            )
        loaded = self.load()
        return {
            "model": describe_module(self.module),
            "preprocessing": describe_outputs(loaded.prepare, _example_images()),
        }

    def load(self):
        """The model as it is."""
        preprocess = self.preprocess or _timm_preprocess(self.module, {})
        encode = getattr(self.module, "encode_image", self.module)
        return LoadedImageModel(self.module, preprocess, encode)


def _timm_preprocess(module, differing):
    """The preprocessing of a model of timm, for inference."""
    data = import_encoders("timm.data", "timm")
    config = data.resolve_model_data_config(module, args=differing)
    return data.create_transform(**config, is_training=False)


def _settings(package, name, **settings):
    if name.startswith("local-dir:"):
        return describe_folder(name.removeprefix("local-dir:"), package) | settings
    return describe_package(package, name=name, **settings)


def _example_images():
    """Images of three shapes and of all colors, which most preprocessings tell apart."""
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


def _clip(architecture):
    # OpenAI's weights were trained with this activation
    return OpenClipModel(f"{architecture}-quickgelu", "openai")


def _siglip2(architecture):
    return OpenClipModel(architecture, "webli")


def _dinov2(size):
    # its authors evaluate at 224 pixels of 256, where timm's weights come for 518
    return TimmModel(
        f"vit_{size}_patch14_dinov2.lvd142m",
        creation={"img_size": 224},
        preprocessing={"input_size": (3, 224, 224), "crop_pct": 224 / 256},
    )


def _dinov3(size):
    # its authors take the class token, timm the mean of the patches
    return TimmModel(f"vit_{size}_patch16_dinov3.lvd1689m", creation={"global_pool": "token"})


IMAGE_MODELS = {
    "clip-rn50": _clip("RN50"),
    "clip-rn101": _clip("RN101"),
    "clip-rn50x4": _clip("RN50x4"),
    "clip-rn50x16": _clip("RN50x16"),
    "clip-rn50x64": _clip("RN50x64"),
    "clip-vit-b32": _clip("ViT-B-32"),
    "clip-vit-b16": _clip("ViT-B-16"),
    "clip-vit-l14": _clip("ViT-L-14"),
    "clip-vit-l14-336": _clip("ViT-L-14-336"),
    "dinov2-vits14": _dinov2("small"),
    "dinov2-vitb14": _dinov2("base"),
    "dinov2-vitl14": _dinov2("large"),
    "dinov2-vitg14": _dinov2("giant"),
    "dinov3-vits16": _dinov3("small"),
    "dinov3-vitb16": _dinov3("base"),
    "dinov3-vitl16": _dinov3("large"),
    "dinov3-vith16plus": _dinov3("huge_plus"),
    "dinov3-vit7b16": _dinov3("7b"),
    "siglip2-vit-b16": _siglip2("ViT-B-16-SigLIP2"),
    "siglip2-vit-l16": _siglip2("ViT-L-16-SigLIP2-256"),
    "siglip2-vit-so400m14": _siglip2("ViT-SO400M-14-SigLIP2"),
    "siglip2-vit-g16": _siglip2("ViT-gopt-16-SigLIP2-384"),
}


def find_image_model(model):
    """What the parameter ``model`` of ImageEncoder stands for; nothing is loaded.

    Returns
    -------
    OpenClipModel, TimmModel or GivenImageModel
    """
    if isinstance(model, (str, Path)):
        return _find_named(str(model))
    if isinstance(model, tuple) and len(model) == 2 and all(map(callable, model)):
        return GivenImageModel(*model)
    if isinstance(model, torch.nn.Module) and hasattr(model, "pretrained_cfg"):
        return GivenImageModel(model, None)
    raise TypeError(
        "model must be a name, a folder, a model of timm, or a tuple of a torch module and its "
        f"preprocessing; got {type(model).__name__}."
    )


def _find_named(name):
    if name in IMAGE_MODELS:
        return IMAGE_MODELS[name]
    package, separator, rest = name.partition(":")
    if separator and package == "timm":
        return TimmModel(rest)
    if separator and package == "open_clip":
        return _open_clip_of(rest)
    if Path(name).is_dir():
        return _find_in_folder(Path(name))
    architecture, _, weights = name.partition("/")
    if weights and architecture in import_encoders("open_clip", "open_clip_torch").list_models():
        return OpenClipModel(architecture, weights)
    if not weights and import_encoders("timm", "timm").is_model(name):
        return TimmModel(name)
    raise ValueError(
        f"model={name!r} is no folder and no name that is known. Pass one of "
        f"{', '.join(IMAGE_MODELS)}; or the name of a model of timm, such as "
        "'timm:resnet50.a1_in1k', or of open_clip with its weights, such as "
        "'open_clip:ViT-B-32/laion2b_s34b_b79k'."
    )


def _open_clip_of(name):
    if ":" in name:  # local-dir: and hf-hub: bring their weights
        return OpenClipModel(name)
    architecture, _, weights = name.partition("/")
    if not weights:
        raise ValueError(
            f"model='open_clip:{name}' names no weights: pass 'open_clip:{name}/WEIGHTS', of those "
            "that open_clip.list_pretrained() gives."
        )
    return OpenClipModel(architecture, weights)


def _find_in_folder(folder):
    if (folder / "open_clip_config.json").is_file():
        return OpenClipModel(f"local-dir:{folder}")
    if (folder / "config.json").is_file():
        return TimmModel(f"local-dir:{folder}")
    raise ValueError(
        f"model={str(folder)!r} is a folder, but neither open_clip_config.json nor timm's "
        "config.json is in it."
    )
