"""Digests that tell contents and models apart, for the cache."""

import inspect
import json
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import torch

from sklearn_turtle._io._extras import missing_package

DIGEST_SIZE = 16


def digest_of(*parts):
    """Digest of bytes, or of what has them, such as contiguous arrays."""
    digest = blake2b(digest_size=DIGEST_SIZE)
    for part in parts:
        digest.update(part)
    return digest.digest()


def digest_of_settings(settings):
    """Digest, in letters, of a dict that JSON can hold."""
    return digest_of(json.dumps(settings, sort_keys=True).encode()).hex()


def describe_package(package, **settings):
    """A model that a package knows by name: it and its preprocessing are those of that version."""
    try:
        return {"package": package, "version": version(package), **settings}
    except PackageNotFoundError as error:
        raise missing_package(package, "encoders", "Encoding", error) from error


def describe_folder(folder, package):
    """A model in a local folder: the content of all of its files."""
    folder = Path(folder)
    digest = blake2b(digest_size=DIGEST_SIZE)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode())
        with open(path, "rb") as file:
            while block := file.read(1 << 24):
                digest.update(block)
    return describe_package(package, files=digest.hexdigest())


def describe_module(module):
    """A torch module: its architecture, its weights, and the code of its class."""
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


def _code_of(cls):
    """Source of the methods that a class defines, as far as there is one."""
    sources = []
    for method in filter(inspect.isfunction, vars(cls).values()):
        # typed in at a prompt, or made by a program
        with suppress(OSError):
            sources.append(inspect.getsource(method))
    return "".join(sources).encode()


def describe_outputs(function, examples):
    """A function, by what it makes of examples: arrays, tensors, or dicts of them."""
    digest = blake2b(digest_size=DIGEST_SIZE)
    for example in examples:
        output = function(example)
        outputs = dict(output) if hasattr(output, "items") else {"output": output}
        for name, value in outputs.items():
            array = np.asarray(value)
            digest.update(f"{name}{array.dtype}{array.shape}".encode() + array.tobytes())
    return digest.hexdigest()
