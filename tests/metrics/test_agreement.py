"""Agreement between labelings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle.metrics import agreement_matrix, stability


def test_stability_of_known_labelings():
    assert stability([[0, 0, 1, 1], [1, 1, 0, 0], [5, 5, 3, 3]]) == 1
    assert stability([[0, 0, 1, 1], [0, 1, 0, 1]]) < 0.1
    assert np.isnan(stability([[0, 1]]))


@settings(max_examples=50)
@given(
    st.integers(1, 12).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(-2, 3), min_size=n, max_size=n), min_size=2, max_size=4
        )
    )
)
def test_agreement_is_the_adjusted_rand_index_of_each_pair(labelings):
    agreement = agreement_matrix(labelings)
    expected = [[adjusted_rand_score(a, b) for b in labelings] for a in labelings]
    np.testing.assert_allclose(agreement, expected, atol=1e-12)
    assert stability(labelings) == pytest.approx(
        np.mean([expected[i][j] for i in range(len(labelings)) for j in range(i)])
    )
