"""UPL: selected samples, learned contexts, and the ensemble."""

import numpy as np
import pytest
from scipy.special import softmax

from sklearn_turtle.paper.baselines import UPL
from tests.support.class_embeddings import TextTower, small_problem

X, Y, TEXTS = small_problem()
NAMES = ["newt", "ant", "cow"]
QUICK = {"n_epochs": 4, "random_state": 0, "device": "cpu"}


def test_selected_samples_and_shapes():
    upl = UPL(TEXTS, classes=NAMES, top_k=5, ensemble_size=3, **QUICK).fit(X)
    assert upl.selected_.shape == (15,)
    assert upl.pseudo_labels_.tolist() == ["ant"] * 5 + ["cow"] * 5 + ["newt"] * 5
    assert (upl.pseudo_labels_ == np.array(NAMES)[Y[upl.selected_]]).mean() > 0.9
    assert upl.n_iter_ == len(upl.loss_curve_) == 4
    assert upl.class_embeddings_.shape == upl.contexts_.shape == (3, 3, 6)
    np.testing.assert_allclose(np.linalg.norm(upl.class_embeddings_, axis=2), 1)


def test_logits_are_averaged_over_the_ensemble():
    upl = UPL(TEXTS, ensemble_size=3, **QUICK).fit(X)
    units = X / np.linalg.norm(X, axis=1, keepdims=True)
    logits = [100 * units @ embeddings.T for embeddings in upl.class_embeddings_]
    assert np.abs(logits[0] - logits[1]).max() > 0.1
    expected = softmax(np.mean(logits, axis=0), axis=1)
    np.testing.assert_allclose(upl.predict_proba(X), expected, atol=1e-9)


def test_initial_contexts_are_random():
    # one epoch at the rate of the first pass hardly changes them
    parameters = QUICK | {"ensemble_size": 10, "n_epochs": 1, "learning_rate": 1e-9}
    contexts = UPL(TEXTS, context_std=0.02, **parameters).fit(X).contexts_
    assert np.abs(contexts.mean()) < 0.005
    assert contexts.std() == pytest.approx(0.02, rel=0.1)
    zeros = UPL(TEXTS, context_std=0.0, **parameters).fit(X).contexts_
    assert np.abs(zeros).max() < 1e-3


def test_random_states_differ():
    parameters = QUICK | {"ensemble_size": 2, "batch_size": 8, "logit_scale": 10.0}
    embeddings = [
        UPL(TEXTS, **parameters | {"random_state": seed}).fit(X).class_embeddings_
        for seed in (0, 1)
    ]
    assert not np.array_equal(*embeddings)


def test_loss_decreases_through_a_tower():
    tower = {"text_tower": TextTower(), "initial_context": np.zeros((4, 5))}
    parameters = QUICK | {"ensemble_size": 1, "n_epochs": 40, "learning_rate": 0.1}
    losses = UPL(TEXTS, **parameters, **tower).fit(X).loss_curve_
    assert losses[-5:].mean() < losses[:5].mean() - 0.1
