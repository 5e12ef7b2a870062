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


def test_number_of_restarts_falls_with_the_clusters():
    assert [_rules.n_init(n_clusters) for n_clusters in (1, 50, 100, 1000)] == [32, 32, 16, 8]


def test_number_of_steps_grows_with_the_logarithm_of_the_clusters():
    assert [_rules.max_iter(n_clusters) for n_clusters in (1, 2, 10, 1000)] == [50, 50, 81, 242]


def test_inner_steps_share_the_rate():
    assert _rules.inner_lr(10, 1) == pytest.approx(0.0115, rel=0.01)
    assert _rules.inner_lr(10, 5) == pytest.approx(_rules.inner_lr(10, 1) / 5)
    assert _rules.inner_lr(1, 1) == _rules.inner_lr(2, 1) > 0


def test_number_of_components_grows_with_the_clusters():
    assert [_rules.n_components(n_clusters) for n_clusters in (1, 50, 1000)] == [256, 350, 512]


def test_rules_replace_auto():
    strategy = _rules.strategy_of(TurtleClustering(10), n_samples=10**6)
    search = strategy.search
    assert (search.n_clusters, search.n_restarts) == (10, _rules.n_init(10))
    assert (search.max_iter, search.batch_size) == (_rules.max_iter(10), 1000)
    assert search.inner_lr == _rules.inner_lr(10, 1)
    assert search.initial_logit_norm == _rules.INITIAL_LOGIT_NORM
    assert search.log_prior is None
    assert strategy.n_components == 256
    assert strategy.polish_iter == 80
    assert not strategy.sizes_known


def test_values_are_taken_as_given():
    given = {
        "n_init": 3,
        "max_iter": 7,
        "batch_size": 20,
        "n_components": None,
        "gamma": 2,
        "inner_steps": 4,
        "inner_lr": 0.5,
        "inner_start": "warm",
        "outer_lr": 0.25,
        "schedule": "constant",
    }
    turtle = TurtleClustering(2, cluster_prior=[3, 1], scaling=None, polish_iter=5, **given)
    strategy = _rules.strategy_of(turtle, n_samples=100)
    search = strategy.search
    assert (search.n_restarts, search.max_iter, search.batch_size) == (3, 7, 20)
    assert (search.gamma, search.inner_steps, search.inner_lr) == (2, 4, 0.5)
    assert (search.inner_start, search.outer_lr, search.schedule) == ("warm", 0.25, "constant")
    assert search.initial_logit_norm is None
    torch.testing.assert_close(search.log_prior.exp().float(), torch.tensor([0.75, 0.25]))
    assert strategy.n_components is None
    assert strategy.polish_iter == 5
    assert strategy.sizes_known
