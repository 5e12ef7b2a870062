"""What encoders of images and of texts share."""

import warnings
from numbers import Integral
from pathlib import Path

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
from sklearn_turtle.encoders._store import open_store

N_NAMED = 5  # how many of the items that cannot be read a warning names


class BaseEncoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Gives each item the row of features that a frozen model makes of it."""

    _parameter_constraints: dict = {
        "model": "no_validation",  # each encoder says what it takes
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "device": [str, torch.device],
        "precision": [StrOptions({"auto", "float32", "bfloat16", "float16"})],
        "cache": [None, str, Path],
        "cache_key": [None, str],
        "on_error": [StrOptions({"raise", "skip"})],
        "verbose": ["verbose"],
    }

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X=None, y=None):
        """Find the model, and learn how many features it makes.

        The model is loaded now if the cache holds no embedding that it made, else once there is
        something to encode.

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
            If the model or the device is not known, or if the model does not make one row an
            item.
        TypeError
            If ``model`` is nothing that can encode.
        ImportError
            If a package is missing: ``pip install "sklearn-turtle[encoders]"``.
        """
        device = select_device(self.device)
        source = self._find_source()
        settings, options = self._describe(source), self._row_options()
        store = self._open_store(source, settings)
        n_features, loaded = None if store is None else store.n_features, None
        if n_features is None:
            loaded = source.load().to(device)
            n_features = loaded.rows(loaded.example(), device, **options).shape[1]
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

    def _encode(self, X):
        """Rows of the items of ``X``: see the ``transform`` of each encoder."""
        check_is_fitted(self)
        items = self._read_items(X)
        if len(items) == 0:
            raise ValueError(f"X holds no {items.kind}.")
        progress = Progress(self)
        device = available_device(self.device)
        if self._settings is not None:
            progress.say(f"looking for {len(items)} {items.kind}s in the cache")
        encoding = Encoding(
            items,
            self.n_features_out_,
            self._open_store(self._source, self._settings),
            num_workers=self._num_workers(device),
            refuse=self.on_error == "raise",
        )
        progress.say(f"{len(encoding.missing)} of {len(items)} {items.kind}s are to be encoded")
        if encoding.missing:
            if getattr(self, "_loaded", None) is None:
                self._loaded = self._source.load()
            model = self._loaded.to(device)
            encoding.run(model, device, self._options, portion=self._portion(), progress=progress)
        rows, self.skipped_ = encoding.rows()
        self.skipped_reasons_ = [encoding.unreadable[position] for position in self.skipped_]
        self.n_encoded_ = encoding.n_encoded
        if len(rows) == 0:
            raise ValueError(f"No {items.kind} of X can be read: {self.skipped_reasons_[0]}.")
        if len(self.skipped_) == 0:
            return rows
        self._warn_of_skipped(items)
        return self._with_index(rows, X, len(items))

    @property
    def _n_features_out(self):
        return self.n_features_out_

    def _find_source(self):
        """The model as it is before it is loaded."""
        raise NotImplementedError

    def _read_items(self, X):
        """Items of ``X``."""
        raise NotImplementedError

    def _row_options(self):
        """Options of the ``rows`` of a loaded model."""
        return {"precision": self.precision}

    def _portion(self):
        """How many items the model is given at once."""
        return self.batch_size

    def _num_workers(self, device):
        """Number of processes that read items."""
        return 0

    def _describe(self, source):
        """All that decides what an item is encoded to; None where there is no cache."""
        if self.cache is None:
            return None
        model = source.settings() if self.cache_key is None else {"cache_key": self.cache_key}
        return {"encoder": type(self).__name__, "model": model, "precision": self.precision}

    def _open_store(self, source, settings):
        if settings is None:
            return None
        return open_store(self.cache, self.cache_key or str(source), settings)

    def _warn_of_skipped(self, items):
        reasons = [
            f"{items.name(position)} ({reason})"
            for position, reason in zip(self.skipped_, self.skipped_reasons_, strict=True)
        ]
        more = "" if len(reasons) <= N_NAMED else f" and {len(reasons) - N_NAMED} more"
        warnings.warn(
            f"{len(reasons)} of {len(items)} {items.kind}s cannot be read and have no row: "
            f"{', '.join(reasons[:N_NAMED])}{more}. See skipped_ and skipped_reasons_.",
            stacklevel=3,
        )

    def _with_index(self, rows, X, n_items):
        """Rows as a DataFrame whose index tells which items are left, where one is asked for."""
        if _get_output_config("transform", self)["dense"] != "pandas":
            return rows
        import pandas as pd

        of_pandas = isinstance(X, (pd.DataFrame, pd.Series))
        index = X.index if of_pandas else pd.RangeIndex(n_items)
        return pd.DataFrame(rows, index=index.delete(self.skipped_))

    def __getstate__(self):
        # a loaded model is loaded again, or is still there as a parameter
        return {name: value for name, value in super().__getstate__().items() if name != "_loaded"}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.no_validation = True
        tags.target_tags.required = False
        return tags
