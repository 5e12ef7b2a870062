"""The base class of the encoders of images and texts."""

import warnings
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.base import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
    _fit_context,
)
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils._set_output import _get_output_config
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._estimator._fitted import replace_fitted
from sklearn_turtle._estimator._progress import Progress
from sklearn_turtle._input._device import available_device, select_device
from sklearn_turtle.encoders._encoding import Encoding
from sklearn_turtle.encoders._items import Items
from sklearn_turtle.encoders._models import EncodingOptions, LoadedModel, ModelSource
from sklearn_turtle.encoders._store import EmbeddingStore, open_store

MAX_NAMED = 5  # unreadable items that a warning names


class BaseEncoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Embed each item with a frozen model."""

    _parameter_constraints: dict[str, Any] = {
        "model": "no_validation",  # the encoders check it when they look for the model
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "device": [str, torch.device],
        "precision": [StrOptions({"auto", "float32", "bfloat16", "float16"})],
        "cache": [None, str, Path],
        "cache_key": [None, str],
        "on_error": [StrOptions({"raise", "skip"})],
        "verbose": ["verbose"],
    }

    model: Any
    batch_size: int
    device: str | torch.device
    precision: str
    cache: str | Path | None
    cache_key: str | None
    on_error: str
    verbose: int

    n_features_out_: int
    skipped_: np.ndarray
    skipped_reasons_: list[str]
    n_encoded_: int
    _source: ModelSource
    _settings: dict[str, Any] | None
    _options: EncodingOptions

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any = None, y: Any = None) -> "BaseEncoder":
        """Find the model, and determine its number of features.

        If the cache holds embeddings of the model, it is loaded only when there is something to
        encode. Otherwise it is loaded now.

        Parameters
        ----------
        X : Ignored
            Not used, present for API consistency.

        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : encoder
            The fitted encoder.

        Raises
        ------
        ValueError
            If the model or the device is unknown, or if the model does not return one row per
            item.
        TypeError
            If ``model`` has none of the accepted types.
        ImportError
            If a package is missing: ``pip install "sklearn-turtle[encoders]"``.
        """
        device = select_device(self.device)
        source = self._find_source()
        settings, options = self._describe(source), self._encoding_options()
        store = self._open_store(source, settings)
        n_features, loaded = None if store is None else store.n_features, None
        if n_features is None:
            loaded = source.load().to(device)
            n_features = loaded.rows(loaded.example(), device, options).shape[1]
        replace_fitted(
            self,
            {
                "_source": source,
                "_settings": settings,
                "_options": options,
                "_loaded": loaded,
                "n_features_out_": n_features,
            },
        )
        return self

    def _encode(self, X: Any) -> Any:
        """Embed the items of ``X``: see ``transform`` of each encoder."""
        check_is_fitted(self)
        items = self._read_items(X)
        if len(items) == 0:
            raise ValueError(f"X contains no {items.kind}s.")
        progress = Progress(self)
        device = available_device(self.device)
        store = self._open_store(self._source, self._settings)
        if store is not None:
            progress.say(f"looking up {len(items)} {items.kind}s in the cache")
        encoding = Encoding(
            items,
            self.n_features_out_,
            store,
            num_workers=self._num_workers(device),
            skip_unreadable=self.on_error == "skip",
        )
        progress.say(f"encoding {len(encoding.missing)} of {len(items)} {items.kind}s")
        if encoding.missing:
            encoding.run(
                self._load().to(device),
                device,
                self._options,
                items_per_call=self._items_per_call(),
                progress=progress,
            )
        rows, self.skipped_ = encoding.rows()
        self.skipped_reasons_ = [encoding.unreadable[position] for position in self.skipped_]
        self.n_encoded_ = encoding.n_encoded
        if len(rows) == 0:
            raise ValueError(
                f"X contains no readable {items.kind}s; the first error is: "
                f"{self.skipped_reasons_[0]}."
            )
        if len(self.skipped_) == 0:
            return rows
        self._warn_about_skipped(items)
        return self._with_index(rows, X, len(items))

    @property
    def _n_features_out(self) -> int:
        return self.n_features_out_

    def _find_source(self) -> ModelSource:
        """Find the model, without loading it."""
        raise NotImplementedError

    def _read_items(self, X: Any) -> Items:
        """Read the items of ``X``."""
        raise NotImplementedError

    def _encoding_options(self) -> EncodingOptions:
        """Collect the options of the model."""
        return EncodingOptions(precision=self.precision, batch_size=self.batch_size)

    def _items_per_call(self) -> int:
        """Number of items per call of the model."""
        return self.batch_size

    def _num_workers(self, device: torch.device) -> int:
        """Number of processes that read items."""
        return 0

    def _describe(self, source: ModelSource) -> dict[str, Any] | None:
        """Describe everything that an embedding depends on; None without a cache."""
        if self.cache is None:
            return None
        model = source.settings() if self.cache_key is None else {"cache_key": self.cache_key}
        return {"encoder": type(self).__name__, "model": model, "precision": self.precision}

    def _open_store(
        self, source: ModelSource, settings: dict[str, Any] | None
    ) -> EmbeddingStore | None:
        if self.cache is None or settings is None:
            return None
        return open_store(self.cache, self.cache_key or str(source), settings)

    def _load(self) -> LoadedModel:
        """Load the model unless it is loaded already."""
        loaded: LoadedModel | None = getattr(self, "_loaded", None)
        if loaded is None:
            loaded = self._loaded = self._source.load()
        return loaded

    def _warn_about_skipped(self, items: Items) -> None:
        reasons = [
            f"{items.name(position)} ({reason})"
            for position, reason in zip(self.skipped_, self.skipped_reasons_, strict=True)
        ]
        more = "" if len(reasons) <= MAX_NAMED else f" and {len(reasons) - MAX_NAMED} more"
        warnings.warn(
            f"{len(reasons)} of {len(items)} {items.kind}s cannot be read and have no row: "
            f"{', '.join(reasons[:MAX_NAMED])}{more}. See skipped_ and skipped_reasons_.",
            stacklevel=3,
        )

    def _with_index(self, rows: np.ndarray, X: Any, n_items: int) -> Any:
        """Convert rows to a DataFrame with the index of their items if the output is pandas."""
        if _get_output_config("transform", self)["dense"] != "pandas":
            return rows
        import pandas as pd

        is_pandas = isinstance(X, (pd.DataFrame, pd.Series))
        index = X.index if is_pandas else pd.RangeIndex(n_items)
        return pd.DataFrame(rows, index=index.delete(self.skipped_))

    def __getstate__(self) -> dict[str, Any]:
        # the model is loaded again after unpickling
        return {name: value for name, value in super().__getstate__().items() if name != "_loaded"}

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.no_validation = True
        tags.target_tags.required = False
        return tags
