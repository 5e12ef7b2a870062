import pytest
import torch

from sklearn_turtle._solver import Draws, project
from sklearn_turtle._solver.rows import _view
from sklearn_turtle._solver.rows._neighbors import averaged, nearest_neighbors
from sklearn_turtle._solver.rows._view import View, rows_to_average
from tests.support.feature_spaces import feature_spaces

EQUAL = [0.5, 0.5]
ALL = torch.arange(60)


@pytest.fixture
def projected():
    return project(feature_spaces(60), 5, Draws(0))


def test_averages_are_centered_and_keep_the_mean_norm(projected):
    view = View.averaged(projected, EQUAL, ALL, 4)
    for averages, rows in zip(view.spaces, projected, strict=True):
        expected = averaged(rows.batch(), view.neighbors)
        expected -= expected.mean(0)
        expected *= rows.batch().abs().sum(1).mean() / expected.abs().sum(1).mean()
        torch.testing.assert_close(averages.batch(), expected)


def test_neighbors_follow_the_weights_of_the_spaces(projected):
    neighbors = View.averaged(projected, [0.9, 0.1], ALL, 4).neighbors
    expected = nearest_neighbors([space.batch() for space in projected], 4, [0.9, 0.1])
    assert torch.equal(neighbors, expected)
    assert not torch.equal(neighbors, View.averaged(projected, EQUAL, ALL, 4).neighbors)


def test_a_labeling_of_averages_is_one_of_rows(projected):
    view = View.averaged(projected, EQUAL, ALL, 4)
    for averages, rows in zip(view.spaces, projected, strict=True):
        scale = (averages.projection / rows.projection).median()
        assert scale > 0.9
        torch.testing.assert_close(averages.projection, scale * rows.projection)


def test_averages_have_the_dtype_of_the_space():
    narrow = feature_spaces(60, dtype=torch.bfloat16)
    view = View.averaged(narrow, EQUAL, ALL, 4)
    assert {space.dtype for space in view.spaces} == {torch.bfloat16}


def test_there_are_fewer_neighbors_than_rows():
    view = View.averaged(feature_spaces(4), EQUAL, torch.arange(4), 10)
    assert view.neighbors.shape == (4, 3)


def test_averages_are_those_of_some_rows(projected):
    some = torch.arange(0, 60, 3)
    view = View.averaged(projected, EQUAL, some, 4)
    assert view.neighbors.shape == (20, 4)
    assert torch.equal(view.indices, some)
    for space in view.spaces:
        assert space.n_samples == space.shard.n_samples == 20


class TestManyRows:
    @pytest.fixture(autouse=True)
    def few_averages(self, monkeypatch):
        monkeypatch.setattr(_view, "AVERAGED_ROWS", 20)
        monkeypatch.setattr(_view, "AVERAGED_ROWS_PER_CLUSTER", 4)

    def test_their_number_is_bounded(self):
        assert rows_to_average(60, 4)[[0, -1]].tolist() == [0, 59]
        assert [len(rows_to_average(60, n_clusters)) for n_clusters in (4, 6)] == [20, 24]

    @pytest.mark.parametrize("n_wanted", [3, 40])
    def test_wanted_rows_come_first(self, n_wanted):
        wanted = torch.arange(60 - n_wanted, 60)
        indices = rows_to_average(60, 4, wanted)
        assert len(indices) <= 20
        assert torch.equal(indices, indices.sort().values)
        assert torch.isin(wanted, indices).sum() == min(n_wanted, 20)


def test_averages_are_read_by_index(projected):
    (space, _) = View.averaged(projected, EQUAL, ALL, 4).spaces
    rows = space.batch()
    assert torch.equal(space.batch(torch.tensor([4, 1])), rows[[4, 1]])
    assert torch.equal(space.batch(slice(2, 4)), rows[2:4])
    assert not space.streamed
