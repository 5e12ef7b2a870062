import pytest
import torch

from sklearn_turtle._solver import Draws, project
from sklearn_turtle._solver.rows import _view
from sklearn_turtle._solver.rows._neighbors import averaged
from sklearn_turtle._solver.rows._view import View, averaged_rows
from tests.support.feature_spaces import feature_spaces

OPTIONS = {"n_components": 5, "n_neighbors": 4, "n_clusters": 4}


@pytest.fixture
def spaces():
    return feature_spaces(60)


def test_without_neighbors_the_restarts_see_the_rows(spaces):
    view = View.of(spaces, Draws(0), **OPTIONS | {"n_neighbors": 0})
    assert view.neighbors is None
    assert view.indices is None
    assert [space.n_features for space in view.spaces] == [5, 5]


@pytest.mark.parametrize("n_components", [None, 5])
def test_averages_are_centered_and_keep_the_mean_norm(spaces, n_components):
    view = View.of(spaces, Draws(0), **OPTIONS | {"n_components": n_components})
    projected = project(spaces, n_components, Draws(0))
    for averages, rows in zip(view.spaces, projected, strict=True):
        expected = averaged(rows.batch(), view.neighbors)
        expected -= expected.mean(0)
        expected *= rows.batch().abs().sum(1).mean() / expected.abs().sum(1).mean()
        torch.testing.assert_close(averages.batch(), expected)


def test_a_labeling_of_averages_is_one_of_rows(spaces):
    view = View.of(spaces, Draws(0), **OPTIONS)
    for averages, rows in zip(view.spaces, project(spaces, 5, Draws(0)), strict=True):
        scale = (averages.projection / rows.projection).median()
        assert scale > 0.9
        torch.testing.assert_close(averages.projection, scale * rows.projection)


def test_averages_have_the_dtype_of_the_space(spaces):
    narrow = feature_spaces(60, dtype=torch.bfloat16)
    view = View.of(narrow, Draws(0), **OPTIONS)
    assert {space.dtype for space in view.spaces} == {torch.bfloat16}


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
        for space in view.spaces:
            assert space.n_samples == space.shard.n_samples == 20

    @pytest.mark.parametrize("n_wanted", [3, 40])
    def test_wanted_rows_come_first(self, spaces, n_wanted):
        wanted = torch.arange(60 - n_wanted, 60)
        view = View.of(spaces, Draws(0), **OPTIONS, wanted=wanted)
        assert len(view.indices) <= 20
        assert torch.isin(wanted, view.indices).sum() == min(n_wanted, 20)


def test_averages_are_read_by_index(spaces):
    (space, _) = View.of(spaces, Draws(0), **OPTIONS).spaces
    rows = space.batch()
    assert torch.equal(space.batch(torch.tensor([4, 1])), rows[[4, 1]])
    assert torch.equal(space.batch(slice(2, 4)), rows[2:4])
    assert not space.streamed
