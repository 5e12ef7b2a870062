"""Digests that identify contents and models in the cache."""

import inspect
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import torch

from sklearn_turtle._io._extras import missing_package

DIGEST_SIZE = 16


def digest_of(*parts: bytes) -> bytes:
    """Compute the digest of concatenated bytes."""
    digest = blake2b(digest_size=DIGEST_SIZE)
    for part in parts:
        digest.update(part)
    return digest.digest()


def digest_of_settings(settings: dict[str, Any]) -> str:
    """Compute the hexadecimal digest of a dict that can be written as JSON."""
    return digest_of(json.dumps(settings, sort_keys=True).encode()).hex()


def describe_package(package: str, **settings: Any) -> dict[str, Any]:
    """Describe a model that a package loads by name.

    The version of the package stands for the weights and the preprocessing.
    """
    try:
        return {"package": package, "version": version(package), **settings}
    except PackageNotFoundError as error:
        raise missing_package(package, "encoders", "Encoding", error) from error


def describe_folder(folder: os.PathLike[str] | str, package: str) -> dict[str, Any]:
    """Describe a model in a local folder by the names and contents of its files."""
    folder = Path(folder)
    digest = blake2b(digest_size=DIGEST_SIZE)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode())
        with open(path, "rb") as file:
            while block := file.read(1 << 24):
                digest.update(block)
    return describe_package(package, files=digest.hexdigest())


def describe_module(module: torch.nn.Module) -> dict[str, Any]:
    """Describe a torch module by its architecture, its weights and the code of its class."""
    digest = blake2b(digest_size=DIGEST_SIZE)
    for name, value in module.state_dict().items():
        digest.update(name.encode())
        if isinstance(value, torch.Tensor):
            digest.update(f"{value.dtype}{tuple(value.shape)}".encode())
            digest.update(value.detach().cpu().flatten().view(torch.uint8).numpy().tobytes())
        else:
            digest.update(repr(value).encode())
    return {
        "module": f"{type(module).__module__}.{type(module).__qualname__}",
        "architecture": digest_of(repr(module).encode(), _code_of(type(module))).hex(),
        "weights": digest.hexdigest(),
    }


def _code_of(cls: type) -> bytes:
    """Source code of the methods that a class defines, if it is available."""
    sources = []
    for method in filter(inspect.isfunction, vars(cls).values()):
        # the source of code from a prompt or from a generator is not available
        with suppress(OSError):
            sources.append(inspect.getsource(method))
    return "".join(sources).encode()


def describe_outputs(function: Callable[[Any], Any], examples: Iterable[Any]) -> str:
    """Describe a function by its outputs for some examples.

    The outputs may be arrays, tensors or dicts of them.
    """
    digest = blake2b(digest_size=DIGEST_SIZE)
    for example in examples:
        output = function(example)
        outputs = dict(output) if hasattr(output, "items") else {"output": output}
        for name, value in outputs.items():
            array = np.asarray(value)
            digest.update(f"{name}{array.dtype}{array.shape}".encode() + array.tobytes())
    return digest.hexdigest()
