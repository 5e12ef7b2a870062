"""Text models: find the one that a name or an object stands for, and load it."""

from collections.abc import Callable
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
from sklearn_turtle.encoders._models import LoadedTextModel, import_encoder_library

# texts in several scripts, to identify a tokenizer
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

    def __str__(self) -> str:
        return f"sentence-transformers:{self.name}"

    def settings(self) -> dict[str, Any]:
        """Describe everything that its embeddings depend on."""
        if Path(self.name).is_dir():
            return describe_folder(self.name, "sentence-transformers")
        return describe_package("sentence-transformers", name=self.name)

    def load(self) -> LoadedTextModel:
        """Load the model with its weights on the CPU."""
        package = import_encoder_library("sentence_transformers", "sentence-transformers")
        module = package.SentenceTransformer(self.name, device="cpu")
        return LoadedTextModel(module, module.encode)


@dataclass(frozen=True)
class GivenTextModel:
    """A SentenceTransformer that the user created."""

    module: Any

    def __str__(self) -> str:
        return type(self.module).__name__

    def settings(self) -> dict[str, Any]:
        """Describe everything that its embeddings depend on."""
        tokenize = getattr(self.module, "preprocess", None) or self.module.tokenize
        vocabulary = sorted(getattr(self.module.tokenizer, "get_vocab", dict)().items())
        return {
            "model": describe_module(self.module),
            "preprocessing": describe_outputs(tokenize, [[text] for text in EXAMPLE_TEXTS]),
            "vocabulary": digest_of(repr(vocabulary).encode()).hex(),
            "max_seq_length": self.module.max_seq_length,
        }

    def load(self) -> LoadedTextModel:
        """Return the model as it is."""
        return LoadedTextModel(self.module, self.module.encode)


@dataclass(frozen=True)
class TextFunction:
    """A function that computes the rows of a list of texts."""

    function: Callable[[list[str]], Any]

    def __str__(self) -> str:
        return str(getattr(self.function, "__name__", type(self.function).__name__))

    def settings(self) -> dict[str, Any]:
        """Raise ValueError: nothing describes the embeddings of a function."""
        raise ValueError(
            f"The cache cannot identify the function {self}. Pass a name for it as cache_key, or "
            "pass cache=None."
        )

    def load(self) -> LoadedTextModel:
        """Return the function as it is."""
        return LoadedTextModel(None, self.function)


def find_text_model(model: Any) -> NamedTextModel | GivenTextModel | TextFunction:
    """Find the model that the parameter ``model`` of TextEncoder stands for, without loading it.

    Parameters
    ----------
    model : object
        Parameter of TextEncoder.

    Returns
    -------
    NamedTextModel, GivenTextModel or TextFunction

    Raises
    ------
    TypeError
        If ``model`` has none of the accepted types.
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
