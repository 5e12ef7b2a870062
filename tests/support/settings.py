"""Settings of the solver for the tests."""

import torch

from sklearn_turtle._solver import Settings

DEFAULTS = {
    "n_restarts": 1,
    "gamma": 10.0,
    "log_prior": None,
    "max_iter": 200,
    "batch_size": 1500,
    "inner_steps": 1,
    "inner_lr": 0.02,
    "inner_start": "zero",
    "fit_intercepts": False,
    "outer_lr": 0.01,
    "schedule": "cosine",
    "initial_logit_norm": 0.3,
    "dtype": torch.float32,
}


def solver_settings(n_clusters, **changes):
    """Usual settings, with the given changes."""
    return Settings(n_clusters=n_clusters, **DEFAULTS | changes)
