"""Parameters in JSON."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_turtle.persistence._values import decode, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)


def round_trip(value):
    return decode(json.loads(json.dumps(encode(value), allow_nan=False)))


@settings(deadline=None, max_examples=40)
@given(VALUES)
def test_round_trip(value):
    assert round_trip(value) == value


@pytest.mark.parametrize(
    ("value", "restored"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.array([0.25, 0.75]), [0.25, 0.75]),
        ((1, range(2)), [1, [0, 1]]),
        ([slice(None, np.int64(4)), slice(4, 9, 2)], [slice(None, 4), slice(4, 9, 2)]),
        ({"slice": [1]}, {"slice": [1]}),
    ],
)
def test_round_trip_of_other_types(value, restored):
    assert round_trip(value) == restored


def test_nan():
    assert np.isnan(round_trip(np.nan))


def test_random_state_continues():
    random_state = np.random.RandomState(3)
    random_state.normal()
    restored = round_trip(random_state)
    assert restored.randint(1000, size=5).tolist() == random_state.randint(1000, size=5).tolist()


def test_unsupported_type():
    with pytest.raises(TypeError, match="unsupported type object of <object object"):
        encode([object()])


def test_unknown_kind():
    with pytest.raises(ValueError, match="unknown kind 'code'"):
        decode({"code": "print()"})
