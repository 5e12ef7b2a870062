import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from sklearn_turtle._input._scaling import SCALED_L1_NORM, Standardization, standardized_spaces
from sklearn_turtle._input._spaces import spaces_of_collection
from tests.support.two_spaces import small_turtle, two_spaces

CPU = torch.device("cpu")
SPACES, _ = two_spaces()


@pytest.fixture
def mapped(tmp_path):
    for k, x in enumerate(SPACES):
        np.save(tmp_path / f"{k}.npy", x)
    return [np.load(tmp_path / f"{k}.npy", mmap_mode="r") for k in range(len(SPACES))]


def standardized(X, scaling="l1", precision=torch.float32, **options):
    return standardized_spaces(spaces_of_collection(X), scaling, CPU, precision, **options)


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_spaces_are_centered_and_have_the_same_norm(mapped, precision):
    for space in standardized(mapped, precision=precision):
        z = space.batch()
        assert z.dtype == precision
        assert z.float().abs().sum(1).mean() == pytest.approx(SCALED_L1_NORM, rel=1e-2)
        assert z.float().mean(0).abs().max() < 1


def test_features_stay_raw_without_scaling(mapped):
    for space, x in zip(standardized(mapped, scaling=None), SPACES, strict=True):
        assert_array_equal(space.batch().numpy(), x)


def test_standardization_of_other_rows():
    like = [Standardization(torch.zeros(12, dtype=torch.float64), 2.0), Standardization(None, 3.0)]
    a, b = standardized(SPACES, like=like)
    assert_array_equal(a.batch().numpy(), 2 * SPACES[0])
    assert_array_equal(b.batch().numpy(), 3 * SPACES[1])


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.full((9, 3), 0.1), "'space0' is constant"),
        (np.hstack([SPACES[0], np.full((240, 1), 1e30)]), "'space0' is constant.*its constant"),
        (np.full((9, 3), 1.7e308), "'space0' has values too large for float64"),
        (np.full((9, 3), np.nan), "NaN: space 'space0', first in row 0"),
    ],
)
def test_unusable_spaces_are_refused(x, message):
    with pytest.raises(ValueError, match=message):
        standardized([x])


def test_only_finite_rows_with_a_given_standardization():
    with pytest.raises(ValueError, match="NaN: space 'space0'"):
        standardized([np.full((9, 3), np.nan)], like=[Standardization(None, 1.0)])


def test_maps_are_streamed(mapped):
    assert [space.streamed for space in standardized(mapped)] == [True, True]
    assert [space.streamed for space in standardized([x[:100] for x in mapped])] == [True, True]
    assert [space.streamed for space in standardized(SPACES)] == [False, False]


def test_a_fit_to_maps_equals_a_fit_in_memory(mapped, monkeypatch, capsys):
    # a batch of all rows: smaller batches are drawn in blocks of rows from maps
    parameters = {"precision": "float32", "batch_size": 240, "max_iter": 20, "polish_iter": 5}
    expected = small_turtle(**parameters).fit(SPACES)
    monkeypatch.setattr("sklearn_turtle._solver.strategy._groups.HELD_BYTES", 0)
    fitted = small_turtle(**parameters, verbose=1).fit(mapped)
    assert "space 'space0' is streamed" in capsys.readouterr().out
    assert_array_equal(fitted.labels_, expected.labels_)
    for coef, expected_coef in zip(fitted.coef_, expected.coef_, strict=True):
        assert_array_equal(coef, expected_coef)
