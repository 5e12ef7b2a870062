"""Quantities that follow from the settings."""

import pytest

from tests.support.hume_settings import hume_settings


def test_annealing_divides_by_ten_at_each_milestone():
    settings = hume_settings(annealing_steps=(2, 5))
    factors = [settings.annealing(step) for step in (0, 1, 2, 4, 5, 9)]
    assert factors == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])
    assert hume_settings(annealing_steps=()).annealing(999) == 1


def test_subset_has_at_most_all_rows():
    assert hume_settings(subset_size=20).n_rows(30) == 20
    assert hume_settings(subset_size=20).n_rows(7) == 7


@pytest.mark.parametrize(
    ("n_rows", "fraction", "n_train"),
    [(20, 0.25, 15), (20, 0.001, 19), (20, 0.999, 1), (2, 0.5, 1)],
)
def test_both_parts_of_a_subset_have_rows(n_rows, fraction, n_train):
    assert hume_settings(validation_fraction=fraction).n_train(n_rows) == n_train
