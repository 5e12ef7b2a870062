"""Names of clusters."""

import pytest

from sklearn_turtle._input._cluster_names import names_of_clusters


def test_names_are_strings_and_numbers_by_default():
    assert names_of_clusters(None, 3) == ["0", "1", "2"]
    assert names_of_clusters(["a", 7], 2) == ["a", "7"]


def test_each_cluster_needs_a_name():
    with pytest.raises(ValueError, match="names has 1 entries, but there are 2 clusters"):
        names_of_clusters(["a"], 2)
