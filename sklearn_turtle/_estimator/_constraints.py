"""The values that the parameters of the estimator accept, for scikit-learn's validation."""

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

import torch
from sklearn.utils._param_validation import Interval, StrOptions

PARAMETER_CONSTRAINTS: dict[str, list[Any]] = {
    "n_clusters": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
    "spaces": [None, StrOptions({"prefix"}), "array-like", Mapping],
    "cluster_prior": [
        StrOptions({"auto", "uniform"}),
        Interval(Real, 0, None, closed="left"),
        "array-like",
    ],
    "space_weights": [StrOptions({"auto", "equal"}), "array-like"],
    "n_init": [Interval(Integral, 1, None, closed="left")],
    "max_iter": [Interval(Integral, 1, None, closed="left")],
    "polish_iter": [Interval(Integral, 0, None, closed="left")],
    "batch_size": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
    "n_components": [Interval(Integral, 1, None, closed="left"), None],
    "n_neighbors": [Interval(Integral, 0, None, closed="left")],
    "precision": [StrOptions({"auto", "float32", "bfloat16"})],
    "gamma": [Interval(Real, 0, None, closed="left")],
    "inner_steps": [Interval(Integral, 1, None, closed="left")],
    "inner_lr": [Interval(Real, 0, None, closed="neither"), StrOptions({"auto"})],
    "inner_start": [StrOptions({"zero", "cold", "warm"})],
    "outer_lr": [Interval(Real, 0, None, closed="neither")],
    "schedule": [StrOptions({"cosine", "constant"})],
    "scaling": [StrOptions({"l1"}), None],
    "calibrate": ["boolean"],
    "device": [str, torch.device],
    "random_state": ["random_state"],
    "verbose": ["verbose"],
}
