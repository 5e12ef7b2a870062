import pytest
import torch

from sklearn_turtle._solver.strategy._groups import held_bytes, n_groups, pack_size
from tests.support.feature_spaces import feature_spaces
from tests.support.settings import solver_settings

# labels of a mini-batch in one restart have 150 values
SEARCH = solver_settings(3, n_restarts=5, batch_size=50)


@pytest.fixture
def group_values(monkeypatch):
    """A function that sets the largest number of values of a tensor of a step."""

    def set_values(n_values):
        monkeypatch.setattr("sklearn_turtle._solver.strategy._groups.GROUP_VALUES", n_values)

    return set_values


@pytest.mark.parametrize(
    ("n_values", "expected"), [(10**6, 1), (750, 1), (749, 2), (300, 3), (299, 5), (1, 5)]
)
def test_groups_of_restarts_are_as_large_as_possible(group_values, n_values, expected):
    group_values(n_values)
    assert n_groups(SEARCH) == expected


@pytest.mark.parametrize(("n_values", "expected"), [(1600, 2), (1499, 1), (1, 1)])
def test_packs_of_strategies_are_as_large_as_possible(group_values, n_values, expected):
    group_values(n_values)
    assert pack_size(SEARCH) == expected


def test_prepared_rows_share_their_memory_with_a_step():
    spaces = feature_spaces()
    of_few, of_many = (
        held_bytes(solver_settings(n_clusters, batch_size=10_000), spaces)
        for n_clusters in (10, 1000)
    )
    assert 0 < of_many < of_few < 256 * 2**20


def test_prepared_rows_take_a_share_of_the_free_memory_of_a_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (1000, 2000))
    (space, _) = feature_spaces(device="cpu")
    space.device = torch.device("cuda")
    assert held_bytes(SEARCH, [space]) == pytest.approx(300)
