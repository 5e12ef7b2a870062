"""Text models: what the parameter ``model`` stands for, and how each is loaded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from sklearn_turtle.encoders._digests import (
    describe_folder,
    describe_module,
    describe_outputs,
    describe_package,
    digest_of,
)
from sklearn_turtle.encoders._loaded import LoadedTextModel, import_encoders

# texts of several scripts, which tokenizers tell apart
EXAMPLE_TEXTS = ("A text, of Words & numbers: 3.14.", "Ünïcödé, 日本語, русский", " two  spaces ")


@dataclass(frozen=True)
class NamedTextModel:
    """A model of sentence-transformers.

    Parameters
    ----------
    name : str
        Its name, or a folder.
    """

    name: str

    def __str__(self):
        return f"sentence-transformers:{self.name}"

    def settings(self):
        """What decides about its embeddings."""
        if Path(self.name).is_dir():
            return describe_folder(self.name, "sentence-transformers")
        return describe_package("sentence-transformers", name=self.name)

    def load(self):
        """The model with its weights, on the CPU."""
        package = import_encoders("sentence_transformers", "sentence-transformers")
        module = package.SentenceTransformer(self.name, device="cpu")
        return LoadedTextModel(module, module.encode)


@dataclass(frozen=True)
class GivenTextModel:
    """A SentenceTransformer that the user made."""

    module: Any

    def __str__(self):
        return type(self.module).__name__

    def settings(self):
        """What decides about its embeddings."""
        tokenize = getattr(self.module, "preprocess", None) or self.module.tokenize
        vocabulary = sorted(getattr(self.module.tokenizer, "get_vocab", dict)().items())
        return {
            "model": describe_module(self.module),
            "preprocessing": describe_outputs(tokenize, [[text] for text in EXAMPLE_TEXTS]),
            "vocabulary": digest_of(repr(vocabulary).encode()).hex(),
            "max_seq_length": self.module.max_seq_length,
        }

    def load(self):
        """The model as it is."""
        return LoadedTextModel(self.module, self.module.encode)


@dataclass(frozen=True)
class TextFunction:
    """A function that makes rows of a list of texts."""

    function: Any

    def __str__(self):
        return getattr(self.function, "__name__", type(self.function).__name__)

    def settings(self):
        """What decides about its embeddings is not known."""
        raise ValueError(
            f"A cache needs to know the model, but {self} is a function: name it by cache_key, or "
            "pass cache=None."
        )

    def load(self):
        """The function as it is."""
        return LoadedTextModel(None, self.function)


def find_text_model(model):
    """What the parameter ``model`` of TextEncoder stands for; nothing is loaded.

    Returns
    -------
    NamedTextModel, GivenTextModel or TextFunction
    """
    if isinstance(model, (str, Path)):
        return NamedTextModel(str(model))
    if isinstance(model, torch.nn.Module) and hasattr(model, "encode"):
        return GivenTextModel(model)
    if callable(model) and not isinstance(model, torch.nn.Module):
        return TextFunction(model)
    raise TypeError(
        "model must be the name of a model of sentence-transformers, a folder, a "
        f"SentenceTransformer, or a function of a list of texts; got {type(model).__name__}."
    )
