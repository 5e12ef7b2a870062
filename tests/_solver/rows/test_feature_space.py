import pytest
import torch

from sklearn_turtle._solver import FeatureSpace, Shard
from sklearn_turtle._solver.rows._feature_space import RowsOfSpace, prepare_small
from tests.support.processes import OneOfSeveral
from tests.support.small_device import SmallDevice

X = torch.arange(24.0).view(8, 3)


@pytest.mark.parametrize("rows", [None, slice(2, 5), torch.tensor([4, 0])])
@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("prepare", [False, True])
def test_batches_are_standardized(rows, standardize, prepare):
    x = X.clone()
    options = {"shift": torch.tensor([1.0, 2.0, 3.0]), "scale": 0.5} if standardize else {}
    space = FeatureSpace(x, **options)
    if prepare:
        space.prepare()
    batch = space.batch(rows)
    expected = X[slice(None) if rows is None else rows]
    if standardize:
        expected = (expected - torch.tensor([1.0, 2.0, 3.0])) * 0.5
    assert torch.equal(batch, expected)
    assert torch.equal(x, X)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_rows_are_standardized_before_they_are_narrowed(dtype):
    x = torch.tensor([[1e200, 1e6 + 0.25], [3e200, 1e6 - 0.25]], dtype=torch.float64)
    space = FeatureSpace(x[:, :1], shift=x[:, :1].mean(0), scale=1e-200, dtype=dtype)
    torch.testing.assert_close(space.batch(), torch.tensor([[-1.0], [1.0]], dtype=dtype))
    space = FeatureSpace(x[:, 1:], shift=x[:, 1:].mean(0), dtype=dtype)
    torch.testing.assert_close(space.batch(), torch.tensor([[0.25], [-0.25]], dtype=dtype))


def test_integers_become_floats():
    assert torch.equal(FeatureSpace(X.to(torch.int16)).batch(), X)


def test_prepared_rows_can_be_released():
    space = FeatureSpace(X, streamed=True)
    assert space.streamed
    space.prepare()
    assert not space.streamed
    space.release()
    assert space.streamed
    assert torch.equal(space.batch(), X)


@pytest.mark.parametrize(("max_bytes", "prepared"), [(192, True), (191, False)])
def test_spaces_are_prepared_if_all_of_them_are_small(max_bytes, prepared):
    spaces = [FeatureSpace(X, streamed=True) for _ in range(2)]  # 96 bytes each
    prepare_small(spaces, max_bytes)
    assert [space.streamed for space in spaces] == [not prepared] * 2


def test_no_space_is_prepared_if_memory_runs_out():
    class Large(FeatureSpace):
        def prepare(self):
            SmallDevice(0).hold(self.features)

    spaces = [FeatureSpace(X, streamed=True), Large(X, streamed=True)]
    with pytest.warns(UserWarning, match="rows are computed when they are drawn"):
        prepare_small(spaces, 1000)
    assert [space.streamed for space in spaces] == [True, True]


def test_gathered_rows_are_float32_at_least():
    space = FeatureSpace(X, dtype=torch.bfloat16)
    gathered = space.gathered(torch.tensor([5, 1]))
    assert gathered.dtype == torch.float32
    assert torch.equal(gathered, X[[5, 1]])


def test_gathered_rows_are_numbered_over_all_processes():
    shard = Shard(8, OneOfSeveral(1, {0: 3, 1: None}))
    gathered = FeatureSpace(X, shard=shard).gathered(torch.tensor([4, 1]))
    # the values of the other process are not summed here and stay 0
    assert torch.equal(gathered, torch.stack([X[1], torch.zeros(3)]))


@pytest.mark.parametrize("prepare", [False, True])
def test_some_rows_form_a_space(prepare):
    space = FeatureSpace(X, shift=torch.ones(3), scale=0.5)
    if prepare:
        space.prepare()
    rows = torch.tensor([1, 4, 5, 7])
    some = RowsOfSpace(space, rows)
    expected = space.batch(rows)
    assert (some.n_samples, some.n_features, some.dtype) == (4, 3, torch.float32)
    torch.testing.assert_close(some.batch(), expected)
    torch.testing.assert_close(some.batch(slice(1, 3)), expected[1:3])
    torch.testing.assert_close(some.batch(torch.tensor([3, 0])), expected[[3, 0]])
    torch.testing.assert_close(some.gathered(torch.tensor([2])), expected[[2]])


def test_some_rows_are_streamed_like_their_space():
    space = FeatureSpace(X, streamed=True)
    assert RowsOfSpace(space, torch.arange(3)).streamed
    space.prepare()
    assert not RowsOfSpace(space, torch.arange(3)).streamed
