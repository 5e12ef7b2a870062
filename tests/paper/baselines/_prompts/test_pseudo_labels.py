"""The selection and the steps of UPL, compared with values by hand and with NumPy."""

import math

import numpy as np
import pytest
import torch
from scipy.special import log_softmax
from sklearn.preprocessing import normalize

from sklearn_turtle._input._unit import UnitFeatures, unit
from sklearn_turtle._solver import Draws
from sklearn_turtle.paper.baselines._prompts import learn_context, most_confident
from sklearn_turtle.paper.baselines._prompts._pseudo_labels import rate_of_epoch
from tests.support.class_embeddings import small_problem
from tests.support.numpy_steps import sgd


def at_angles(degrees):
    radians = np.deg2rad(degrees)
    return torch.tensor(np.column_stack([np.cos(radians), np.sin(radians)]))


def test_most_confident_by_hand():
    # classes at 0 and 90 degrees: the confidence grows with the distance from 45 degrees
    features = UnitFeatures(at_angles([40, 10, 80, 30, 5, 44]), dtype=torch.float64)
    rows, labels = most_confident(features, at_angles([0, 90]), 10.0, top_k=3)
    assert rows.tolist() == [4, 1, 3, 2]
    assert labels.tolist() == [0, 0, 0, 1]


def test_class_without_predictions_is_left_out():
    features = UnitFeatures(at_angles([0, 10]), dtype=torch.float64)
    rows, labels = most_confident(features, at_angles([180, 0]), 10.0, top_k=1)
    assert (rows.tolist(), labels.tolist()) == ([0], [1])


def test_chunks_do_not_change_the_selection(monkeypatch):
    X, _, T = small_problem()
    features = UnitFeatures(torch.tensor(X), dtype=torch.float64)
    at_once = most_confident(features, unit(torch.tensor(T)), 10.0, 5)
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 100)
    assert all(map(torch.equal, most_confident(features, unit(torch.tensor(T)), 10.0, 5), at_once))


def test_learning_rates():
    assert rate_of_epoch(0, 50, 0.002) == 1e-5
    assert rate_of_epoch(1, 50, 0.002) == 0.002
    assert rate_of_epoch(26, 50, 0.002) == pytest.approx(0.001)
    assert rate_of_epoch(2, 50, 0.002) == pytest.approx(0.001 * (1 + math.cos(math.pi / 50)))


def test_steps_match_numpy():
    X, y, T = small_problem(n_samples=12)
    T, start, rows = normalize(T), np.full_like(T, 0.1), np.array([7, 1, 3, 8])
    tuned = learn_context(
        UnitFeatures(torch.tensor(X), dtype=torch.float64),
        torch.tensor(rows),
        torch.tensor(y[rows]),
        lambda context: torch.tensor(T) + context,
        torch.tensor(start),
        10.0,
        n_epochs=3,
        batch_size=100,
        learning_rate=0.02,
        draws=Draws(0),
    )

    def loss(residual):
        logits = 10.0 * normalize(X[rows]) @ normalize(T + residual).T
        return -log_softmax(logits, axis=1)[np.arange(4), y[rows]].mean()

    rates = [1e-5, 0.02, 0.01 * (1 + np.cos(np.pi / 3))]
    expected, losses = sgd(loss, start, rates, weight_decay=5e-4, nesterov=False)
    np.testing.assert_allclose(tuned.context, expected, atol=1e-8)
    np.testing.assert_allclose(tuned.losses, losses)


def test_each_pass_sees_every_sample_once():
    X, y, T = small_problem(n_samples=10)
    seen = []

    class RecordedDraws(Draws):
        def permutation(self, n_samples):
            seen.append(super().permutation(n_samples))
            return seen[-1]

    tuned = learn_context(
        UnitFeatures(torch.tensor(X), dtype=torch.float64),
        torch.arange(10),
        torch.tensor(y),
        lambda context: torch.tensor(T) + context,
        torch.zeros(3, 6, dtype=torch.float64),
        10.0,
        n_epochs=2,
        batch_size=4,
        learning_rate=0.01,
        draws=RecordedDraws(0),
    )
    assert len(tuned.losses) == 2 * 3
    assert [sorted(order.tolist()) for order in seen] == [list(range(10))] * 2
