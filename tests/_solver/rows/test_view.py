import pytest
import torch

from sklearn_turtle._solver import Draws
from sklearn_turtle._solver.rows import _view
from sklearn_turtle._solver.rows._view import RowsInMemory, View, averaged_rows
from tests.support.feature_spaces import feature_spaces

OPTIONS = {"n_components": 5, "n_neighbors": 4, "n_clusters": 4}


@pytest.fixture
def spaces():
    return feature_spaces(60)


def test_without_neighbors_the_restarts_see_the_rows(spaces):
    view = View.of(spaces, Draws(0), **OPTIONS | {"n_neighbors": 0})
    assert view.spaces is view.rows
    assert view.neighbors is None
    assert [space.n_features for space in view.spaces] == [5, 5]


@pytest.mark.parametrize("n_components", [None, 5])
def test_rows_are_the_features_times_the_projection(spaces, n_components):
    view = View.of(spaces, Draws(0), **OPTIONS | {"n_components": n_components})
    for space, rows in zip(spaces, view.rows, strict=True):
        features = space.batch()
        expected = features if n_components is None else features @ rows.projection
        torch.testing.assert_close(rows.batch(), expected)


def test_averages_keep_the_mean_norm_and_their_projection(spaces):
    view = View.of(spaces, Draws(0), **OPTIONS)
    for averages, rows in zip(view.spaces, view.rows, strict=True):
        norms = [one.batch().abs().sum(1).mean() for one in (averages, rows)]
        torch.testing.assert_close(*norms)
        scale = averages.projection / rows.projection
        torch.testing.assert_close(scale, scale[:1, :1].expand_as(scale))
        assert scale[0, 0] > 1


def test_averages_have_the_dtype_of_the_space(spaces):
    narrow = feature_spaces(60, dtype=torch.bfloat16)
    view = View.of(narrow, Draws(0), **OPTIONS)
    assert {space.dtype for space in view.spaces} == {torch.bfloat16}
    assert {space.dtype for space in view.rows} == {torch.float32}


def test_there_are_fewer_neighbors_than_rows():
    view = View.of(feature_spaces(4), Draws(0), **OPTIONS | {"n_neighbors": 10})
    assert view.neighbors.shape == (4, 3)


class TestManyRows:
    @pytest.fixture(autouse=True)
    def few_averages(self, monkeypatch):
        monkeypatch.setattr(_view, "AVERAGED_ROWS", 20)
        monkeypatch.setattr(_view, "AVERAGED_ROWS_PER_CLUSTER", 4)

    def test_their_number_is_bounded(self, spaces):
        assert averaged_rows(4) == 20
        assert averaged_rows(6) == 24
        view = View.of(spaces, Draws(0), **OPTIONS)
        assert view.neighbors.shape == (20, 4)
        assert view.indices[[0, -1]].tolist() == [0, 59]
        for space in (*view.spaces, *view.rows):
            assert space.n_samples == space.shard.n_samples == 20

    @pytest.mark.parametrize("n_wanted", [3, 40])
    def test_wanted_rows_come_first(self, spaces, n_wanted):
        wanted = torch.arange(60 - n_wanted, 60)
        view = View.of(spaces, Draws(0), **OPTIONS, wanted=wanted)
        assert len(view.indices) <= 20
        assert torch.isin(wanted, view.indices).sum() == min(n_wanted, 20)


def test_rows_in_memory_are_rows_of_their_tensor(spaces):
    features = torch.arange(12.0).view(6, 2)
    space = RowsInMemory(features, spaces[0])
    assert torch.equal(space.batch(torch.tensor([4, 1])), features[[4, 1]])
    assert torch.equal(space.batch(slice(2, 4)), features[2:4])
    assert torch.equal(space.batch(), features)
    assert not space.streamed
