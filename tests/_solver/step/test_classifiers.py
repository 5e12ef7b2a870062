import pytest
import torch

from sklearn_turtle._solver import ALONE, Draws
from sklearn_turtle._solver.step._classifiers import Classifiers
from sklearn_turtle._solver.step._workspace import Workspace

CPU = torch.device("cpu")
N_ROWS = 40


@pytest.fixture
def problem():
    """Batches of two spaces, and certain labels (B, R, C) that are linear in both of them."""
    generator = torch.Generator().manual_seed(0)
    z = torch.randn(N_ROWS, 4, generator=generator)
    batches = [z, z @ torch.randn(4, 6, generator=generator)]
    logits = z @ torch.randn(4, 2 * 3, generator=generator)
    labels = logits.view(N_ROWS, 2, 3).argmax(-1)
    return batches, torch.nn.functional.one_hot(labels, 3).float()


def classifiers(start, steps=1, lr=0.1, initial_scales=(1.0, 1.0)):
    return Classifiers(
        [4, 6],
        n_restarts=2,
        n_clusters=3,
        steps=steps,
        lr=lr,
        start=start,
        draws=Draws(0),
        initial_scales=initial_scales,
        dtype=torch.float32,
        workspace=Workspace(CPU),
        device=CPU,
        processes=ALONE,
    )


def assert_close(found, expected):
    torch.testing.assert_close(found.weights, expected.weights)
    torch.testing.assert_close(found.biases, expected.biases)


@pytest.mark.parametrize("start", ["zero", "cold", "warm"])
def test_labels_are_learned_in_every_space(problem, start):
    batches, labeling = problem
    trained = classifiers(start, steps=100)
    trained.fit(batches, labeling, N_ROWS)
    for k, z in enumerate(batches):
        log_probabilities = trained.log_probabilities(k, z)
        torch.testing.assert_close(log_probabilities.exp().sum(-1), torch.ones(N_ROWS, 2))
        right = log_probabilities.argmax(-1) == labeling.argmax(-1)
        assert right.float().mean() > 0.9


@pytest.mark.parametrize("steps", [1, 3])
def test_classifiers_from_zero_forget_the_last_outer_step(problem, steps):
    batches, labeling = problem
    once, twice = classifiers("zero", steps), classifiers("zero", steps)
    twice.fit(batches, labeling.flip(-1), N_ROWS)
    for trained in (once, twice):
        trained.fit(batches, labeling, N_ROWS)
    assert_close(twice.model(), once.model())
    assert once.state() == []


def test_cold_classifiers_start_at_fresh_weights(problem):
    batches, labeling = problem
    trained = classifiers("cold")
    models = []
    for _ in range(2):
        trained.fit(batches, labeling, N_ROWS)
        models.append(trained.model())
    assert not torch.allclose(models[0].weights[0], models[1].weights[0])
    assert trained.state() == []


def test_warm_classifiers_continue(problem):
    batches, labeling = problem
    at_once, step_by_step = classifiers("warm", steps=4), classifiers("warm", steps=1)
    at_once.fit(batches, labeling, N_ROWS)
    for _ in range(4):
        step_by_step.fit(batches, labeling, N_ROWS)
    assert_close(step_by_step.model(), at_once.model())


def test_state_holds_warm_classifiers(problem):
    batches, labeling = problem
    trained = classifiers("warm")
    trained.fit(batches, labeling, N_ROWS)
    state = [tensor.clone() for tensor in trained.state()]
    trained.fit(batches, labeling, N_ROWS)
    restored = classifiers("warm")
    for tensor, value in zip(restored.state(), state, strict=True):
        tensor.copy_(value)
    restored.fit(batches, labeling, N_ROWS)
    assert_close(restored.model(), trained.model())


def test_random_weights_are_scaled():
    whole, half = classifiers("warm"), classifiers("warm", initial_scales=(0.5, 0.25))
    for k, scale in enumerate((0.5, 0.25)):
        torch.testing.assert_close(half.model().weights[k], scale * whole.model().weights[k])
        torch.testing.assert_close(half.model().biases[k], scale * whole.model().biases[k])


def test_restarts_may_differ_in_their_rate(problem):
    batches, labeling = problem
    rates = torch.tensor([0.1] * 3 + [0.02] * 3)
    trained, fast, slow = (classifiers("zero", 3, lr=lr) for lr in (rates, 0.1, 0.02))
    for one in (trained, fast, slow):
        one.fit(batches, labeling, N_ROWS)
    assert_close(trained.model().restart(0), fast.model().restart(0))
    assert_close(trained.model().restart(1), slow.model().restart(1))
