"""Keywords of clusters."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from sklearn_turtle.exploration import cluster_keywords

TEXTS = ["apple apple pie", "apple car", "car car", "pie"]


def test_weights_worked_out_by_hand():
    # counts: apple 3, pie 1, car 1 in cluster 0; car 2, pie 1 in cluster 1; on average 4 words
    keywords = cluster_keywords([0, 0, 1, 1], TEXTS)
    expected = [
        {
            "apple": 3 / 5 * np.log(1 + 4 / 3),
            "pie": 1 / 5 * np.log(1 + 4 / 2),
            "car": 1 / 5 * np.log(1 + 4 / 3),
        },
        {"car": 2 / 3 * np.log(1 + 4 / 3), "pie": 1 / 3 * np.log(1 + 4 / 2)},
    ]
    assert [[word for word, _ in of_cluster] for of_cluster in keywords] == [
        ["apple", "pie", "car"],
        ["car", "pie"],
    ]
    for of_cluster, weights in zip(keywords, expected, strict=True):
        assert dict(of_cluster) == pytest.approx(weights)


def test_a_cluster_without_words_has_no_keywords():
    keywords = cluster_keywords([0, 1, 3], ["apple", "the", "car"], 1)
    assert [[word for word, _ in of_cluster] for of_cluster in keywords] == [
        ["apple"],
        [],
        [],
        ["car"],
    ]


def test_texts_of_rejected_rows_are_left_out():
    labels, texts = [0, -1, 0, 1, -1, 1], ["apple apple pie", "sea", *TEXTS[1:3], None, "pie"]
    assert cluster_keywords(labels, texts) == cluster_keywords([0, 0, 1, 1], TEXTS)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["!!!", "???"], ["!!!", "???"]),
        (["1 2 2", "3"], ["2", "3"]),
        (["the", "of"], ["the", "of"]),
        (["\u82f9\u679c\u624b\u673a", "\u4e70\u6c7d\u8f66"], ["\u624b\u673a", "\u4e70\u6c7d"]),
    ],
)
def test_texts_without_words(texts, expected):
    keywords = cluster_keywords([0, 1], texts, 1)
    assert [[word for word, _ in of_cluster] for of_cluster in keywords] == [[w] for w in expected]


def test_empty_texts_have_no_keywords():
    assert cluster_keywords([0, 1], ["", " "]) == [[], []]


def test_a_given_vectorizer_counts_and_is_not_changed():
    vectorizer = CountVectorizer(ngram_range=(2, 2))
    keywords = cluster_keywords([0, 0, 1, 1], TEXTS, vectorizer=vectorizer)
    assert keywords[1] == [("car car", pytest.approx(np.log(1 + 2 / 1)))]
    assert not hasattr(vectorizer, "vocabulary_")
    fixed = CountVectorizer(vocabulary=["plum", "car"])
    assert cluster_keywords([0, 1], ["plum", "pie"], vectorizer=fixed)[1] == []
    assert cluster_keywords([0, 1], ["a b", "b"], vectorizer=fixed) == [[], []]
    assert cluster_keywords([0, 1], TEXTS[:2], 1, vectorizer=TfidfVectorizer())[0][0][0] == "apple"


def test_arguments_are_checked():
    with pytest.raises(ValueError, match="labels has 1 entries, but there are 4 texts"):
        cluster_keywords([0], TEXTS)
    with pytest.raises(ValueError, match=r"labels must number clusters from 0, .* found \[-3\]"):
        cluster_keywords([0, 0, -3, 1], TEXTS)
    with pytest.raises(ValueError, match=r"labels rejects all 4 samples"):
        cluster_keywords([-1] * 4, TEXTS)
    with pytest.raises(ValueError, match="empty vocabulary"):
        cluster_keywords([0, 1], ["the", "a"], vectorizer=CountVectorizer(stop_words="english"))
    with pytest.raises(ValueError, match=r"texts\[1\] is None, but every sample needs a text"):
        cluster_keywords([0, 1], ["the", None])
    with pytest.raises(ValueError, match=r"texts\[1\] is 3, which is no text"):
        cluster_keywords([0, 1], ["the", 3])
    with pytest.raises(ValueError, match="n_keywords"):
        cluster_keywords([0], ["apple"], 0)
