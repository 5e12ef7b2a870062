import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from sklearn_turtle._estimator._problem import problem_of, read_problem
from sklearn_turtle._input._read import read_fit_input
from sklearn_turtle._solver import LinearModel, RestartsSolution, SpaceWeights
from tests.support.processes import OneOfSeveral
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()


@pytest.fixture(scope="module")
def problem():
    return read_problem(small_turtle(), SPACES)


@pytest.fixture(scope="module")
def solution(problem):
    """A labeling of two clusters; the second one is larger."""
    weights = [torch.zeros(space.n_features, 2) for space in problem.feature_spaces]
    biases = [torch.zeros(2), torch.zeros(2)]
    feature = problem.feature_spaces[0].batch().float()[:, 0]
    weights[0][0, 1], biases[0][1] = 1.0, -feature.quantile(0.3)
    labels = torch.tensor([[0, 1, 1], [0, 1, 1], [0, 0, 1]])
    losses = torch.tensor([[1.0, 2.0, 3.0], [0.0, 1.0, 2.0]])
    model = LinearModel(weights, biases, 2)
    space_weights = SpaceWeights([0.75, 0.25])
    return RestartsSolution(model, losses, losses.mean(1), labels, 2.5, space_weights)


def test_data_are_prepared_for_the_solver(problem):
    assert [space.n_features for space in problem.feature_spaces] == [12, 8]
    assert problem.spaces.names == ["space0", "space1"]
    assert problem.shard.n_samples == 240
    assert problem.device == torch.device("cpu")
    for space in problem.feature_spaces:
        z = space.batch().float()
        assert z.abs().sum(1).mean().item() == pytest.approx(400, rel=0.02)


def test_spaces_that_have_been_read():
    turtle = small_turtle()
    problem = problem_of(turtle, *read_fit_input(turtle, {"a": SPACES[0], "b": SPACES[1]}))
    assert problem.spaces.names == ["a", "b"]
    assert [space.n_features for space in problem.feature_spaces] == [12, 8]


def test_there_must_be_enough_samples():
    with pytest.raises(ValueError, match="n_samples=3 should be >= n_clusters=4"):
        read_problem(small_turtle(), [x[:3] for x in SPACES])


def test_processes_must_agree():
    other = {"names of spaces": ["a", "b"], "numbers of features": [12, 8], "dtype": "float32"}
    with pytest.raises(ValueError, match="must agree on their names of spaces"):
        read_problem(small_turtle(), SPACES, OneOfSeveral(0, {0: None, 1: other}))


def test_fitted_attributes(problem, solution):
    attributes = problem.fitted_attributes(solution, calibrate=True)
    assert attributes["temperature_"] == 2.5
    assert attributes["n_iter_"] == 2
    assert_array_equal(attributes["loss_curve_"], [2.0, 1.0])
    assert_array_equal(attributes["restart_loss_curves_"], [[1, 2, 3], [0, 1, 2]])
    assert attributes["agreement_"].shape == (3, 3)
    assert attributes["stability_"] == pytest.approx(
        attributes["agreement_"][np.triu_indices(3, 1)].mean()
    )
    assert attributes["n_features_in_"] == 20
    assert [coef.shape for coef in attributes["coef_"]] == [(2, 12), (2, 8)]


def test_clusters_are_numbered_by_size_or_keep_their_numbers(problem, solution):
    by_size = problem.fitted_attributes(solution, calibrate=True)
    kept = problem.fitted_attributes(solution, calibrate=True, keep_numbers=True)
    assert (np.diff(np.bincount(by_size["labels_"], minlength=2)) < 0).all()
    assert_array_equal(kept["labels_"], 1 - by_size["labels_"])
    assert_array_equal(kept["coef_"][0], by_size["coef_"][0][::-1])


def test_probabilities_need_not_be_calibrated(problem, solution):
    assert problem.fitted_attributes(solution, calibrate=False)["temperature_"] == 1


def test_attributes_for_predictions_apply_to_the_features_themselves(problem, solution):
    attributes = problem.predicting_attributes(solution.model)
    for k, space in enumerate(problem.feature_spaces):
        expected = space.batch().float() @ solution.model.weights[k] + solution.model.biases[k]
        logits = SPACES[k] @ attributes["coef_"][k].T + attributes["intercept_"][k]
        np.testing.assert_allclose(logits, expected, atol=0.01 * expected.abs().max())
