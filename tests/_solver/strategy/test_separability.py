import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import Ridge

from sklearn_turtle._solver import FeatureSpace, LinearModel
from sklearn_turtle._solver.strategy._separability import (
    RIDGE,
    SHRINKAGE,
    held_out_error,
    leave_one_out_accuracy,
)


def linear_model(x, y):
    """A model whose labels of ``x`` are close to ``y``, and these labels."""
    weight = np.stack([x[y == c].mean(0) for c in np.unique(y)]).T
    bias = -0.5 * (weight**2).sum(0)
    return LinearModel(
        [torch.from_numpy(weight).float()], [torch.from_numpy(bias).float()], len(bias)
    ), (x @ weight + bias).argmax(1)


def test_held_out_error_is_that_of_discriminant_analysis():
    x, y = load_digits(return_X_y=True)
    x = x - x.mean(0)
    x = x[:, x.std(0) > 0.5]
    x /= x.std(0)
    model, labels = linear_model(x, y)
    expected = []
    for train, test in ((0, 1), (1, 0)):
        # features have nearly equal variances, so that both shrink to nearly the same matrix
        classifier = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=SHRINKAGE)
        classifier.fit(x[train::2], labels[train::2])
        expected.append(1 - classifier.score(x[test::2], labels[test::2]))
    error = held_out_error(model, [FeatureSpace(torch.from_numpy(x).float())])
    assert error == pytest.approx(np.mean(expected), abs=0.01)


def test_held_out_error_is_the_mean_over_the_spaces():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 200)
    x = rng.normal(size=(400, 5)) + 6 * y[:, None]
    rng.shuffle(x)
    model, _ = linear_model(x, (x.sum(1) > 15).astype(int))
    clear = FeatureSpace(torch.from_numpy(x).float())
    noise = FeatureSpace(torch.from_numpy(rng.normal(size=(400, 5))).float())
    # the labels depend on the clear space only
    both = LinearModel([model.weights[0], torch.zeros(5, 2)], [model.biases[0], torch.zeros(2)], 2)
    assert held_out_error(model, [clear]) < 0.01
    assert held_out_error(both, [clear, noise]) == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize("n", [2, 3])
def test_few_rows_and_empty_clusters(n):
    space = FeatureSpace(torch.arange(2.0 * n).view(n, 2))
    model = LinearModel([torch.eye(2, 4)], [torch.zeros(4)], 4)
    assert 0 <= held_out_error(model, [space]) <= 1
    (accuracy,) = leave_one_out_accuracy(model, [space]).tolist()
    assert 0 <= accuracy <= 1


def test_leaving_one_out_is_a_ridge_regression_on_the_other_rows():
    rng = np.random.default_rng(0)
    spaces = [rng.normal(size=(60, 5)) + 3, rng.normal(size=(60, 3)) * [1, 2, 4]]
    n_restarts, n_clusters = 2, 8
    weights = [rng.normal(size=(x.shape[1], n_restarts * n_clusters)) for x in spaces]
    logits = sum(
        torch.softmax(torch.from_numpy(x @ w).view(60, n_restarts, n_clusters), -1)
        for x, w in zip(spaces, weights, strict=True)
    )
    labels = logits.argmax(-1).T.numpy()
    model = LinearModel(
        [torch.from_numpy(w).float() for w in weights],
        [torch.zeros(n_restarts * n_clusters)] * 2,
        n_clusters,
    )
    right = np.zeros((2, n_restarts, 60))
    for space, x in enumerate(spaces):
        penalty = RIDGE * ((x - x.mean(0)) ** 2).sum(0).mean()
        for restart, of_restart in enumerate(labels):
            indicators = np.eye(n_clusters)[of_restart]
            for row in range(60):
                others = np.arange(60) != row
                ridge = Ridge(penalty).fit(x[others], indicators[others])
                right[space, restart, row] = ridge.predict(x[[row]]).argmax() == of_restart[row]
    given = [FeatureSpace(torch.from_numpy(x).float()) for x in spaces]
    accuracy = leave_one_out_accuracy(model, given).numpy()
    np.testing.assert_allclose(accuracy, right.mean((0, 2)))
    assert accuracy[0] != accuracy[1]
