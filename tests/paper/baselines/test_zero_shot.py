"""The zero-shot classifier."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_turtle.paper.baselines import ZeroShotClassifier
from tests.support.class_embeddings import small_problem

X, Y, TEXTS = small_problem()
NAMES = np.array(["newt", "ant", "cow"])  # not in alphabetical order


def test_needs_no_samples():
    classifier = ZeroShotClassifier(TEXTS, device="cpu").fit()
    assert classifier.n_features_in_ == 6
    expected = ZeroShotClassifier(TEXTS, device="cpu").fit(X).predict_proba(X)
    np.testing.assert_allclose(classifier.predict_proba(X), expected)


def test_probability_by_hand():
    # an image at 60 degrees from the first class and at 30 degrees from the second
    image = [[0.5, 0.75**0.5]]
    classifier = ZeroShotClassifier([[2.0, 0.0], [0.0, 3.0]], logit_scale=4.0, device="cpu").fit()
    difference = 4 * (0.75**0.5 - 0.5)
    expected = 1 / (1 + np.exp(-difference))
    np.testing.assert_allclose(classifier.predict_proba(image)[0, 1], expected)


@settings(max_examples=30, deadline=None)
@given(st.floats(1e-6, 1e6), st.permutations(range(3)))
def test_norms_and_the_order_of_classes_do_not_matter(factor, order):
    expected = ZeroShotClassifier(TEXTS, classes=NAMES, device="cpu").fit().predict_proba(X)
    texts, names = factor * TEXTS[order], NAMES[order]
    classifier = ZeroShotClassifier(texts, classes=names, device="cpu").fit()
    np.testing.assert_allclose(classifier.predict_proba(factor * X), expected, rtol=1e-6)
