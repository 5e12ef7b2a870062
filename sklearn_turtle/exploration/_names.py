"""Distinct names for clusters: of classes, of keywords, or by asking somebody."""

from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np
import torch
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import min_weight_full_bipartite_matching
from sklearn.utils._param_validation import HasMethods, Interval, validate_params

from sklearn_turtle._input._class_embeddings import name_of_space, read_class_embeddings
from sklearn_turtle._input._clustered_rows import read_clustered_rows
from sklearn_turtle._input._unit import unit
from sklearn_turtle.exploration._geometry import ClusterGeometry
from sklearn_turtle.exploration._keywords import class_tf_idf, heaviest
from sklearn_turtle.exploration._samples import representatives_of

# Below the weight of any word: a cluster goes without one only where there is none left for it.
NO_WORD = 1e-12


@dataclass(frozen=True)
class ClusterNames:
    """A distinct name for each cluster.

    Parameters
    ----------
    names : list of str
        Name of each cluster.
    scores : ndarray of shape (n_clusters,)
        How well each name fits, NaN where that is not known; see :func:`name_clusters`.

    See Also
    --------
    name_clusters : Makes it.

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
    estimator,
    X,
    *,
    class_embeddings=None,
    classes=None,
    space=None,
    texts=None,
    vectorizer=None,
    n_words=3,
    namer=None,
    n_representatives=10,
    n_keywords=10,
):
    """Give each cluster a distinct name.

    Names come from one of three sources: ``classes``, the names that clusters may have, with the
    embeddings of their texts; the ``texts`` that were clustered; or a ``namer``, which is shown
    what is typical of a cluster.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with ``predict``.
        Where it does not tell spaces apart, a 2-D ``X`` is one space.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    class_embeddings : array-like or tensor of shape (n_classes, n_features) or \
            (n_classes, n_templates, n_features), default=None
        Embeddings of the texts of each class, of any norm, by the model that embedded the samples
        in ``space``. There must be as many classes as clusters at least; which of them are taken
        is found out.
    classes : array-like of shape (n_classes,), default=None
        Names of the classes, in the order of ``class_embeddings``.
    space : int, str or None, default=None
        Position or name of the space that the class embeddings live in. None where ``X`` has one.
    texts : sequence of str of length n_samples, default=None
        The texts that were clustered.
    vectorizer : transformer or None, default=None
        What counts words, as for :func:`cluster_keywords`.
    n_words : int, default=3
        Number of words of a name that is made of keywords, at most.
    namer : callable or None, default=None
        ``namer(representatives, keywords)`` returns the name of a cluster, or its name and a
        score; a language model, for instance. ``representatives`` are the ``texts`` closest to the
        mean of the cluster, or rows of ``X`` where no texts are given; ``keywords`` is a list of
        words, empty where no texts are given. It is called once for each cluster with samples.
    n_representatives : int, default=10
        Number of representatives that ``namer`` is shown.
    n_keywords : int, default=10
        Number of keywords that ``namer`` is shown.

    Returns
    -------
    ClusterNames
        Names and scores, in the order of the clusters. The score of a class is the cosine of its
        embedding and the mean of the cluster. The score of a name made of keywords is the weight
        of its first word (class-based TF-IDF), which no other name starts with. A ``namer`` gives
        a score, or it is NaN. A cluster without samples, or without any word of its own, is called
        by its number, such as "cluster 3", and its score is NaN.

    Raises
    ------
    ValueError
        If the source of names is missing or not unique; if the class embeddings do not fit
        ``classes`` or the space, or are fewer than the clusters; if there is not a text for each
        sample; or if ``X`` does not fit the estimator.
    TypeError
        If ``namer`` returns no name.

    See Also
    --------
    cluster_keywords : All keywords of each cluster.
    cluster_representatives : The samples closest to the mean of each cluster.
    sklearn_turtle.exploration.assign_classes : Classes of clusters, from a few labeled samples.

    Notes
    -----
    Classes are matched to clusters one to one by the largest sum of cosines (Hungarian
    algorithm). The mean of a cluster is that of its samples' features of unit norm. First words
    are matched by the largest sum of weights; the others are the next heaviest of the cluster.
    Where a ``namer`` gives a name again, the later cluster's name gets a number.

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
        keywords: list[list] = [[] for _ in representatives]
        if texts is not None:
            texts = _read_texts(texts, clustered)
            weights, words = class_tf_idf(clustered.labels, texts, clustered.n_clusters, vectorizer)
            keywords = heaviest(weights, words, n_keywords)
        names = _names_of_namer(namer, representatives, keywords, texts)
    else:
        clustered = read_clustered_rows(estimator, X)
        if texts is None:
            names = _names_of_classes(clustered, class_embeddings, classes, space)
        else:
            texts = _read_texts(texts, clustered)
            names = _names_of_keywords(clustered, texts, vectorizer, n_words)
    return _distinct(names, clustered.n_clusters)


