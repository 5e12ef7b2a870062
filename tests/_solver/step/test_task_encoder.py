import pickle

import torch
from torch.nn.utils.parametrizations import weight_norm

from sklearn_turtle._solver import ALONE, TaskEncoder
from sklearn_turtle._solver.step._workspace import Workspace

CPU = torch.device("cpu")
GENERATOR = torch.Generator().manual_seed(0)
# two spaces, two restarts of three clusters
LAYERS = [
    (torch.randn(d, 6, generator=GENERATOR), torch.randn(6, generator=GENERATOR)) for d in (4, 5)
]
Z = torch.randn(30, 4, generator=GENERATOR)
TO_LOGITS = torch.randn(30, 2, 3, generator=GENERATOR) / 30


def task_encoder(layers=LAYERS, lr=0.1):
    return TaskEncoder(
        layers,
        n_clusters=3,
        lr=lr,
        dtype=torch.float32,
        workspace=Workspace(CPU),
        device=CPU,
        processes=ALONE,
    )


def take_step(encoder, decay=1.0):
    for k, z in enumerate((Z, torch.hstack([Z, Z[:, :1]]))):
        encoder.write_gradient(k, z, TO_LOGITS)
    encoder.step(decay)


def test_starts_at_the_initial_layers():
    encoder = task_encoder()
    assert encoder.n_restarts == 2
    for k, (weight, bias) in enumerate(LAYERS):
        torch.testing.assert_close(encoder.weight(k), weight)
        torch.testing.assert_close(encoder.bias(k), bias)


def test_labels_are_a_softmax_over_the_clusters_of_each_restart():
    weight, bias = LAYERS[0]
    expected = (Z @ weight + bias).view(30, 2, 3).softmax(-1)
    torch.testing.assert_close(task_encoder().probabilities(0, Z), expected)


def test_steps_are_those_of_adam_on_a_weight_normalized_layer():
    encoder = task_encoder()
    weight, bias = LAYERS[0]
    layer = torch.nn.Linear(4, 6)
    with torch.no_grad():
        layer.weight.copy_(weight.T)
        layer.bias.copy_(bias)
    layer = weight_norm(layer, dim=0)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for decay in (1.0, 0.5):
        take_step(encoder, decay)
        optimizer.zero_grad()
        (layer(Z) * TO_LOGITS.view(30, 6)).sum().backward()
        optimizer.param_groups[0]["lr"] = 0.1 * decay
        optimizer.step()
    torch.testing.assert_close(encoder.weight(0), layer.weight.detach().T, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(encoder.bias(0), layer.bias.detach(), rtol=1e-4, atol=1e-4)


def test_restarts_may_differ_in_their_rate():
    rates = torch.tensor([0.1] * 3 + [0.02] * 3)
    encoder, fast, slow = (task_encoder(lr=lr) for lr in (rates, 0.1, 0.02))
    for one in (encoder, fast, slow):
        take_step(one)
    torch.testing.assert_close(encoder.weight(0)[:, :3], fast.weight(0)[:, :3])
    torch.testing.assert_close(encoder.weight(0)[:, 3:], slow.weight(0)[:, 3:])


def test_a_weight_of_zero_stays_finite():
    encoder = task_encoder([(torch.zeros(4, 6), torch.zeros(6)), LAYERS[1]])
    take_step(encoder)
    assert torch.isfinite(encoder.weight(0)).all()


def test_copies_continue_with_the_same_steps():
    encoder = task_encoder()
    take_step(encoder)
    copy = pickle.loads(pickle.dumps(encoder))
    for one in (encoder, copy):
        take_step(one)
    for k in range(2):
        assert torch.equal(copy.weight(k), encoder.weight(k))
        assert torch.equal(copy.bias(k), encoder.bias(k))
