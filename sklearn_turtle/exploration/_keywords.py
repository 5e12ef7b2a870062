"""Keywords: words that are typical of the texts of one cluster."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils._param_validation import HasMethods, Interval, validate_params
from sklearn.utils.validation import column_or_1d

from sklearn_turtle._input._clustered_rows import check_cluster_numbers
from sklearn_turtle._input._row_errors import is_missing
from sklearn_turtle.exploration._words import parts_of, words_of


@validate_params(
    {
        "labels": ["array-like"],
        "texts": ["array-like"],
        "n_keywords": [Interval(Integral, 1, None, closed="left")],
        "vectorizer": [HasMethods(["fit_transform", "get_feature_names_out"]), None],
    },
    prefer_skip_nested_validation=True,
)
def cluster_keywords(
    labels: Any, texts: Sequence[str], n_keywords: int = 10, *, vectorizer: Any = None
) -> list[list[tuple[str, float]]]:
    """Find the words that are typical of the texts of each cluster.

    Parameters
    ----------
    labels : array-like of shape (n_samples,), int
        Cluster of each text, numbered from 0. Texts with -1, which marks rejected rows, are left
        out, and their words are not counted.
    texts : sequence of str of length n_samples
        The texts.
    n_keywords : int, default=10
        Maximum number of words per cluster.
    vectorizer : transformer or None, default=None
        Counts words: a :class:`~sklearn.feature_extraction.text.CountVectorizer`, or another
        transformer of texts to counts with ``get_feature_names_out``. A clone of it is fitted to
        the texts. None for single words without English stop words; for pairs of characters in
        scripts without spaces; and for the parts between spaces in a text without words.

    Returns
    -------
    keywords : list of list of (str, float)
        Words of each cluster and their weights, the highest weight first. There are fewer than
        ``n_keywords`` if fewer words occur in the cluster.

    Raises
    ------
    ValueError
        If the lengths differ, if labels are neither integers from 0 nor -1, if all are -1, if a
        text is missing, or if the given vectorizer finds no word in any text.

    See Also
    --------
    name_clusters : Make distinct names from keywords.

    Notes
    -----
    The weights are class-based TF-IDF [1]_: for a word ``t`` and a cluster ``c``, the share of
    ``t`` among the words of the texts of ``c``, times ``log(1 + A / f_t)``, where ``f_t`` is the
    number of times that ``t`` occurs in all texts, and ``A`` is the mean number of words per
    cluster, over the clusters with words.

    References
    ----------
    .. [1] M. Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure",
       2022. https://arxiv.org/abs/2203.05794

    Examples
    --------
    >>> from sklearn_turtle.exploration import cluster_keywords
    >>> texts = ["a red apple", "the apple pie", "a fast car", "red car"]
    >>> keywords = cluster_keywords([0, 0, 1, 1], texts, 1)
    >>> [[word for word, weight in of_cluster] for of_cluster in keywords]
    [['apple'], ['car']]
    """
    labels = read_labels(labels, texts)
    check_texts(texts, vectorizer, labels >= 0)
    weights, words = class_tf_idf(labels, texts, int(labels.max()) + 1, vectorizer)
    return heaviest(weights, words, n_keywords)


def read_labels(labels: Any, texts: Sequence[str]) -> np.ndarray:
    """Check the cluster of each text.

    Returns
    -------
    ndarray of shape (n_samples,)
    """
    numbers: np.ndarray = column_or_1d(labels)
    if len(numbers) != len(texts):
        raise ValueError(f"labels has {len(numbers)} entries, but there are {len(texts)} texts.")
    check_cluster_numbers(numbers, "labels")
    return numbers


def check_texts(
    texts: Sequence[Any], vectorizer: Any = None, needed: np.ndarray | None = None
) -> None:
    """Raise ValueError if a text is missing or, unless a vectorizer is given, is no string.

    Only the needed texts are checked; None for all.
    """
    for row, text in enumerate(texts):
        if needed is not None and not needed[row]:
            continue
        if is_missing(text):
            raise ValueError(
                f"texts[{row}] is {text!r}, but every sample needs a text: leave such samples out, "
                "or pass '' as their text."
            )
        if vectorizer is None and not isinstance(text, (str, bytes)):
            raise ValueError(f"texts[{row}] is {text!r}, which is no text: convert it to str.")


def class_tf_idf(
    labels: np.ndarray, texts: Sequence[str], n_clusters: int, vectorizer: Any
) -> tuple[sparse.csr_array, np.ndarray]:
    """Compute the weight of each word in each cluster, without the texts of rejected rows.

    Returns
    -------
    weights : csr_array of shape (n_clusters, n_words)
    words : ndarray of shape (n_words,), str
    """
    kept = labels >= 0
    if not kept.all():
        texts = [text for text, keep in zip(texts, kept, strict=True) if keep]
        labels = labels[kept]
    counts, words = _count_words(texts) if vectorizer is None else _count(texts, vectorizer)
    ones = np.ones(len(labels))
    members = sparse.csr_array(
        (ones, (labels, np.arange(len(labels)))), shape=(n_clusters, len(labels))
    )
    of_clusters = members @ counts
    n_words = of_clusters.sum(1)
    frequency = of_clusters.sum(0)
    mean_n_words = n_words.sum() / max(1, np.count_nonzero(n_words))
    # a word of a fixed vocabulary may not occur at all
    inverse = np.log1p(mean_n_words / np.maximum(frequency, 1))
    shares = sparse.diags_array(1 / np.maximum(n_words, 1)) @ of_clusters
    weights = sparse.csr_array(shares @ sparse.diags_array(inverse))
    weights.eliminate_zeros()
    return weights, words


def _count(texts: Sequence[str], vectorizer: Any) -> tuple[sparse.csr_array, np.ndarray]:
    vectorizer = clone(vectorizer)
    counts = sparse.csr_array(vectorizer.fit_transform(texts), dtype=np.float64)
    return counts, vectorizer.get_feature_names_out()


def _count_words(texts: Sequence[str]) -> tuple[sparse.csr_array, np.ndarray]:
    """Count words in all texts; if there are none, count whatever the texts consist of."""
    for analyzer in (words_of, parts_of):
        try:
            return _count(texts, CountVectorizer(analyzer=analyzer))
        except ValueError as error:
            if "empty vocabulary" not in str(error):
                raise
    return sparse.csr_array((len(texts), 0)), np.empty(0, dtype=str)


def heaviest(
    weights: sparse.csr_array, words: np.ndarray, n_keywords: int
) -> list[list[tuple[str, float]]]:
    """The words with the highest weights in each cluster, and their weights."""
    keywords = []
    for start, end in zip(weights.indptr[:-1], weights.indptr[1:], strict=True):
        of_cluster = weights.data[start:end]
        columns = weights.indices[start:end]
        # if weights are equal, the word that comes first in the vocabulary wins
        order = np.lexsort((columns, -of_cluster))[:n_keywords]
        keywords.append([(str(words[columns[i]]), float(of_cluster[i])) for i in order])
    return keywords
