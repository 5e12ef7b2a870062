import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge

from sklearn_turtle._solver import FeatureSpace, LinearModel
from sklearn_turtle._solver.strategy._separability import RIDGE, leave_one_out_accuracy


@pytest.mark.parametrize("n", [2, 3])
def test_few_rows_and_empty_clusters(n):
    space = FeatureSpace(torch.arange(2.0 * n).view(n, 2))
    model = LinearModel([torch.eye(2, 4)], [torch.zeros(4)], 4)
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
