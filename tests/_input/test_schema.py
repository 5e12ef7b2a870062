from types import SimpleNamespace

import numpy as np

from sklearn_turtle._input._schema import InputSchema

SCHEMA = InputSchema(5, np.array(list("abcde")), ["x", "y"], [slice(0, 2), np.array([4, 2, 3])])


def test_attributes_hold_the_schema():
    assert InputSchema.of(SimpleNamespace(**SCHEMA.attributes)) == SCHEMA


def test_inputs_without_feature_names():
    schema = InputSchema(5, None, ["x"], [slice(0, 5)])
    assert "feature_names_in_" not in schema.attributes
    assert InputSchema.of(SimpleNamespace(**schema.attributes)) == schema


def test_widths():
    assert [SCHEMA.width(k) for k in range(2)] == [2, 3]
