"""Fitted attributes of the estimators of the package, and steps that all fits share."""

from typing import Any

import numpy as np
from sklearn.utils import check_random_state


def check_number_of_samples(estimator: Any, n_samples: int) -> None:
    """Raise ValueError if there are too few samples for the number of clusters."""
    fewest = 2 if estimator.n_clusters == "auto" else max(2, estimator.n_clusters)
    if n_samples < fewest:
        raise ValueError(
            f"n_samples={n_samples} should be >= n_clusters={estimator.n_clusters}, and at least 2."
        )


def replace_fitted(estimator: Any, attributes: dict[str, Any]) -> None:
    """Replace all fitted attributes at once, so that an interruption cannot mix two fits."""
    kept = {
        name: value
        for name, value in vars(estimator).items()
        if not name.endswith("_") and name != "_space_columns"
    }
    estimator.__dict__ = kept | attributes


def draw_seed(estimator: Any) -> int:
    """Seed of the random draws of a fit."""
    seed: int = check_random_state(estimator.random_state).randint(np.iinfo(np.int32).max)
    return seed
