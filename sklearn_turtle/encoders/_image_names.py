"""Find the image model that a name, a folder or an object stands for."""

from pathlib import Path
from typing import Any

import torch

from sklearn_turtle.encoders._image_models import GivenImageModel, OpenClipModel, TimmModel
from sklearn_turtle.encoders._models import import_encoder_library


def _clip(architecture: str) -> OpenClipModel:
    # OpenAI's weights were trained with this activation
    return OpenClipModel(f"{architecture}-quickgelu", "openai")


def _siglip2(architecture: str) -> OpenClipModel:
    return OpenClipModel(architecture, "webli")


def _dinov2(size: str) -> TimmModel:
    # its authors evaluate crops of 224 pixels from 256; timm's weights are set up for 518
    return TimmModel(
        f"vit_{size}_patch14_dinov2.lvd142m",
        creation={"img_size": 224},
        preprocessing={"input_size": (3, 224, 224), "crop_pct": 224 / 256},
    )


def _dinov3(size: str) -> TimmModel:
    # its authors use the class token; timm averages the patches
    return TimmModel(f"vit_{size}_patch16_dinov3.lvd1689m", creation={"global_pool": "token"})


IMAGE_MODELS: dict[str, OpenClipModel | TimmModel] = {
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


def find_image_model(model: Any) -> OpenClipModel | TimmModel | GivenImageModel:
    """Find the model that the parameter ``model`` of ImageEncoder stands for, without loading it.

    Parameters
    ----------
    model : object
        Parameter of ImageEncoder.

    Returns
    -------
    OpenClipModel, TimmModel or GivenImageModel

    Raises
    ------
    TypeError
        If ``model`` has none of the accepted types.
    ValueError
        If ``model`` is an unknown name, or a folder without a model.
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


def _find_named(name: str) -> OpenClipModel | TimmModel:
    if name in IMAGE_MODELS:
        return IMAGE_MODELS[name]
    package, separator, rest = name.partition(":")
    if separator and package == "timm":
        return TimmModel(rest)
    if separator and package == "open_clip":
        return _find_in_open_clip(rest)
    if Path(name).is_dir():
        return _find_in_folder(Path(name))
    architecture, _, weights = name.partition("/")
    if weights:
        open_clip = import_encoder_library("open_clip", "open_clip_torch")
        if architecture in open_clip.list_models():
            return OpenClipModel(architecture, weights)
    elif import_encoder_library("timm", "timm").is_model(name):
        return TimmModel(name)
    raise ValueError(
        f"unknown model {name!r}; pass a folder, one of {', '.join(IMAGE_MODELS)}, the name of a "
        "model of timm, such as 'timm:resnet50.a1_in1k', or the name of a model of open_clip with "
        "its weights, such as 'open_clip:ViT-B-32/laion2b_s34b_b79k'."
    )


def _find_in_open_clip(name: str) -> OpenClipModel:
    if ":" in name:  # "local-dir:" and "hf-hub:" include the weights
        return OpenClipModel(name)
    architecture, _, weights = name.partition("/")
    if not weights:
        raise ValueError(
            f"model='open_clip:{name}' has no weights; pass 'open_clip:{name}/WEIGHTS' with one of "
            "the weights in open_clip.list_pretrained()."
        )
    return OpenClipModel(architecture, weights)


def _find_in_folder(folder: Path) -> OpenClipModel | TimmModel:
    if (folder / "open_clip_config.json").is_file():
        return OpenClipModel(f"local-dir:{folder}")
    if (folder / "config.json").is_file():
        return TimmModel(f"local-dir:{folder}")
    raise ValueError(
        f"model={str(folder)!r} is a folder without a model: it holds neither "
        "open_clip_config.json nor timm's config.json."
    )
