"""Fits to be interrupted, in this process and in processes that are killed."""

from functools import cache
from unittest.mock import patch

import joblib

from sklearn_turtle._solver.strategy import _groups
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()
# Fits with different states: the first three differ in the start of the classifiers, "groups" has
# four groups of restarts, and the last two polish in other phases.
KINDS = {
    "zero": {},
    "cold": {"inner_start": "cold", "inner_steps": 2},
    "warm": {"inner_start": "warm"},
    "groups": {"n_init": 4},
    "known sizes": {"cluster_prior": 1.0},
    "few rows": {"batch_size": 40, "max_iter": 40, "polish_iter": 20},
}


def fit(kind, **options):
    """A fit of one of KINDS; the options are arguments of ``fit``."""
    parameters = {"n_init": 4, "max_iter": 20, "polish_iter": 8, "batch_size": 100}
    turtle = small_turtle(**parameters | KINDS[kind])
    with patch.object(_groups, "GROUP_VALUES", 400 if kind == "groups" else 1 << 22):
        return turtle.fit(SPACES, **options)


@cache
def uninterrupted(kind):
    """Number of steps and digest of a fit without interruption."""
    fitted = fit(kind)
    return fitted.n_iter_, digest(fitted)


def digest(turtle):
    """A hash of the fitted attributes, which differs if any bit differs."""
    return joblib.hash({name: value for name, value in vars(turtle).items() if name[-1] == "_"})


def write_digest(kind, checkpoint, result):
    """Fit with a checkpoint, and write the digest to a file: the work of a killed process."""
    result.write_text(digest(fit(kind, checkpoint=checkpoint, checkpoint_every=1)))
