"""The polish finds out whether clusters are of equal size."""

import numpy as np
import pytest
import torch
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle import TurtleClustering
from sklearn_turtle._solver import Draws, FeatureSpace, LinearModel
from sklearn_turtle._solver.step._linear_model import restart_labels, side_by_side
from sklearn_turtle._solver.strategy import _polishing
from sklearn_turtle._solver.strategy._polishing import n_phases, polish, polish_in_each_way
from tests.support.settings import solver_settings

N_ITER = 30


def blobs(sizes, n_features=24, spread=1.0):
    generator = torch.Generator().manual_seed(0)
    y = torch.arange(len(sizes)).repeat_interleave(torch.tensor(sizes))
    centers = torch.randn(len(sizes), n_features, generator=generator) * 4
    x = centers[y] + spread * torch.randn(len(y), n_features, generator=generator)
    x -= x.mean(0)
    return FeatureSpace(x, scale=400 / x.abs().sum(1).mean().item()), centers, y


def polished(sizes, sizes_known=False, batch_size=200, **parameters):
    space, centers, _ = blobs(sizes, **parameters)
    model = LinearModel([centers.T / 400], [torch.zeros(len(sizes))], len(sizes))
    search = solver_settings(len(sizes), n_restarts=8, inner_lr=0.01, batch_size=batch_size)
    result, losses = polish(
        model, [space], [space], search, Draws(0), n_iter=N_ITER, sizes_known=sizes_known
    )
    phases = len(losses) // N_ITER
    assert phases <= n_phases(search, sizes_known)
    return model, result, phases


def test_a_labeling_that_generalizes_is_left_as_it_was_merged():
    model, result, phases = polished([60] * 5)
    assert result.weights[0] is model.weights[0]
    assert phases == 4


@pytest.mark.parametrize(
    ("errors", "taken"),
    [
        ({"equal": 0.1, "free": 0.06, "again": 0.07}, "free"),
        # after two phases, they have to be better by as much again
        ({"equal": 0.1, "free": 0.07, "again": 0.05, "settled": 0.1, "merged": 0.13}, "settled"),
        ({"equal": 0.1, "free": 0.07, "again": 0.08, "settled": 0.1, "merged": 0.11}, "merged"),
        # where hardly any row is misjudged, it says little how many there are
        (
            {"equal": 0.003, "free": 0.001, "again": 0.001, "settled": 0.002, "merged": 0.0035},
            "settled",
        ),
        (
            {"equal": 0.003, "free": 0.001, "again": 0.001, "settled": 0.002, "merged": 0.003},
            "merged",
        ),
    ],
)
def test_free_sizes_have_to_be_better_by_far_and_settled_ones_better(errors, taken, monkeypatch):
    space, centers, _ = blobs([60] * 5)
    merged = LinearModel([centers.T / 400], [torch.zeros(5)], 5)
    search = solver_settings(5, n_restarts=8, inner_lr=0.01, batch_size=200)
    how = {"n_iter": N_ITER, "sizes_known": False}
    in_turn = iter(errors.values())  # a polish asks for them in this order
    monkeypatch.setattr(_polishing, "held_out_error", lambda model, spaces: next(in_turn))
    result, _ = polish(merged, [space], [space], search, Draws(0), **how)
    settled, free = polish_in_each_way(merged, [space], search, Draws(0), **how)
    expected = {"merged": merged, "settled": settled, "free": free}[taken]
    torch.testing.assert_close(result.weights, expected.weights, rtol=0, atol=0)


@pytest.mark.parametrize("errors", [(0.1, 0.06, 0.05), (0.1, 0.07, 0.04)])
def test_free_sizes_go_on_where_that_makes_them_better(errors, monkeypatch):
    space, _, model, search = a_split_cluster(n_few=30)
    found = []

    def error(model, spaces):
        found.append(model)
        return errors[len(found) - 1]

    monkeypatch.setattr(_polishing, "held_out_error", error)
    how = {"n_iter": 80, "sizes_known": False}
    taken, _ = polish(model, [space], [space], search, Draws(0), **how)
    _, free, again = found
    assert taken.weights[0] is again.weights[0]
    _, expected = polish_in_each_way(model, [space], search, Draws(0), **how)
    torch.testing.assert_close(free.weights, expected.weights, rtol=0, atol=0)


def test_small_batches_are_polished_by_one_step_classifiers():
    _, _, phases = polished([20] * 20, batch_size=200)
    assert phases == 5


def test_known_sizes_are_polished_once():
    _, _, phases = polished([60] * 5, sizes_known=True)
    assert phases == 1


def groups_of_clusters():
    """Three groups of four clusters; groups lie much further apart than their clusters."""
    generator = torch.Generator().manual_seed(0)
    groups = 8 * torch.randn(3, 1, 1, 64, generator=generator)
    clusters = groups + 4 * torch.randn(3, 4, 1, 64, generator=generator)
    x = (clusters + torch.randn(3, 4, 100, 64, generator=generator)).flatten(0, 2)
    return x, torch.arange(12).repeat_interleave(100).numpy()


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_clusters_of_far_apart_groups_do_not_vanish():
    x, y = groups_of_clusters()
    labelings = [TurtleClustering(12, random_state=seed).fit_predict(x) for seed in range(3)]
    # of many seeds, one in ten ends with fewer clusters
    assert np.median([adjusted_rand_score(y, labels) for labels in labelings]) > 0.95


def a_split_cluster(n_few):
    """A large cluster is split by a feature that says nothing; two small ones are merged."""
    space, centers, y = blobs([600, n_few, n_few, n_few])
    split = torch.zeros(24)
    split[0] = 30.0
    weight = torch.stack([centers[0] + split, centers[0] - split, centers[1], centers[2]]).T / 400
    model = LinearModel([weight], [torch.zeros(4)], 4)
    return space, y, model, solver_settings(4, n_restarts=8, inner_lr=0.01, batch_size=300)


@pytest.mark.parametrize("n_few", [30, 60])
def test_a_large_cluster_that_a_search_split_becomes_one(n_few):
    space, y, model, search = a_split_cluster(n_few)
    free, kept = (
        polish(model, [space], [space], search, Draws(0), n_iter=80, sizes_known=known)[0]
        for known in (False, True)
    )
    share = [
        restart_labels(m, [space])[0][y == 0].bincount().max() / 600 for m in (model, free, kept)
    ]
    assert share[0] < 0.75
    assert share[1] > 0.95
    assert share[2] < 0.85


def test_each_way_of_a_polish_is_one_that_it_may_take():
    space, _, model, search = a_split_cluster(n_few=30)

    def in_each_way(model, sizes_known):
        return polish_in_each_way(
            model, [space], search, Draws(0), n_iter=80, sizes_known=sizes_known
        )

    settled, free = in_each_way(model, sizes_known=False)
    (known,) = in_each_way(model, sizes_known=True)
    for sizes_known, found in ((False, free), (True, known)):
        taken, _ = polish(
            model, [space], [space], search, Draws(0), n_iter=80, sizes_known=sizes_known
        )
        torch.testing.assert_close(found.weights, taken.weights, rtol=0, atol=0)
    assert not torch.equal(settled.weights[0], free.weights[0])
    # side by side, each is polished by itself
    other = model.reordered(torch.tensor([2, 3, 1, 0]))
    both = in_each_way(side_by_side([model, other]), sizes_known=False)[1]
    alone = side_by_side([free, in_each_way(other, sizes_known=False)[1]])
    torch.testing.assert_close(both.weights, alone.weights, rtol=1e-3, atol=1e-4)
