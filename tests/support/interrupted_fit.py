"""Fits that are interrupted, here and in processes that are killed."""

from unittest.mock import patch

import joblib

from sklearn_turtle._solver.strategy import _groups
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()
# each has another state: the first three start classifiers in each of the ways, one ends its
# search early, one has restarts in four groups, and two other phases of the polish
KINDS = {
    "zero": {},
    "cold": {"inner_start": "cold", "inner_steps": 2},
    "warm": {"inner_start": "warm"},
    "tol": {"tol": 0.05, "schedule": "constant"},
    "groups": {"n_init": 4},
    "sizes": {"cluster_prior": 1.0},
    "few rows": {"batch_size": 40},
}


def fit(kind, **how):
    """A fit of one of KINDS."""
    turtle = small_turtle(
        **{"n_init": 4, "max_iter": 40, "polish_iter": 20, "batch_size": 100, **KINDS[kind]}
    )
    with patch.object(_groups, "GROUP_VALUES", 400 if kind == "groups" else 1 << 22):
        return turtle.fit(SPACES, **how)


def digest(turtle):
    """Tells fitted attributes apart to the bit."""
    return joblib.hash({name: value for name, value in vars(turtle).items() if name[-1] == "_"})


def fit_and_tell(kind, path, result):
    """What a process that may be killed does."""
    result.write_text(digest(fit(kind, checkpoint=path, checkpoint_every=1)))
