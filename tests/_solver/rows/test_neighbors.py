import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from sklearn_turtle._solver.rows._neighbors import N_HOPS, averaged, nearest_neighbors


@pytest.fixture
def spaces():
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(90, d, generator=generator) * scale for d, scale in ((5, 1.0), (3, 100.0))]


def test_neighbors_are_those_of_scikit_learn(spaces, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 1000)
    neighbors = nearest_neighbors(spaces, 7)
    centered = [z - z.mean(0) for z in spaces]
    joint = torch.cat([z / z.square().sum(1).mean().sqrt() for z in centered], 1)
    expected = NearestNeighbors(n_neighbors=7, metric="cosine").fit(joint).kneighbors()[1]
    same = neighbors.sort(1).values == torch.from_numpy(expected).sort(1).values
    assert same.all()


def test_neighbors_do_not_depend_on_the_place_or_scale_of_a_space(spaces):
    moved = [spaces[0] * 1000 + 5, spaces[1] - 70]
    first, second = (nearest_neighbors(z, 4).sort(1).values for z in (spaces, moved))
    assert (first == second).double().mean() > 0.99


def test_averages_are_powers_of_the_graph(spaces, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 100)
    neighbors = nearest_neighbors(spaces, 6)
    graph = torch.eye(90).index_put_(
        (torch.arange(90)[:, None], neighbors), torch.ones(()), accumulate=True
    )
    expected = torch.linalg.matrix_power(graph / 7, N_HOPS) @ spaces[0]
    torch.testing.assert_close(averaged(spaces[0], neighbors), expected)
