import pytest
import torch

from sklearn_turtle._solver import FeatureSpace, LinearModel, label_probabilities, restart_labels
from sklearn_turtle._solver.step import _linear_model
from sklearn_turtle._solver.step._linear_model import side_by_side
from tests.support.small_device import SmallDevice

GENERATOR = torch.Generator().manual_seed(0)
X = [torch.randn(90, width, generator=GENERATOR) for width in (4, 6)]
# three restarts of two clusters
MODEL = LinearModel(
    [torch.randn(width, 6, generator=GENERATOR) for width in (4, 6)],
    [torch.randn(6, generator=GENERATOR) for _ in range(2)],
    2,
)
EXPECTED = torch.stack(
    [
        (x @ weight + bias).view(90, 3, 2).softmax(-1)
        for x, weight, bias in zip(X, MODEL.weights, MODEL.biases, strict=True)
    ]
).mean(0)


def labeled(model=MODEL, ahead=False):
    found = torch.empty(90, model.n_restarts, model.n_clusters)

    def write(rows, probabilities):
        found[rows] = probabilities

    label_probabilities(model, lambda k, rows: X[k][rows], 90, write, ahead=ahead)
    return found


def assert_same(model, expected):
    assert model.n_clusters == expected.n_clusters
    torch.testing.assert_close(model.weights, expected.weights)
    torch.testing.assert_close(model.biases, expected.biases)


@pytest.mark.parametrize("ahead", [False, True])
def test_probabilities_are_the_mean_over_the_spaces(monkeypatch, ahead):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 300)  # many chunks
    torch.testing.assert_close(labeled(ahead=ahead), EXPECTED)


@pytest.mark.parametrize("ahead", [False, True])
def test_rows_are_labeled_in_smaller_chunks_if_memory_runs_out(monkeypatch, ahead):
    device, product = SmallDevice(50), _linear_model.logits

    def logits(z, *args):
        return product(device.hold(z), *args)

    monkeypatch.setattr(_linear_model, "logits", logits)
    with pytest.warns(UserWarning, match="out of memory: going on in chunks of 45 rows"):
        found = labeled(ahead=ahead)
    torch.testing.assert_close(found, EXPECTED)


def test_labels_of_restarts():
    spaces = [FeatureSpace(x) for x in X]
    assert torch.equal(restart_labels(MODEL, spaces).long(), EXPECTED.argmax(-1).T)
    of_some = restart_labels(MODEL, spaces, max_rows=2)
    assert torch.equal(of_some.long(), EXPECTED[[0, 89]].argmax(-1).T)


def test_restarts_lie_side_by_side():
    assert MODEL.n_restarts == 3
    restarts = [MODEL.restart(r) for r in range(3)]
    for r, restart in enumerate(restarts):
        torch.testing.assert_close(labeled(restart), EXPECTED[:, r : r + 1])
    assert_same(side_by_side(restarts), MODEL)
    assert_same(side_by_side([MODEL.restarts(0, 2), MODEL.restarts(2, 3)]), MODEL)
    assert_same(side_by_side([MODEL]), MODEL)


def test_reordered_clusters():
    restart = MODEL.restart(1)
    swapped = labeled(restart.reordered(torch.tensor([1, 0])))
    torch.testing.assert_close(swapped, labeled(restart).flip(-1))


@pytest.mark.parametrize("shifted", [False, True])
def test_a_model_of_raw_features_gives_the_same_logits(shifted):
    shift = torch.randn(4, generator=GENERATOR) if shifted else None
    spaces = [FeatureSpace(X[0], shift=shift, scale=7.0), FeatureSpace(X[1], scale=0.1)]
    raw = MODEL.for_raw_features(spaces)
    for k, space in enumerate(spaces):
        expected = space.batch() @ MODEL.weights[k] + MODEL.biases[k]
        found = X[k].double() @ raw.weights[k] + raw.biases[k]
        torch.testing.assert_close(found.float(), expected, rtol=1e-4, atol=1e-4)
    assert_same(raw.for_standardized_features(spaces), MODEL)
