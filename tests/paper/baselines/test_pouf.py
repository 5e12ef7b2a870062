"""POUF: fitted attributes, mini-batches, and the loss."""

import numpy as np

from sklearn_turtle.paper.baselines import POUF
from tests.support.class_embeddings import TextTower, small_problem

X, Y, TEXTS = small_problem()


def test_fitted_attributes():
    pouf = POUF(TEXTS, max_iter=7, random_state=0).fit(X)
    assert pouf.n_iter_ == len(pouf.loss_curve_) == 7
    np.testing.assert_allclose(pouf.coef_, 100 * pouf.class_embeddings_)
    np.testing.assert_allclose(np.linalg.norm(pouf.class_embeddings_, axis=1), 1)


def test_random_states_differ():
    embeddings = [
        POUF(TEXTS, max_iter=20, batch_size=8, logit_scale=10.0, random_state=seed, device="cpu")
        .fit(X)
        .class_embeddings_
        for seed in (0, 1)
    ]
    assert not np.array_equal(*embeddings)


def test_loss_decreases_through_a_tower():
    tower = {"text_tower": TextTower(), "initial_context": np.zeros((4, 5))}
    pouf = POUF(TEXTS, max_iter=100, learning_rate=0.1, random_state=0, device="cpu", **tower)
    losses = pouf.fit(X).loss_curve_
    assert losses[-5:].mean() < losses[:5].mean() - 0.1
