"""Scorers that need no labels."""

import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_turtle.model_selection import stability_score
from tests.support.two_spaces import small_turtle, two_spaces

X = two_spaces()[0][0]


def test_the_score_is_the_agreement_of_the_restarts():
    turtle = small_turtle().fit(X)
    assert stability_score(turtle) == stability_score(turtle, X, None) == turtle.stability_
    pipeline = make_pipeline(StandardScaler(), small_turtle()).fit(X)
    assert stability_score(pipeline, X) == pipeline[-1].stability_


def test_one_restart_cannot_be_scored():
    with pytest.raises(ValueError, match="n_init=4"):
        stability_score(small_turtle(n_init=1, cluster_prior="uniform").fit(X))
