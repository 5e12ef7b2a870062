"""Distinct names for clusters."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import normalize

from sklearn_turtle import TurtleClustering
from sklearn_turtle.exploration import cluster_representatives, name_clusters
from sklearn_turtle.metrics import match_clusters
from tests.support.class_embeddings import digits_with_class_embeddings
from tests.support.given import Given

X = np.array([[3.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 5.0]])
TEXTS = ["purr meow", "purr", "bark", "bark fetch"]


def test_classes_worked_out_by_hand():
    # both clusters are closest to the first class; the sum is largest if 0 takes the second
    embeddings = np.array([[1.0, 1.0], [1.0, -0.1], [-1.0, -1.0]])
    found = name_clusters(
        Given([0, 0, 1, 1]), X, class_embeddings=embeddings, classes=["pet", "cat", "emu"]
    )
    assert found.names == ["cat", "pet"]
    np.testing.assert_allclose(found.scores, [1 / np.sqrt(1.01), 1 / np.sqrt(2)])


def test_means_are_of_samples_of_unit_norm():
    # without scaling, the long sample would decide
    rows = np.array([[100.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    found = name_clusters(
        Given([0, 0, 0]), rows, class_embeddings=np.eye(2), classes=["wide", "high"]
    )
    assert found.names == ["high"]
    assert found.scores[0] == pytest.approx(2 / np.sqrt(5))


def test_digits_are_named_by_noisy_class_embeddings():
    X, y, class_embeddings = digits_with_class_embeddings(noise=0.2, seed=0)
    X, y = X[:1200], y[:1200]
    turtle = TurtleClustering(10, n_init=8, polish_iter=40, device="cpu", random_state=0).fit(X)
    classes = [f"digit {digit}" for digit in range(10)]
    found = name_clusters(turtle, X, class_embeddings=class_embeddings, classes=classes)
    assert sorted(found.names) == classes
    expected = match_clusters(y, turtle.labels_)
    # if a cluster mixes digits, the matching and the names may differ
    mostly = [c for c in range(10) if (y[turtle.labels_ == c] == expected[c]).mean() > 0.5]
    assert len(mostly) >= 8
    assert [found.names[c] for c in mostly] == [f"digit {expected[c]}" for c in mostly]
    for cluster, (name, score) in enumerate(zip(found.names, found.scores, strict=True)):
        mean = normalize(X)[turtle.labels_ == cluster].mean(0)
        embedding = class_embeddings[classes.index(name)]
        cosine = mean @ embedding / np.linalg.norm(mean) / np.linalg.norm(embedding)
        assert score == pytest.approx(cosine, abs=1e-5)


def test_the_space_of_the_embeddings_is_found():
    spaces = {"image": np.ones((4, 3)), "text": X}
    arguments = {"class_embeddings": torch.eye(2), "classes": ["cat", "dog"]}
    for space in ("text", 1, -1):
        names = name_clusters(Given([0, 0, 1, 1]), spaces, space=space, **arguments).names
        assert names == ["cat", "dog"]
    with pytest.raises(ValueError, match="space=None does not name one"):
        name_clusters(Given([0, 0, 1, 1]), spaces, **arguments)
    with pytest.raises(ValueError, match="2 features, but space 'image' of X has 3"):
        name_clusters(Given([0, 0, 1, 1]), spaces, space="image", **arguments)


def test_keywords_make_names():
    found = name_clusters(Given([0, 0, 1, 1]), X, texts=TEXTS)
    assert found.names == ["purr, meow", "bark, fetch"]
    # three words per cluster; purr occurs twice in all texts
    np.testing.assert_allclose(found.scores, 2 / 3 * np.log(1 + 3 / 2))
    assert name_clusters(Given([0, 0, 1, 1]), X, texts=TEXTS, n_words=1).names == ["purr", "bark"]


def test_rejected_samples_name_nothing():
    X = np.repeat(np.eye(2), 3, axis=0)
    rejecting = Given([0, 0, -1, 1, 1, -1])
    texts = ["meow", "meow purr", "woof woof woof", "woof", "woof", "sea"]
    assert name_clusters(rejecting, X, texts=texts).names == ["meow, purr", "woof"]
    seen = []
    name_clusters(rejecting, X, texts=texts, namer=lambda *given: seen.append(given) or "name")
    assert seen == [(["meow", "meow purr"], ["meow", "purr"]), (["woof", "woof"], ["woof"])]
    embeddings = [[0.0, 1.0], [1.0, 0.0]]
    named = name_clusters(rejecting, X, class_embeddings=embeddings, classes=["dog", "cat"])
    assert named.names == ["cat", "dog"]


def test_first_words_are_distinct():
    # "red" is the heaviest word of both, and the only word of the second
    found = name_clusters(Given([0, 0, 1, 1]), X, texts=["red red", "car", "red red red", "red"])
    assert found.names == ["car, red", "red"]


def test_clusters_without_words_or_samples_are_named_by_their_numbers():
    found = name_clusters(Given([0, 0, 2, 2], n_clusters=4), X, texts=["cat", "the", "a", "of"])
    assert found.names == ["cat", "cluster 1", "cluster 2", "cluster 3"]
    assert np.isnan(found.scores).tolist() == [False, True, True, True]
    # only one of two clusters gets the only word
    shared = name_clusters(Given([0, 0, 1, 1]), X, texts=["cat"] * 4)
    assert sorted(shared.names) in (["cat", "cluster 0"], ["cat", "cluster 1"])
    found = name_clusters(
        Given([0, 0, 2, 2]), X, class_embeddings=np.eye(2), classes=["cat", "dog"]
    )
    assert found.names == ["cat", "cluster 1", "dog"]


def test_texts_without_any_word():
    assert name_clusters(Given([0, 0, 1, 1]), X, texts=["!!!"] * 2 + ["?"] * 2).names == [
        "!!!",
        "?",
    ]
    empty = name_clusters(Given([0, 0, 1, 1]), X, texts=[""] * 4)
    assert empty.names == ["cluster 0", "cluster 1"]


def test_a_missing_text():
    with pytest.raises(ValueError, match=r"texts\[2\] is nan, but every sample needs a text"):
        name_clusters(Given([0, 0, 1, 1]), X, texts=["a", "b", np.nan, "c"])


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(["cat", "dog", "cat dog emu", "the", "emu"])),
        min_size=1,
        max_size=12,
    )
)
def test_names_are_always_distinct(rows):
    labels, texts = zip(*rows, strict=True)
    if set(texts) == {"the"}:
        return
    found = name_clusters(Given(labels), np.arange(len(labels))[:, None], texts=list(texts))
    assert len(set(found.names)) == len(found.names) == max(labels) + 1 == len(found.scores)


def test_a_namer_gets_typical_texts_and_keywords():
    calls = []

    def namer(representatives, keywords):
        calls.append((representatives, keywords))
        return f" {keywords[0]}s ", 0.5

    given = Given([0, 0, 2, 2])
    found = name_clusters(given, X, texts=TEXTS, namer=namer, n_representatives=1, n_keywords=1)
    assert found.names == ["purrs", "cluster 1", "barks"]
    np.testing.assert_array_equal(found.scores, [0.5, np.nan, 0.5])
    typical = cluster_representatives(given, X, 1)
    assert calls == [
        ([TEXTS[typical[0][0]]], ["purr"]),
        ([TEXTS[typical[2][0]]], ["bark"]),
    ]


def test_texts_may_be_a_column_of_a_frame():
    column = pd.Series(TEXTS, index=[7, 5, 3, 1])
    representatives_seen = []

    def namer(representatives, keywords):
        representatives_seen.extend(representatives)
        return keywords[0]

    found = name_clusters(Given([0, 0, 1, 1]), X, texts=column, namer=namer)
    assert found.names == ["purr", "bark"]
    assert sorted(representatives_seen) == sorted(TEXTS)


def test_a_namer_of_rows_and_repeated_names():
    calls = []

    def namer(representatives, keywords):
        calls.append((representatives, keywords))
        return "animal"

    found = name_clusters(Given([0, 1, 2, 2]), X, namer=namer)
    assert found.names == ["animal", "animal (2)", "animal (3)"]
    assert np.isnan(found.scores).all()
    assert calls == [([0], []), ([1], []), ([2, 3], [])]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "a source of names"),
        ({"classes": ["cat"]}, "go together"),
        ({"class_embeddings": np.eye(2)}, "go together"),
        (
            {"class_embeddings": np.eye(2), "classes": ["cat", "dog"], "texts": TEXTS},
            "without texts and namer",
        ),
        ({"class_embeddings": np.eye(2)[:1], "classes": ["cat"]}, "only 1 classes for 2 clusters"),
        ({"class_embeddings": np.eye(2), "classes": ["cat", "cat"]}, "not distinct"),
        ({"texts": TEXTS[:3]}, "texts has 3 entries, but X has 4 samples"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ValueError, match=message):
        name_clusters(Given([0, 0, 1, 1]), X, **arguments)


@pytest.mark.parametrize("answer", [None, "", (3, 0.5)])
def test_a_namer_must_return_a_name(answer):
    with pytest.raises(TypeError, match="for cluster 0 it returned"):
        name_clusters(Given([0, 0, 1, 1]), X, namer=lambda representatives, keywords: answer)
