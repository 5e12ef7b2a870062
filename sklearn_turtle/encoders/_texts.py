"""Read texts from lists, arrays, columns and datasets."""

from collections.abc import Callable
from typing import Any

from sklearn_turtle.encoders._digests import digest_of
from sklearn_turtle.encoders._items import Items, as_sequence, select_value


class Texts(Items):
    """Texts in memory or in a dataset."""

    kind = "text"

    def read(self, index: int) -> tuple[bytes, Callable[[], str]]:
        """Read a text: see :meth:`Items.read`."""
        text = select_value(self.entries[index], lambda value: isinstance(value, str), self.kind)
        return digest_of(text.encode("utf-8", "surrogatepass")), lambda: text


def read_texts(X: Any) -> Texts:
    """Read the texts in ``X``."""
    if isinstance(X, (str, bytes)):
        raise ValueError("X is a single text. Pass a list of texts, such as [text].")
    return Texts(as_sequence(X))
