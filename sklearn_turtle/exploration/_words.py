"""Split texts of any language into words."""

import re

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

# Characters of scripts without spaces between words: Thai, Lao, Tibetan, Burmese, Khmer, Japanese
# and Chinese.
_WITHOUT_SPACES = (
    "\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0002fa1f"
)
_TOKENS = re.compile(rf"[{_WITHOUT_SPACES}]+|[^\W{_WITHOUT_SPACES}]{{2,}}")
_IS_WITHOUT_SPACES = re.compile(f"[{_WITHOUT_SPACES}]")


def words_of(text: str) -> list[str]:
    """Split a text into words without English stop words.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        In lower case. Words have at least two letters or digits. In scripts without spaces, all
        pairs of neighboring characters stand for words. If the text has neither, such as ":-)",
        the parts between its spaces are returned.
    """
    text = text.lower()
    tokens = _TOKENS.findall(text) or text.split()
    return [word for token in tokens for word in _split(token) if word not in ENGLISH_STOP_WORDS]


def parts_of(text: str) -> list[str]:
    """Split a text at its spaces, in lower case."""
    return text.lower().split()


def _split(token: str) -> list[str]:
    if len(token) == 1 or not _IS_WITHOUT_SPACES.match(token):
        return [token]
    return [token[i : i + 2] for i in range(len(token) - 1)]