def _check_sources(class_embeddings, classes, texts, namer):
    if (class_embeddings is None) != (classes is None):
        raise ValueError(
            "class_embeddings and classes go together: pass the embeddings of the classes' texts, "
            "and the names of the classes in the same order."
        )
    if class_embeddings is None and texts is None and namer is None:
        raise ValueError(
            "name_clusters needs something to take names from: class_embeddings with classes, the "
            "texts that were clustered, or a namer."
        )
    if class_embeddings is not None and not (texts is None and namer is None):
        raise ValueError(
            "Names come from the classes, or from texts and namer: pass class_embeddings and "
            "classes alone."
        )


def _read_texts(texts, clustered):
    """The texts as a list, since a column of a DataFrame is not indexed by position."""
    texts = list(texts)
    if len(texts) != clustered.spaces.n_samples:
        raise ValueError(
            f"texts has {len(texts)} entries, but X has {clustered.spaces.n_samples} samples."
        )
    return texts


def _names_of_classes(clustered, class_embeddings, classes, space):
    """Name and score of clusters by number, of those that have samples."""
    name = name_of_space(space, clustered.spaces.names)
    clustered = replace(clustered, spaces=clustered.spaces.only(name))
    embeddings, classes, _ = read_class_embeddings(
        class_embeddings, classes, (name, clustered.spaces.widths[0])
    )
    present = np.flatnonzero(clustered.sizes)
    if len(classes) < len(present):
        raise ValueError(
            f"There are {len(classes)} classes for {len(present)} clusters, and each needs a name "
            "of its own: pass more classes, or merge clusters first."
        )
    (means,) = clustered.means(transform=unit)
    cosines = (unit(means[present].cpu().double()) @ embeddings.T).numpy()
    rows, columns = linear_sum_assignment(cosines, maximize=True)
    return {
        int(present[row]): (str(classes[column]), cosines[row, column])
        for row, column in zip(rows, columns, strict=True)
    }


def _names_of_keywords(clustered, texts, vectorizer, n_words):
    """As :func:`_names_of_classes`: each name starts with a word that no other name starts with."""
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


def _names_of_namer(namer, representatives, keywords, texts):
    """As :func:`_names_of_classes`, by asking."""
    names = {}
    for cluster, (rows, of_cluster) in enumerate(zip(representatives, keywords, strict=True)):
        if len(rows) == 0:
            continue
        shown = rows.tolist() if texts is None else [texts[row] for row in rows.tolist()]
        answer = namer(shown, [word for word, _ in of_cluster])
        name, score = answer if isinstance(answer, tuple) else (answer, np.nan)
        if not isinstance(name, str) or not name.strip():
            raise TypeError(
                f"namer must return a name, or a name and a score; of cluster {cluster} it "
                f"returned {answer!r}."
            )
        names[cluster] = name.strip(), score
    return names


def _distinct(names, n_clusters):
    """Names of all clusters, those that come again with a number."""
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
