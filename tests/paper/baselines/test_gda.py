"""GDA: the weight of the Gaussians, the means, and convergence."""

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from sklearn_turtle.paper.baselines import GDA, ZeroShotClassifier
from tests.support.class_embeddings import small_problem

X, Y, TEXTS = small_problem()


def test_zero_weight_is_the_zero_shot_classifier():
    expected = ZeroShotClassifier(TEXTS, device="cpu").fit(X).predict_proba(X)
    np.testing.assert_allclose(
        GDA(TEXTS, alpha=0.0, device="cpu").fit(X).predict_proba(X), expected
    )


def test_automatic_weight_grows_with_the_number_of_samples():
    assert GDA(TEXTS).fit(X).alpha_ == 89 / 6
    assert GDA(TEXTS).fit(X[:4]).alpha_ == 1.0
    assert GDA(TEXTS, alpha=2.5).fit(X).alpha_ == 2.5


def test_means_are_those_of_the_classes():
    # with this scale, each sample belongs to one class with certainty
    gda = GDA(TEXTS, alpha=0.0, logit_scale=1e6).fit(X)
    units = X / np.linalg.norm(X, axis=1, keepdims=True)
    predicted = gda.predict(X)
    means = [units[predicted == k].mean(0) for k in range(3)]
    np.testing.assert_allclose(gda.means_, means, atol=1e-9)


def test_warns_if_em_does_not_converge():
    with pytest.warns(ConvergenceWarning, match="max_iter=1 steps") as caught:
        GDA(TEXTS, max_iter=1).fit(X)
    assert caught[0].filename == __file__


def test_a_single_sample_is_refused():
    with pytest.raises(ValueError, match="n_samples=1 should be >= 2"):
        GDA(TEXTS).fit(X[:1])
