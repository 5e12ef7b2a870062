import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from sklearn_turtle._solver.rows._neighbors import N_HOPS, averaged, nearest_neighbors

EQUAL = [0.5, 0.5]


@pytest.fixture
def spaces():
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(90, d, generator=generator) * scale for d, scale in ((5, 1.0), (3, 100.0))]


@pytest.mark.parametrize("weights", [[0.5, 0.5], [0.8, 0.2], [1.0, 0.0]], ids=str)
def test_neighbors_are_those_of_scikit_learn(spaces, weights, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 1000)
    neighbors = nearest_neighbors(spaces, 7, weights)
    centered = [z - z.mean(0) for z in spaces]
    scales = [(v / z.square().sum(1).mean()) ** 0.5 for v, z in zip(weights, centered, strict=True)]
    joint = torch.cat([z * scale for z, scale in zip(centered, scales, strict=True)], 1)
    expected = NearestNeighbors(n_neighbors=7, metric="cosine").fit(joint).kneighbors()[1]
    same = neighbors.sort(1).values == torch.from_numpy(expected).sort(1).values
    assert same.all()


@pytest.mark.parametrize("n_rows", [100, 641, 1000])
def test_neighbors_among_many_rows(n_rows):
    x = torch.randn(n_rows, 6, generator=torch.Generator().manual_seed(0))
    neighbors = nearest_neighbors([x], 10, [1.0])
    unit = torch.nn.functional.normalize(x - x.mean(0), dim=1)
    similarity = (unit @ unit.T).fill_diagonal_(-torch.inf)
    found, expected = similarity.gather(1, neighbors), similarity.topk(10).values
    torch.testing.assert_close(found.sort(1, descending=True).values, expected)


def test_neighbors_do_not_depend_on_the_place_or_scale_of_a_space(spaces):
    moved = [spaces[0] * 1000 + 5, spaces[1] - 70]
    first, second = (nearest_neighbors(z, 4, EQUAL).sort(1).values for z in (spaces, moved))
    assert (first == second).double().mean() > 0.99


def test_averages_are_powers_of_the_graph(spaces, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 100)
    neighbors = nearest_neighbors(spaces, 6, EQUAL)
    graph = torch.eye(90).index_put_(
        (torch.arange(90)[:, None], neighbors), torch.ones(()), accumulate=True
    )
    expected = torch.linalg.matrix_power(graph / 7, N_HOPS) @ spaces[0]
    torch.testing.assert_close(averaged(spaces[0], neighbors), expected)
