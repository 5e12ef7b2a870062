import numpy as np
import pytest
import torch

from sklearn_turtle import TurtleClustering
from sklearn_turtle._estimator import _rules


def test_batch_size_grows_with_the_clusters():
    assert _rules.batch_size(10**6, 10) == 1000
    assert _rules.batch_size(10**6, 77) == 1540
    assert _rules.batch_size(10**6, 300) == 4000
    assert _rules.batch_size(10**6, 1000) == 10_000


def test_batch_size_is_at_most_the_number_of_samples():
    assert _rules.batch_size(500, 200) == 500
    assert _rules.batch_size(1, 1) == 1


def test_batch_size_leaves_out_a_quarter_of_few_samples():
    assert _rules.batch_size(1000, 10) == 750
    assert _rules.batch_size(1400, 10) == 1000


def test_inner_steps_share_the_rate():
    assert _rules.inner_lr(10, 1) == pytest.approx(0.0115, rel=0.01)
    assert _rules.inner_lr(10, 5) == pytest.approx(_rules.inner_lr(10, 1) / 5)
    assert _rules.inner_lr(1, 1) == _rules.inner_lr(2, 1) > 0


def test_neighbors_fit_into_half_a_cluster():
    assert _rules.n_neighbors(10, 2000, 100) == 10
    assert _rules.n_neighbors(10, 1000, 100) == 5
    assert _rules.n_neighbors(10, 100, 100) == 1
    assert _rules.n_neighbors(0, 1000, 100) == 0


def test_rules_replace_auto():
    strategy = _rules.strategy_of(TurtleClustering(10), n_samples=10**6, n_spaces=2)
    search = strategy.search
    assert (search.n_clusters, search.n_restarts) == (10, 8)
    assert (search.max_iter, search.batch_size) == (100, 1000)
    assert search.inner_lr == _rules.inner_lr(10, 1)
    assert search.initial_logit_norm == _rules.INITIAL_LOGIT_NORM
    assert search.log_prior is None
    assert (strategy.n_components, strategy.n_neighbors) == (128, 10)
    assert strategy.polish_iter == 40
    assert not strategy.sizes_known
    assert strategy.known_log_prior is None
    assert strategy.space_weights is None


def test_values_are_taken_as_given():
    given = {
        "n_init": 3,
        "max_iter": 7,
        "batch_size": 20,
        "n_components": None,
        "n_neighbors": 3,
        "gamma": 2,
        "inner_steps": 4,
        "inner_lr": 0.5,
        "inner_start": "warm",
        "outer_lr": 0.25,
        "schedule": "constant",
        "space_weights": [6, 2],
    }
    turtle = TurtleClustering(2, cluster_prior=[3, 1], scaling=None, polish_iter=5, **given)
    strategy = _rules.strategy_of(turtle, n_samples=100, n_spaces=2)
    search = strategy.search
    assert (search.n_restarts, search.max_iter, search.batch_size) == (3, 7, 20)
    assert (search.gamma, search.inner_steps, search.inner_lr) == (2, 4, 0.5)
    assert (search.inner_start, search.outer_lr, search.schedule) == ("warm", 0.25, "constant")
    assert search.initial_logit_norm is None
    torch.testing.assert_close(search.log_prior.exp().float(), torch.tensor([0.75, 0.25]))
    assert strategy.n_components is None
    assert strategy.n_neighbors == 3
    assert strategy.polish_iter == 5
    assert strategy.space_weights == [0.75, 0.25]
    assert strategy.sizes_known


def test_equal_spaces():
    turtle = TurtleClustering(2, space_weights="equal")
    assert _rules.strategy_of(turtle, 100, 4).space_weights == [0.25] * 4


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"space_weights": [1, 2, 3]}, "for each of the 2 spaces; it has shape"),
        ({"space_weights": [1, 0]}, "must be positive and finite: leave a space out"),
        ({"space_weights": [1, np.inf]}, "must be positive and finite"),
        ({"space_weights": [1, 2], "n_neighbors": 0}, "all spaces count alike"),
    ],
    ids=str,
)
def test_impossible_weights_of_spaces(parameters, message):
    with pytest.raises(ValueError, match=message):
        _rules.strategy_of(TurtleClustering(2, **parameters), 100, 2)
