"""Words of texts in any language."""

import pytest
from sklearn.feature_extraction.text import CountVectorizer

from sklearn_turtle.exploration._words import parts_of, words_of


@pytest.mark.parametrize(
    "text",
    [
        "The quick, brown fox_2 isn't a 4-legged cat.",
        "caf\xe9 na\xefve \xdcBER stra\xdfe",
        "\u043f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440",
        "\uc548\ub155 \uc138\uc0c1",
    ],
)
def test_words_are_those_of_scikit_learn(text):
    assert words_of(text) == CountVectorizer(stop_words="english").build_analyzer()(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\u4f60\u597d\u4e16\u754c", ["\u4f60\u597d", "\u597d\u4e16", "\u4e16\u754c"]),
        ("\u6211", ["\u6211"]),
        ("iPhone\u3092\u8cb7\u3046", ["iphone", "\u3092\u8cb7", "\u8cb7\u3046"]),
        ("\u0e01\u0e32\u0e41\u0e1f", ["\u0e01\u0e32", "\u0e32\u0e41", "\u0e41\u0e1f"]),
        (":-) :-(", [":-)", ":-("]),
        ("1 2", ["1", "2"]),
        ("a", []),  # a stop word
        ("the", []),
        ("", []),
    ],
)
def test_other_texts(text, words):
    assert words_of(text) == words


def test_parts():
    assert parts_of("The  a\n!") == ["the", "a", "!"]
