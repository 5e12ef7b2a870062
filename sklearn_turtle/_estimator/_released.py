"""The settings of the authors' released code."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

#: Settings of the authors' released code, for ``TurtleClustering(n_clusters,
#: **RELEASED_SETTINGS)``.
RELEASED_SETTINGS: Mapping[str, Any] = MappingProxyType(
    {
        "n_init": 1,
        "max_iter": 6000,
        "polish_iter": 0,
        "batch_size": 10_000,
        "n_components": None,
        "n_neighbors": 0,
        "precision": "float32",
        "gamma": 10.0,
        "inner_steps": 10,
        "inner_lr": 1e-3,
        "inner_start": "cold",
        "outer_lr": 1e-3,
        "schedule": "constant",
        "scaling": None,
    }
)
