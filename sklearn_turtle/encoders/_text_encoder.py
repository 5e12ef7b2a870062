"""TextEncoder, which embeds texts with a frozen model."""

from pathlib import Path
from typing import Any

import torch

from sklearn_turtle.encoders._base import BaseEncoder
from sklearn_turtle.encoders._models import EncodingOptions, ModelSource
from sklearn_turtle.encoders._text_models import find_text_model
from sklearn_turtle.encoders._texts import Texts, read_texts

# sentence-transformers sorts the texts of a call by length to reduce padding
BATCHES_PER_CALL = 16


class TextEncoder(BaseEncoder):
    """Embed texts with a frozen sentence encoder.

    Parameters
    ----------
    model : str, Path, SentenceTransformer or callable, default="all-MiniLM-L6-v2"
        The model:

        - the name of a model of sentence-transformers, which is downloaded if it is not on this
          machine yet, or a folder that contains one;
        - a SentenceTransformer, which is moved to the device;
        - a function that converts a list of texts to an array of shape (n_texts, n_features).

    prompt : str or None, default=None
        Words to put before each text, for models that were trained with a prompt.

    batch_size : int, default=32
        Number of texts per batch of the model.

    device : str or torch.device, default="auto"
        Where the model runs: any device that torch supports. "auto" selects CUDA if available,
        then MPS, then the CPU. Has no effect on a function.

    precision : {"auto", "float32", "bfloat16", "float16"}, default="auto"
        Mixed precision of the model: the dtype of its matrix products. "auto" means bfloat16 on
        CUDA devices since Ampere, float16 on older CUDA devices, and float32 elsewhere.
        Embeddings are always float32. Has no effect on a function.

    cache : str, Path or None, default=None
        Folder of cached embeddings. Texts are looked up before they are encoded; None to disable
        the cache. An embedding is identified by the model, ``prompt``, ``precision`` and the
        text. New embeddings are written every few seconds. If the process is killed, the next
        one encodes only the remaining texts.

    cache_key : str or None, default=None
        Name that identifies the model in the cache. None to identify it automatically: a named
        model by its name and the version of sentence-transformers; a folder by the contents of
        its files; a SentenceTransformer by its weights, its architecture, and the output of its
        tokenizer for example texts. A function needs a key.

    on_error : {"raise", "skip"}, default="raise"
        How to handle a text that is missing or is not a string. "raise" raises an error. "skip"
        leaves the text out of the rows and issues a warning.

    verbose : int, default=0
        1 prints about ten lines of progress, 2 prints one line per call of the model.

    Attributes
    ----------
    n_features_out_ : int
        Number of features of the model.

    skipped_ : ndarray of int
        Positions in ``X`` of the texts without a row, in the last call of ``transform``.

    skipped_reasons_ : list of str
        Why each of these texts cannot be read.

    n_encoded_ : int
        Number of texts that the model encoded in the last call of ``transform``. The others
        were cached, or repeated in ``X`` while a cache was in use.

    See Also
    --------
    ImageEncoder : Embed images.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_turtle.encoders import TextEncoder
    >>> def count_letters(texts):
    ...     return np.array([[text.count(letter) for letter in "aeiou"] for text in texts])
    >>> TextEncoder(count_letters).fit_transform(["a banana", "an apple", "two"])
    array([[4., 0., 0., 0., 0.],
           [2., 1., 0., 0., 0.],
           [0., 0., 0., 1., 0.]], dtype=float32)
    """

    _parameter_constraints = {**BaseEncoder._parameter_constraints, "prompt": [None, str]}

    def __init__(
        self,
        model: Any = "all-MiniLM-L6-v2",
        *,
        prompt: str | None = None,
        batch_size: int = 32,
        device: str | torch.device = "auto",
        precision: str = "auto",
        cache: str | Path | None = None,
        cache_key: str | None = None,
        on_error: str = "raise",
        verbose: int = 0,
    ) -> None:
        self.model = model
        self.prompt = prompt
        self.batch_size = batch_size
        self.device = device
        self.precision = precision
        self.cache = cache
        self.cache_key = cache_key
        self.on_error = on_error
        self.verbose = verbose

    def transform(self, X: Any) -> Any:
        """Embed texts, or read their embeddings from the cache.

        Parameters
        ----------
        X : collection of str
            A list, an array, a pandas or polars Series or a DataFrame with one column; or a
            dataset of texts, of tuples that begin with a text, or of dicts in which one value is
            a text.

        Returns
        -------
        rows : ndarray of shape (n_samples, `n_features_out_`), float32
            Embeddings. With ``on_error="skip"``, texts that cannot be read have no row: see
            ``skipped_``. With ``set_output(transform="pandas")``, the rows have the index of
            their texts.

        Raises
        ------
        ValueError
            If ``X`` is a single text, if a text cannot be read and ``on_error="raise"``, or if
            no text can be read.
        TypeError
            If ``X`` is not a collection.

        Warns
        -----
        UserWarning
            If texts are skipped.
        """
        return self._encode(X)

    def _find_source(self) -> ModelSource:
        return find_text_model(self.model)

    def _read_items(self, X: Any) -> Texts:
        return read_texts(X)

    def _items_per_call(self) -> int:
        return BATCHES_PER_CALL * self.batch_size

    def _encoding_options(self) -> EncodingOptions:
        return EncodingOptions(
            precision=self.precision, batch_size=self.batch_size, prompt=self.prompt
        )

    def _describe(self, source: ModelSource) -> dict[str, Any] | None:
        settings = super()._describe(source)
        return None if settings is None else settings | {"prompt": self.prompt}
