import pickle
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from sklearn_turtle._linear._model import FittedLinearModel
from sklearn_turtle._solver import LinearModel

WIDTHS, N_CLUSTERS = [4, 2], 3
RNG = np.random.default_rng(0)
SOLUTION = LinearModel(
    [torch.from_numpy(RNG.normal(size=(width, N_CLUSTERS))) for width in WIDTHS],
    [torch.from_numpy(RNG.normal(size=N_CLUSTERS)) for _ in WIDTHS],
    N_CLUSTERS,
)
CPU = torch.device("cpu")


@pytest.fixture
def model():
    return FittedLinearModel.of_solution(SOLUTION, np.dtype(np.float64), CPU)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_solutions_become_arrays(dtype):
    model = FittedLinearModel.of_solution(SOLUTION, np.dtype(dtype), CPU)
    assert model.n_clusters == N_CLUSTERS
    for coef, weight in zip(model.coef, SOLUTION.weights, strict=True):
        assert coef.dtype == dtype
        assert_array_equal(coef, weight.numpy().T.astype(dtype))
    for intercept, bias in zip(model.intercept, SOLUTION.biases, strict=True):
        assert_array_equal(intercept, bias.numpy().astype(dtype))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_solutions_must_be_finite(value):
    weights = [SOLUTION.weights[0], torch.full((2, N_CLUSTERS), value).double()]
    diverged = LinearModel(weights, SOLUTION.biases, N_CLUSTERS)
    with pytest.raises(ValueError, match="diverged"):
        FittedLinearModel.of_solution(diverged, np.dtype(np.float64), CPU)


def test_solutions_that_overflow_a_narrow_dtype():
    large = LinearModel([1e300 * weight for weight in SOLUTION.weights], SOLUTION.biases, 3)
    with pytest.raises(ValueError, match="diverged"), np.errstate(over="ignore"):
        FittedLinearModel.of_solution(large, np.dtype(np.float32), CPU)


def test_attributes_hold_the_model(model):
    found = FittedLinearModel.of(SimpleNamespace(**model.attributes, device=CPU))
    assert found == model


def test_a_model_for_the_solver(model):
    found = model.as_linear_model()
    for a, b in zip(found.weights + found.biases, SOLUTION.weights + SOLUTION.biases, strict=True):
        assert_array_equal(a, b)
    assert found.n_clusters == N_CLUSTERS


def test_reordered_clusters(model):
    order = np.array([2, 0, 1])
    reordered = model.reordered(order)
    for space in range(2):
        assert_array_equal(reordered.coef[space], model.coef[space][order])
        assert_array_equal(reordered.intercept[space], model.intercept[space][order])
    assert (reordered.temperature, reordered.device) == (model.temperature, model.device)


def test_models_can_be_pickled(model):
    found = pickle.loads(pickle.dumps(model))
    assert_array_equal(found.coef[0], model.coef[0])
