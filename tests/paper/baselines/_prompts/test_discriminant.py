"""The estimates and EM of GDA, compared with loops over samples and classes."""

import numpy as np
import pytest
import torch
from scipy.special import softmax
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.preprocessing import normalize

from sklearn_turtle._input._unit import UnitFeatures
from sklearn_turtle.paper.baselines._prompts import fit_discriminant
from sklearn_turtle.paper.baselines._prompts._discriminant import (
    discriminant_logits,
    shrunk_precision,
)
from tests.support.class_embeddings import small_problem


def em_in_numpy(x, zero_shot, alpha, n_steps):
    """Logits of the samples and means after some steps."""
    n, d = x.shape
    logits = x @ zero_shot.T
    for _ in range(n_steps):
        r = softmax(logits, axis=1)
        means = np.stack([np.average(x, axis=0, weights=r_k) for r_k in r.T])
        covariance = np.zeros((d, d))
        for i in range(n):
            for k in range(len(means)):
                deviation = x[i] - means[k]
                covariance += r[i, k] * np.outer(deviation, deviation) / (n - 1)
        precision = d * np.linalg.inv((n - 1) * covariance + np.trace(covariance) * np.eye(d))
        of_gaussians = [x @ precision @ mean - mean @ precision @ mean / 2 for mean in means]
        logits = x @ zero_shot.T + alpha * np.stack(of_gaussians, axis=1)
    return logits, means


def differences(logits):
    """Logits up to a constant per sample, which does not change the probabilities."""
    return logits - logits.mean(1, keepdims=True)


def test_precision_by_hand():
    # S = diag(4, 1) of n = 3 samples: 2 * (2 S + 5 I)^-1
    scatter = 2 * torch.diag(torch.tensor([4.0, 1.0], dtype=torch.float64))
    expected = torch.diag(torch.tensor([2 / 13, 2 / 7], dtype=torch.float64))
    torch.testing.assert_close(shrunk_precision(scatter, 3), expected)


def test_logits_match_linear_discriminant_analysis():
    X, y, _ = small_problem()
    lda = LinearDiscriminantAnalysis(solver="lsqr", store_covariance=True).fit(X, y)
    weight, bias = discriminant_logits(
        torch.tensor(lda.means_), torch.tensor(np.linalg.inv(lda.covariance_))
    )
    logits = X @ weight.numpy().T + bias.numpy()
    np.testing.assert_allclose(softmax(logits, axis=1), lda.predict_proba(X), atol=1e-10)


@pytest.mark.parametrize("n_steps", [1, 2, 4])
@pytest.mark.parametrize("alpha", [0.5, 3.0])
def test_em_matches_numpy(n_steps, alpha, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 200)
    X, _, T = small_problem()
    x, zero_shot = normalize(X), 3.0 * normalize(T)
    result = fit_discriminant(
        UnitFeatures(torch.tensor(X), dtype=torch.float64),
        torch.tensor(zero_shot),
        alpha=alpha,
        max_iter=n_steps,
        tol=0.0,
    )
    logits, means = em_in_numpy(x, zero_shot, alpha, n_steps)
    assert (result.n_iter, result.converged) == (n_steps, False)
    np.testing.assert_allclose(result.means, means)
    mixed = x @ result.weight.numpy().T + result.bias.numpy()
    np.testing.assert_allclose(differences(mixed), differences(logits), atol=1e-9)


def test_converged_means_do_not_move():
    X, _, T = small_problem()
    x, zero_shot = normalize(X), 3.0 * normalize(T)
    result = fit_discriminant(
        UnitFeatures(torch.tensor(X), dtype=torch.float64),
        torch.tensor(zero_shot),
        alpha=1.0,
        max_iter=100,
        tol=1e-6,
    )
    assert result.converged
    _, one_more = em_in_numpy(x, zero_shot, 1.0, result.n_iter + 1)
    np.testing.assert_allclose(result.means, one_more, atol=1e-5)


def test_identical_samples_give_the_zero_shot_classifier():
    T = torch.tensor(small_problem()[2])
    result = fit_discriminant(
        UnitFeatures(torch.ones(8, 6), dtype=torch.float64), T, alpha=1.0, max_iter=5, tol=1e-9
    )
    torch.testing.assert_close(result.weight, T, atol=1e-6, rtol=0)


def test_class_without_samples_has_the_mean_of_all():
    X, _, T = small_problem()
    X[:, 0], T = np.abs(X[:, 0]) + 10, np.vstack([T, [-1e4, 0, 0, 0, 0, 0]])
    result = fit_discriminant(
        UnitFeatures(torch.tensor(X), dtype=torch.float64),
        torch.tensor(T),
        alpha=1.0,
        max_iter=10,
        tol=1e-9,
    )
    np.testing.assert_allclose(result.means[3], normalize(X).mean(0))
    mixed = normalize(X) @ result.weight.numpy().T + result.bias.numpy()
    assert np.isfinite(mixed).all()
    assert 3 not in mixed.argmax(1)


def test_precision_without_scatter_is_zero():
    assert torch.equal(shrunk_precision(torch.zeros(3, 3), 5), torch.zeros(3, 3))
