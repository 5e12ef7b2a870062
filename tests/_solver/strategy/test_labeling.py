import pytest
import torch
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle._solver import Draws, FeatureSpace, LinearModel, Strategy
from sklearn_turtle._solver.rows._view import View
from sklearn_turtle._solver.strategy._labeling import one_labeling, regrouping_agrees
from sklearn_turtle._solver.strategy._restarts import Restarts, train_restarts
from tests.support.settings import solver_settings


def view_of(sizes, distance=8.0, n_features=16):
    """A view of clusters of given sizes, and the cluster of each row."""
    generator = torch.Generator().manual_seed(0)
    y = torch.arange(len(sizes)).repeat_interleave(torch.tensor(sizes))
    centers = torch.randn(len(sizes), n_features, generator=generator)
    centers *= distance / centers.norm(dim=1, keepdim=True)
    x = centers[y] + torch.randn(len(y), n_features, generator=generator)
    x -= x.mean(0)
    space = FeatureSpace(x, scale=400 / x.abs().sum(1).mean().item())
    return View.averaged([space], [1.0], torch.arange(len(y)), 10), y


def strategy(n_clusters, **changes):
    search = solver_settings(n_clusters, n_restarts=4, max_iter=40, batch_size=150)
    options = {"polish_iter": 10, "sizes_known": False, "n_components": None, "n_neighbors": 10}
    return Strategy(search, **options | changes)


@pytest.mark.parametrize("sizes", [[300, 20, 20], [100] * 3, [400, 10]], ids=str)
def test_sizes_follow_the_data(sizes):
    view, y = view_of(sizes)
    plan = strategy(len(sizes))
    restarts = train_restarts(view, plan.search, Draws(0))
    labeling = one_labeling(restarts, plan, view, Draws(0))
    assert adjusted_rand_score(y, labeling.labels) > 0.9
    assert len(labeling.loss_curve) == 40 + 3 * 10


def test_unequal_sizes_make_restarts_agree():
    view, _ = view_of([300, 20, 20])
    restarts = train_restarts(view, strategy(3).search, Draws(0))
    labels = torch.stack([view.spaces[0].batch() @ w for w in restarts.model.weights])
    of_restarts = labels[0].view(len(labels[0]), 4, 3).argmax(2).T
    assert regrouping_agrees(restarts.model, of_restarts, view)


def test_a_single_restart_always_agrees():
    view, _ = view_of([20, 20])
    model = LinearModel([torch.eye(16, 2)], [torch.zeros(2)], 2)
    assert regrouping_agrees(model, torch.zeros(1, 40, dtype=torch.int32), view)


def test_no_cluster_stays_empty():
    view, y = view_of([60, 60, 60])
    weight = torch.zeros(16, 3)
    weight[:, 0] = 0.01
    joined = LinearModel([weight], [torch.tensor([0.0, 0.0, -100.0])], 3)
    restarts = Restarts(joined, [torch.zeros(5, 1)], stopped=False)
    labeling = one_labeling(restarts, strategy(3, polish_iter=0), view, Draws(0))
    assert len(labeling.labels.unique()) == 3
    assert adjusted_rand_score(y, labeling.labels) > 0.95


def test_labelings_move_between_devices():
    view, _ = view_of([30, 30])
    plan = strategy(2)
    restarts = train_restarts(view, plan.search, Draws(0))
    labeling = one_labeling(restarts, plan, view, Draws(0))
    moved = labeling.to("cpu")
    assert torch.equal(moved.labels, labeling.labels)
    assert moved.agreement == labeling.agreement
