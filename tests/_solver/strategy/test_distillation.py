import numpy as np
import pytest
import torch
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from sklearn_turtle._solver import FeatureSpace
from sklearn_turtle._solver.strategy._distillation import LOGIT_NORM, RIDGE, distilled

EQUAL = [0.5, 0.5]


def problem():
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(200) % 3 % 2 + (torch.arange(200) % 7 == 0)
    centers = torch.randn(3, 9, generator=generator)
    joint = centers[labels] + torch.randn(200, 9, generator=generator)
    return [joint[:, :4] * 20 + 7, joint[:, 4:]], labels


def spaces_of(features):
    return [FeatureSpace(z) for z in features]


def logits(features, model):
    """Sum of the logits of the spaces."""
    return sum(
        z.double() @ weight.double() + bias.double()
        for z, weight, bias in zip(features, model.weights, model.biases, strict=True)
    ).numpy()


@pytest.mark.parametrize("weights", [EQUAL, [0.9, 0.1]], ids=str)
@pytest.mark.parametrize("step", [1, 4], ids=["all rows", "some rows"])
def test_discriminants(step, weights, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 300)
    features, labels = problem()
    rows = torch.arange(0, 200, step)
    features, labels = [z[rows] for z in features], labels[rows]
    model = distilled(spaces_of(problem()[0]), rows, labels, 3, weights)
    centered = [(z - z.mean(0)).double().numpy() for z in features]
    joint = np.hstack(
        [z * (v / (z**2).sum(1).mean()) ** 0.5 for v, z in zip(weights, centered, strict=True)]
    )
    shares = np.bincount(labels) / len(labels)
    means = np.stack([joint[labels == c].mean(0) for c in range(3)])
    within = np.cov((joint - means[labels]).T, bias=True)
    within += RIDGE * (joint**2).mean() * np.eye(9)
    distances = joint[:, None] - means
    expected = np.log(shares) - 0.5 * np.einsum(
        "ncd,de,nce->nc", distances, np.linalg.inv(within), distances
    )
    found = logits(features, model)
    found, expected = (x - x.mean(1, keepdims=True) for x in (found, expected))
    factor = (found * expected).sum() / (expected**2).sum()
    np.testing.assert_allclose(found, factor * expected, atol=1e-3)
    # the norm leaves the differences of the means aside
    spread = (found - found.mean(0)).std()
    assert spread == pytest.approx(LOGIT_NORM, rel=1e-3)


def test_labels_are_those_of_scikit_learn():
    features, labels = problem()
    model = distilled(spaces_of(features), torch.arange(200), labels, 3, EQUAL)
    expected = LinearDiscriminantAnalysis().fit(torch.cat(features, 1), labels)
    same = expected.predict(torch.cat(features, 1)) == logits(features, model).argmax(1)
    assert same.mean() > 0.97


def test_no_row_gets_an_empty_cluster():
    features, labels = problem()
    model = distilled(spaces_of(features), torch.arange(200), labels, 5, EQUAL)
    found = logits(features, model)
    assert np.isfinite(found).all()
    assert found.argmax(1).max() == 2


def test_three_clusters_on_a_line():
    # a regression on indicators would mask the one in the middle
    x = torch.tensor([-9.0, 0.0, 9.0]).repeat_interleave(40)[:, None]
    x = x + torch.randn(120, 1, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(3).repeat_interleave(40)
    model = distilled(spaces_of([x]), torch.arange(120), labels, 3, [1.0])
    np.testing.assert_array_equal(logits([x], model).argmax(1), labels)


def test_fewer_rows_than_features():
    features = [torch.randn(3, 8, generator=torch.Generator().manual_seed(0))]
    labels = torch.tensor([0, 1, 2])
    model = distilled(spaces_of(features), torch.arange(3), labels, 3, [1.0])
    np.testing.assert_array_equal(logits(features, model).argmax(1), labels)


def test_a_space_without_weight_has_no_part():
    features, labels = problem()
    model = distilled(spaces_of(features), torch.arange(200), labels, 3, [1.0, 0.0])
    alone = distilled(spaces_of(features[:1]), torch.arange(200), labels, 3, [1.0])
    assert (model.weights[1] == 0).all()
    assert (model.biases[1] == 0).all()
    torch.testing.assert_close(model.weights[0], alone.weights[0], rtol=0.05, atol=1e-3)
