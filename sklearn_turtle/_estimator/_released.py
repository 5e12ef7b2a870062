"""The settings of the authors' released code."""

from types import MappingProxyType

#: To be passed as ``TurtleClustering(n_clusters, **RELEASED_SETTINGS)``.
RELEASED_SETTINGS = MappingProxyType(
    {
        "gamma": 10.0,
        "max_iter": 6000,
        "inner_steps": 10,
        "inner_lr": 1e-3,
        "inner_start": "cold",
        "outer_lr": 1e-3,
        "schedule": "constant",
        "batch_size": 10_000,
        "scaling": None,
        "n_components": None,
        "n_init": 1,
        "polish_iter": 0,
        "tol": 0.0,
        "precision": "float32",
    }
)
