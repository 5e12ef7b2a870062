"""Methods by name."""

import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle.paper.baselines import (
    GDA,
    HUME,
    POUF,
    UPL,
    LinearProbe,
    SpacesKMeans,
    ZeroShotClassifier,
)
from sklearn_turtle.paper.benchmark._methods import known_methods, parse_method

TEXTS = [[1.0, 0.0], [0.0, 1.0]]


def test_parameters_of_turtle():
    turtle = known_methods({"gamma": 3.0})["turtle"].make(7, 5)
    assert isinstance(turtle, TurtleClustering)
    assert (turtle.n_clusters, turtle.random_state, turtle.gamma) == (7, 5, 3.0)


@pytest.mark.parametrize(("name", "estimator"), [("kmeans", SpacesKMeans), ("hume", HUME)])
def test_clusterings_receive_the_number_of_clusters(name, estimator):
    method = known_methods()[name]
    made = method.make(7, 5)
    assert method.supervision == "none"
    assert type(made) is estimator
    assert (made.n_clusters, made.random_state) == (7, 5)


def test_linear_probe_has_labels():
    method = known_methods()["linear-probe"]
    assert method.supervision == "labels"
    assert method.make(7, 5).get_params() == LinearProbe(random_state=5).get_params()


@pytest.mark.parametrize(
    ("name", "estimator"),
    [("zero-shot", ZeroShotClassifier), ("upl", UPL), ("pouf", POUF), ("gda", GDA)],
)
def test_classifiers_receive_class_embeddings(name, estimator):
    method = known_methods()[name]
    made = method.make(TEXTS, 5)
    assert method.supervision == "class names"
    assert type(made) is estimator
    assert made.class_embeddings == TEXTS
    assert getattr(made, "random_state", 5) == 5


def test_suffix_for_each_space_separately():
    known = known_methods()
    method = parse_method("kmeans-1", known)
    assert (method.name, method.one_space) == ("kmeans-1", True)
    assert method.make is known["kmeans"].make
    assert parse_method("kmeans", known) is known["kmeans"]


@pytest.mark.parametrize("name", ["kmean", "kmean-1", "-1", ""])
def test_unknown_method(name):
    with pytest.raises(ValueError, match=f"unknown method '{name}'; choose from turtle, kmeans"):
        parse_method(name, known_methods())
