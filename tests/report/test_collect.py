"""Key figures and the warning of a report."""

import numpy as np
import pytest

from tests.support.given import Given


def test_facts_and_rows_with_empty_clusters(write_page):
    probabilities = [[0.9, 0, 0.1, 0], [0.1, 0, 0.9, 0], [0.2, 0, 0.8, 0]]
    page = write_page(Given(probabilities=probabilities), np.eye(3))
    assert page.facts["Clusters"] == "4 (2 empty)"
    assert [row[2] for row in page.rows] == ["1", "0", "2", "0"]
    assert [row[5] for row in page.rows] == ["0.90", "–", "0.85", "–"]  # noqa: RUF001
    assert page.texts("li") == ["sample 0", "sample 1", "sample 2"]


@pytest.mark.parametrize(("stability", "n_warnings"), [(0.12, 1), (0.9, 0), (np.nan, 0)])
def test_warning_if_the_restarts_hardly_agree(write_page, stability, n_warnings):
    given = Given(probabilities=np.eye(3))
    given.stability_ = stability
    page = write_page(given, np.eye(3))
    notes = page.texts("p", role="note")
    assert len(notes) == n_warnings
    assert all(f"stability {stability:.2f}" in note for note in notes)
    assert page.facts.get("Stability", "nan") == f"{stability:.2f}"
