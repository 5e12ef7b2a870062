"""The methods that a benchmark compares, each as a function that creates its estimator."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sklearn_turtle._turtle import TurtleClustering
from sklearn_turtle.paper.baselines import (
    GDA,
    HUME,
    POUF,
    UPL,
    LinearProbe,
    SpacesKMeans,
    ZeroShotClassifier,
)

# "turtle-1" is "turtle" on each space separately.
ONE_SPACE = "-1"


@dataclass(frozen=True)
class Method:
    """A method that the benchmark can run.

    Parameters
    ----------
    name : str
        Name of the method.
    make : callable
        Creates the estimator, which must accept a dict of spaces. It is called as
        ``make(n_clusters, seed)``; with ``supervision="class names"``, as
        ``make(class_embeddings, seed)``. The predictions are then row numbers of the class
        embeddings.
    supervision : {"none", "class names", "labels"}, default="none"
        Information that the method receives in addition to the features: only the number of
        classes, class embeddings in one space, or the labels of the rows that it is fitted on.
    one_space : bool, default=False
        True to run the method on each space separately.

    Examples
    --------
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.paper.benchmark import Method
    >>> Method("quick", lambda k, seed: TurtleClustering(k, n_init=1, random_state=seed)).name
    'quick'
    """

    name: str
    make: Callable[[Any, int], Any] = field(repr=False)
    supervision: str = "none"
    one_space: bool = False


def known_methods(turtle_parameters: Mapping[str, Any] | None = None) -> dict[str, Method]:
    """Create all methods.

    Parameters
    ----------
    turtle_parameters : dict or None, default=None
        Parameters of TurtleClustering that differ from the defaults.

    Returns
    -------
    dict of str to Method
        The methods by name.
    """
    methods = [
        Method("turtle", _turtle(turtle_parameters or {})),
        Method("kmeans", lambda n_clusters, seed: SpacesKMeans(n_clusters, random_state=seed)),
        Method("hume", lambda n_clusters, seed: HUME(n_clusters, random_state=seed)),
        Method("linear-probe", lambda _, seed: LinearProbe(random_state=seed), "labels"),
        Method("zero-shot", lambda embeddings, _: ZeroShotClassifier(embeddings), "class names"),
        Method("upl", lambda embeddings, seed: UPL(embeddings, random_state=seed), "class names"),
        Method("pouf", lambda embeddings, seed: POUF(embeddings, random_state=seed), "class names"),
        Method("gda", lambda embeddings, _: GDA(embeddings), "class names"),
    ]
    return {method.name: method for method in methods}


def parse_method(name: str, known: Mapping[str, Method]) -> Method:
    """Find a method by name.

    Parameters
    ----------
    name : str
        Name of a known method; with "-1" at the end, the method on each space separately.
    known : dict of str to Method
        The known methods.

    Returns
    -------
    Method

    Raises
    ------
    ValueError
        If the method is unknown.
    """
    if name in known:
        return known[name]
    whole = known.get(name.removesuffix(ONE_SPACE))
    if whole is None:
        raise ValueError(
            f"unknown method {name!r}; choose from {', '.join(known)}, or append {ONE_SPACE!r} to "
            "run a method on each space separately"
        )
    return replace(whole, name=name, one_space=True)


def _turtle(parameters: Mapping[str, Any]) -> Callable[[Any, int], Any]:
    return lambda n_clusters, seed: TurtleClustering(n_clusters, **parameters, random_state=seed)
