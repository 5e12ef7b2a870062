import numpy as np
import torch
from sklearn.linear_model import Ridge

from sklearn_turtle._solver.strategy._distillation import LOGIT, PENALTY, distilled


def problem():
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(200) % 3
    centers = torch.randn(3, 9, generator=generator)
    joint = centers[labels] + torch.randn(200, 9, generator=generator)
    return [joint[:, :4] * 20 + 7, joint[:, 4:]], labels


def test_it_is_the_ridge_regression_of_scikit_learn():
    features, labels = problem()
    model = distilled(features, labels, 4)  # one cluster is empty
    logits = sum(
        z @ weight + bias
        for z, weight, bias in zip(features, model.weights, model.biases, strict=True)
    )
    joint = np.hstack(
        [
            centered / (centered**2).sum(1).mean() ** 0.5
            for centered in (z.double().numpy() - z.double().numpy().mean(0) for z in features)
        ]
    )
    ridge = Ridge(PENALTY * (joint**2).sum(0).mean()).fit(joint, np.eye(4)[labels])
    np.testing.assert_allclose(logits / (LOGIT * 2), ridge.predict(joint), atol=1e-5)


def test_one_space():
    features, labels = problem()
    model = distilled(features[:1], labels, 3)
    fitted = (features[0] @ model.weights[0] + model.biases[0]) / LOGIT
    torch.testing.assert_close(fitted.sum(1), torch.ones(200))


def test_fewer_rows_than_features():
    features = [torch.randn(3, 8, generator=torch.Generator().manual_seed(0))]
    labels = torch.tensor([0, 1, 2])
    model = distilled(features, labels, 3)
    assert torch.equal((features[0] @ model.weights[0] + model.biases[0]).argmax(1), labels)
