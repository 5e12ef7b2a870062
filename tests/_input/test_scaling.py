"""What the solver reads: scaled, from memory or streamed."""

import numpy as np
import pytest
import torch

from sklearn_turtle._input._scaling import SCALED_L1_NORM, standardized_spaces
from sklearn_turtle._input._spaces import spaces_of_collection
from tests.support.two_spaces import small_turtle, two_spaces

CPU = torch.device("cpu")


@pytest.fixture
def mapped(tmp_path):
    spaces, _ = two_spaces()
    for k, x in enumerate(spaces):
        np.save(tmp_path / f"{k}.npy", x)
    return [np.load(tmp_path / f"{k}.npy", mmap_mode="r") for k in range(len(spaces))]


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_every_space_is_centered_and_has_the_same_norm(mapped, precision):
    for space in standardized_spaces(spaces_of_collection(mapped), "l1", CPU, precision):
        z = space.batch()
        assert z.dtype == precision
        assert z.float().abs().sum(1).mean() == pytest.approx(SCALED_L1_NORM, rel=1e-2)
        assert z.float().mean(0).abs().max() < 1


def test_without_scaling_features_are_as_they_are(mapped):
    for space, x in zip(
        standardized_spaces(spaces_of_collection(mapped), None, CPU, torch.float32),
        mapped,
        strict=True,
    ):
        np.testing.assert_array_equal(space.batch().numpy(), x)


def test_maps_are_streamed_and_fit_as_if_they_were_in_memory(mapped, monkeypatch, capsys):
    in_memory = [np.array(x) for x in mapped]

    def streamed(matrices):
        spaces = standardized_spaces(spaces_of_collection(matrices), "l1", CPU, torch.float32)
        return [space.streamed for space in spaces]

    # the same mini-batches: smaller ones would be drawn in blocks of rows from the maps
    all_rows = {"precision": "float32", "batch_size": len(in_memory[0])}
    expected = small_turtle(**all_rows).fit(in_memory)
    monkeypatch.setattr("sklearn_turtle._solver.strategy._groups.HELD_BYTES", 0)
    assert streamed(mapped) == [True, True]
    assert streamed([x[:100] for x in mapped]) == [True, True]
    assert streamed(in_memory) == [False, False]
    fitted = small_turtle(**all_rows, verbose=1).fit(mapped)
    assert "space 'space0' is streamed" in capsys.readouterr().out
    np.testing.assert_array_equal(fitted.labels_, expected.labels_)
    for a, b in zip(fitted.coef_, expected.coef_, strict=True):
        np.testing.assert_array_equal(a, b)
