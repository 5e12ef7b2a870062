"""The features and the spaces that an estimator was fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sklearn_turtle._input._columns import Columns


@dataclass(frozen=True)
class InputSchema:
    """Features and spaces of the input of a fit. Later input is compared with them.

    Attributes
    ----------
    n_features : int
        Number of features of all spaces together.
    feature_names : ndarray of shape (n_features,) or None
        Names of the features; None if the input has none.
    space_names : list of str
        Name of each space.
    space_columns : list of (slice or ndarray of int)
        Columns of each space in the stacked matrix.
    """

    n_features: int
    feature_names: np.ndarray | None
    space_names: list[str]
    space_columns: list[Columns]

    @classmethod
    def of(cls, estimator: Any) -> InputSchema:
        """The schema of the input that an estimator was fitted to."""
        return cls(
            estimator.n_features_in_,
            getattr(estimator, "feature_names_in_", None),
            estimator.space_names_,
            estimator._space_columns,
        )

    @property
    def attributes(self) -> dict[str, Any]:
        """The fitted attributes of an estimator with this schema."""
        attributes = {
            "n_features_in_": self.n_features,
            "space_names_": self.space_names,
            "_space_columns": self.space_columns,
        }
        if self.feature_names is not None:
            attributes["feature_names_in_"] = self.feature_names
        return attributes

    def width(self, k: int) -> int:
        """Number of features of space ``k``."""
        return len(np.arange(self.n_features)[self.space_columns[k]])
