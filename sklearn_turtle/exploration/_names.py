"""Distinct names for clusters: from classes, from keywords, or from a function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any

import numpy as np
import torch
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import min_weight_full_bipartite_matching
from sklearn.utils._param_validation import HasMethods, Interval, validate_params

from sklearn_turtle._input._class_embeddings import name_of_space, read_class_embeddings
from sklearn_turtle._input._clustered_rows import ClusteredRows, read_clustered_rows
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle._input._unit import unit
from sklearn_turtle.exploration._geometry import ClusterGeometry
from sklearn_turtle.exploration._keywords import check_texts, class_tf_idf, heaviest
from sklearn_turtle.exploration._samples import representatives_of

# Lower than the weight of any word, so that a cluster gets no word only if none is left for it.
NO_WORD = 1e-12

# Name and score by cluster; clusters without a name are missing.
_Names = dict[int, tuple[str, float]]


@dataclass(frozen=True)
class ClusterNames:
    """A distinct name for each cluster.

    Parameters
    ----------
    names : list of str
        Name of each cluster.
    scores : ndarray of shape (n_clusters,)
        How well each name fits, NaN if unknown; see :func:`name_clusters`.

    See Also
    --------
    name_clusters : Find names.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_turtle.exploration import ClusterNames
    >>> ClusterNames(["cat", "dog"], np.array([0.9, 0.8])).names[1]
    'dog'
    """

    names: list[str]
    scores: np.ndarray


@validate_params(
    {
        "estimator": [HasMethods("predict")],
        "class_embeddings": ["array-like", torch.Tensor, None],
        "classes": ["array-like", None],
        "space": [None, str, Integral],
        "texts": ["array-like", None],
        "vectorizer": [HasMethods(["fit_transform", "get_feature_names_out"]), None],
        "n_words": [Interval(Integral, 1, None, closed="left")],
        "namer": [callable, None],
        "n_representatives": [Interval(Integral, 1, None, closed="left")],
        "n_keywords": [Interval(Integral, 1, None, closed="left")],
    },
    prefer_skip_nested_validation=True,
)
def name_clusters(
    estimator: Any,
    X: Any,
    *,
    class_embeddings: Any = None,
    classes: Any = None,
    space: int | str | None = None,
    texts: Sequence[str] | None = None,
    vectorizer: Any = None,
    n_words: int = 3,
    namer: Callable[..., Any] | None = None,
    n_representatives: int = 10,
    n_keywords: int = 10,
) -> ClusterNames:
    """Give each cluster a distinct name.

    Names come from one of three sources: ``classes``, a list of possible names, with the
    embeddings of their texts; keywords of the ``texts`` that were clustered; or a ``namer``, a
    function that gets typical samples of a cluster.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with ``predict``.
        For one without spaces, a 2-D ``X`` is one space.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    class_embeddings : array-like or tensor of shape (n_classes, n_features) or \
            (n_classes, n_templates, n_features), default=None
        Embeddings of the texts of each class, of any norm, from the model that embedded the
        samples in ``space``. There must be at least as many classes as clusters with samples; the
        best ones are taken.
    classes : array-like of shape (n_classes,), default=None
        Names of the classes, in the order of ``class_embeddings``.
    space : int, str or None, default=None
        Position or name of the space of the class embeddings. None if ``X`` has one space.
    texts : sequence of str of length n_samples, default=None
        The texts that were clustered.
    vectorizer : transformer or None, default=None
        Counts words, as for :func:`cluster_keywords`.
    n_words : int, default=3
        Maximum number of words of a name that is made of keywords.
    namer : callable or None, default=None
        ``namer(representatives, keywords)`` returns the name of a cluster, or its name and a
        score; it can call a language model, for example. ``representatives`` are the ``texts``
        closest to the mean of the cluster, or row numbers of ``X`` if there are no texts.
        ``keywords`` is a list of words, empty if there are no texts. It is called once for each
        cluster with samples.
    n_representatives : int, default=10
        Maximum number of representatives that ``namer`` gets.
    n_keywords : int, default=10
        Maximum number of keywords that ``namer`` gets.

    Returns
    -------
    ClusterNames
        Names and scores, in the order of the clusters. The score of a class is the cosine of its
        embedding and the mean of the cluster. The score of a name made of keywords is the weight
        of its first word (class-based TF-IDF), which no other name starts with. The score of a
        name from ``namer`` is the score that it returns, or NaN. A cluster without samples, or
        without a word of its own, is named by its number, such as "cluster 3", with score NaN.

    Raises
    ------
    ValueError
        If there is no source of names, or more than one; if the class embeddings do not fit
        ``classes`` or the space, or are fewer than the clusters; if there is not one text per
        sample, or one is missing; or if ``X`` does not fit the estimator.
    TypeError
        If ``namer`` does not return a name.

    See Also
    --------
    cluster_keywords : All keywords of each cluster.
    cluster_representatives : The samples closest to the mean of each cluster.
    assign_classes : Assign classes to clusters from a few labeled samples.

    Notes
    -----
    Classes are matched to clusters one to one with the largest sum of cosines (Hungarian
    algorithm). The mean of a cluster is that of its samples after each is scaled to unit norm.
    First words are matched with the largest sum of weights, and followed by the heaviest other
    words of the cluster. If a name comes again, a number is added to the later one. Samples that
    ``predict`` rejects (-1) are left out.

    Examples
    --------
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import name_clusters
    >>> X = [[1.0, 0.1], [0.9, 0.0], [0.1, 1.0], [0.0, 1.1], [0.1, 0.9]]
    >>> turtle = TurtleClustering(n_clusters=2, n_init=4, random_state=0).fit(X)
    >>> embeddings = [[0.0, 2.0], [3.0, 0.0], [-1.0, 0.0]]
    >>> name_clusters(
    ...     turtle, X, class_embeddings=embeddings, classes=["dog", "cat", "emu"]
    ... ).names
    ['dog', 'cat']
    >>> texts = ["meow purr", "purr", "bark woof", "woof", "woof"]
    >>> name_clusters(turtle, X, texts=texts).names
    ['woof, bark', 'purr, meow']
    """
    _check_sources(class_embeddings, classes, texts, namer)
    if namer is not None:
        geometry = ClusterGeometry.of(estimator, X)
        clustered = geometry.clustered
        representatives = representatives_of(geometry, n_representatives)
        keywords: list[list[tuple[str, float]]] = [[] for _ in representatives]
        if texts is not None:
            texts = _read_texts(texts, clustered, vectorizer)
            weights, words = class_tf_idf(clustered.labels, texts, clustered.n_clusters, vectorizer)
            keywords = heaviest(weights, words, n_keywords)
        names = _names_of_namer(namer, representatives, keywords, texts)
    else:
        clustered = read_clustered_rows(estimator, X)
        if texts is None:
            names = _names_of_classes(clustered, class_embeddings, classes, space)
        else:
            texts = _read_texts(texts, clustered, vectorizer)
            names = _names_of_keywords(clustered, texts, vectorizer, n_words)
    return _distinct(names, clustered.n_clusters)


def _check_sources(class_embeddings: Any, classes: Any, texts: Any, namer: Any) -> None:
    if (class_embeddings is None) != (classes is None):
        raise ValueError(
            "class_embeddings and classes go together: pass embeddings of the texts of the "
            "classes, and the names of the classes in the same order."
        )
    if class_embeddings is None and texts is None and namer is None:
        raise ValueError(
            "name_clusters needs a source of names: class_embeddings and classes, the texts that "
            "were clustered, or a namer."
        )
    if class_embeddings is not None and not (texts is None and namer is None):
        raise ValueError(
            "Names come either from classes or from texts and namer: pass class_embeddings and "
            "classes without texts and namer."
        )


def _read_texts(texts: Sequence[str], clustered: ClusteredRows, vectorizer: Any) -> list[str]:
    """The texts as a list: a column of a DataFrame is not indexed by position."""
    texts = list(texts)
    if len(texts) != clustered.spaces.n_samples:
        raise ValueError(
            f"texts has {len(texts)} entries, but X has {clustered.spaces.n_samples} samples."
        )
    check_texts(texts, vectorizer)
    return texts


@with_torch_defaults
def _names_of_classes(
    clustered: ClusteredRows, class_embeddings: Any, classes: Any, space: int | str | None
) -> _Names:
    """Name and score of each cluster with samples."""
    name = name_of_space(space, clustered.spaces.names)
    clustered = replace(clustered, spaces=clustered.spaces.only(name))
    embeddings, classes, _ = read_class_embeddings(
        class_embeddings, classes, (name, clustered.spaces.widths[0])
    )
    present = np.flatnonzero(clustered.sizes)
    if len(classes) < len(present):
        raise ValueError(
            f"There are only {len(classes)} classes for {len(present)} clusters: pass more "
            "classes, or merge clusters first."
        )
    (means,) = clustered.means(transform=unit)
    cosines = (unit(means[present].cpu().double()) @ embeddings.T).numpy()
    rows, columns = linear_sum_assignment(cosines, maximize=True)
    return {
        int(present[row]): (str(classes[column]), cosines[row, column])
        for row, column in zip(rows, columns, strict=True)
    }


def _names_of_keywords(
    clustered: ClusteredRows, texts: Sequence[str], vectorizer: Any, n_words: int
) -> _Names:
    """Name and score of each cluster that gets a first word of its own."""
    n_clusters = clustered.n_clusters
    weights, words = class_tf_idf(clustered.labels, texts, n_clusters, vectorizer)
    without = sparse.diags_array(np.full(n_clusters, NO_WORD))
    _, first = min_weight_full_bipartite_matching(
        sparse.csr_matrix(sparse.hstack([weights, without])), maximize=True
    )
    keywords = heaviest(weights, words, n_words)
    names = {}
    for cluster, column in enumerate(first):
        if column < len(words):
            others = [word for word, _ in keywords[cluster] if word != words[column]]
            name = ", ".join([str(words[column]), *others[: n_words - 1]])
            names[cluster] = name, weights[cluster, column]
    return names


def _names_of_namer(
    namer: Callable[..., Any],
    representatives: Sequence[np.ndarray],
    keywords: Sequence[Sequence[tuple[str, float]]],
    texts: Sequence[str] | None,
) -> _Names:
    """Name and score of each cluster with samples."""
    names = {}
    for cluster, (rows, of_cluster) in enumerate(zip(representatives, keywords, strict=True)):
        if len(rows) == 0:
            continue
        typical = rows.tolist() if texts is None else [texts[row] for row in rows.tolist()]
        answer = namer(typical, [word for word, _ in of_cluster])
        name, score = answer if isinstance(answer, tuple) else (answer, np.nan)
        if not isinstance(name, str) or not name.strip():
            raise TypeError(
                f"namer must return a name, or a name and a score; for cluster {cluster} it "
                f"returned {answer!r}."
            )
        names[cluster] = name.strip(), score
    return names


def _distinct(names: _Names, n_clusters: int) -> ClusterNames:
    """Names of all clusters, with a number if a name comes again."""
    taken: dict[str, None] = {}
    scores = np.full(n_clusters, np.nan)
    for cluster in range(n_clusters):
        name, scores[cluster] = names.get(cluster, (f"cluster {cluster}", np.nan))
        distinct, number = name, 1
        while distinct in taken:
            number += 1
            distinct = f"{name} ({number})"
        taken[distinct] = None
    return ClusterNames(list(taken), scores)
