import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_turtle._input._class_embeddings import name_of_space, read_class_embeddings

EMBEDDINGS = np.random.default_rng(0).normal(size=(3, 6))
UNIT = EMBEDDINGS / np.linalg.norm(EMBEDDINGS, axis=1, keepdims=True)


@pytest.mark.parametrize("as_given", [np.asarray, list, torch.tensor, lambda x: x[:, None]])
def test_embeddings_have_unit_norm(as_given):
    embeddings, classes, order = read_class_embeddings(as_given(EMBEDDINGS), None, ("clip", 6))
    assert embeddings.dtype == torch.float64
    assert_allclose(embeddings, UNIT)
    assert_array_equal(classes, [0, 1, 2])
    assert_array_equal(order, [0, 1, 2])


def test_classes_are_sorted():
    embeddings, classes, order = read_class_embeddings(EMBEDDINGS, ["newt", "ant", "cow"])
    assert classes.tolist() == ["ant", "cow", "newt"]
    assert_array_equal(order, [1, 2, 0])
    assert_allclose(embeddings, UNIT[order])


def test_templates_are_averaged():
    templates = np.stack([EMBEDDINGS, 3 * EMBEDDINGS], axis=1)
    assert_allclose(read_class_embeddings(templates, None)[0], UNIT)


@pytest.mark.parametrize(
    ("embeddings", "message"),
    [
        (EMBEDDINGS[0], "Expected 2D array"),
        (EMBEDDINGS[None, None], "must have the shape"),
        (np.empty((3, 0, 6)), "0 feature|not be empty"),
        (EMBEDDINGS[:, :5], "have 5 features, but space 'clip' of X has 6"),
        (EMBEDDINGS * [[1], [0], [1]], r"class_embeddings\[1\] has no direction"),
        (np.stack([EMBEDDINGS, -EMBEDDINGS], 1), r"\[0\] has no direction.*cancel"),
        (EMBEDDINGS * np.nan, "class_embeddings contains NaN"),
    ],
)
def test_malformed_embeddings(embeddings, message):
    with pytest.raises(ValueError, match=message):
        read_class_embeddings(embeddings, None, ("clip", 6))


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        (["ant", "bee"], "classes has 2 entries, but class_embeddings has 3"),
        (["ant", "bee", "ant"], "not distinct"),
    ],
)
def test_malformed_classes(classes, message):
    with pytest.raises(ValueError, match=message):
        read_class_embeddings(EMBEDDINGS, classes)


@pytest.mark.parametrize(
    ("space", "names", "expected"),
    [
        (None, ["clip"], "clip"),
        ("dino", ["clip", "dino"], "dino"),
        (1, ["clip", "dino"], "dino"),
        (-2, ["clip", "dino"], "clip"),
    ],
)
def test_name_of_space(space, names, expected):
    assert name_of_space(space, names) == expected


@pytest.mark.parametrize("space", [None, 2, -3, "dimo"])
def test_unknown_space(space):
    with pytest.raises(ValueError, match=r"does not name one of the spaces of X.*'clip', 'dino'"):
        name_of_space(space, ["clip", "dino"])
