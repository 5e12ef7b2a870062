"""GDA: its weight, and when it warns."""

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from sklearn_turtle.paper.baselines import GDA, ZeroShotClassifier
from tests.support.class_embeddings import small_problem

X, Y, TEXTS = small_problem()


def test_without_weight_it_is_the_zero_shot_classifier():
    expected = ZeroShotClassifier(TEXTS, device="cpu").fit(X).predict_proba(X)
    np.testing.assert_allclose(
        GDA(TEXTS, alpha=0.0, device="cpu").fit(X).predict_proba(X), expected
    )


def test_the_weight_grows_with_the_number_of_samples():
    assert GDA(TEXTS).fit(X).alpha_ == 89 / 6
    assert GDA(TEXTS).fit(X[:4]).alpha_ == 1.0
    assert GDA(TEXTS, alpha=2.5).fit(X).alpha_ == 2.5


def test_means_are_those_of_the_classes():
    # scales so sharp that each sample belongs to one class
    gda = GDA(TEXTS, alpha=0.0, logit_scale=1e6).fit(X)
    units = X / np.linalg.norm(X, axis=1, keepdims=True)
    predicted = gda.predict(X)
    means = [units[predicted == k].mean(0) for k in range(3)]
    np.testing.assert_allclose(gda.means_, means, atol=1e-9)


def test_it_says_where_it_was_stopped():
    with pytest.warns(ConvergenceWarning, match="max_iter=1 steps"):
        GDA(TEXTS, max_iter=1).fit(X)


def test_a_single_sample_is_refused():
    with pytest.raises(ValueError, match="n_samples=1 should be >= 2"):
        GDA(TEXTS).fit(X[:1])
