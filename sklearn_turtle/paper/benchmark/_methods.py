"""What can be compared: each method as a function that makes its estimator."""

from collections.abc import Callable
from dataclasses import dataclass, field

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

# "turtle-1" is "turtle" on each space by itself.
ONE_SPACE = "-1"


@dataclass(frozen=True)
class Method:
    """A method that the benchmark can run.

    Parameters
    ----------
    name : str
        Name of the method.
    make : callable
        Makes the estimator: ``make(n_clusters, seed)``, or ``make(class_embeddings, seed)``
        where the method has the names of the classes, of which its predictions are then the
        numbers, in the order of the embeddings. Estimators take a dict of spaces.
    supervision : {"none", "class names", "labels"}, default="none"
        What the method has beside features and the number of classes: nothing, embeddings of the
        classes in one space, or the labels of the rows that it is fitted on.
    one_space : bool, default=False
        Whether the method is run on each space by itself.

    Examples
    --------
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.paper.benchmark import Method
    >>> Method("quick", lambda k, seed: TurtleClustering(k, n_init=1, random_state=seed)).name
    'quick'
    """

    name: str
    make: Callable = field(repr=False)
    supervision: str = "none"
    one_space: bool = False


def known_methods(turtle_parameters=None):
    """All methods by name.

    Parameters
    ----------
    turtle_parameters : dict or None, default=None
        Parameters of TurtleClustering that differ from its defaults.

    Returns
    -------
    dict of str to Method
    """
    methods = [
        Method("turtle", _turtle(turtle_parameters or {})),
        Method("kmeans", lambda n_clusters, seed: SpacesKMeans(n_clusters, random_state=seed)),
        Method("hume", lambda n_clusters, seed: HUME(n_clusters, random_state=seed)),
        Method("linear-probe", lambda _, seed: LinearProbe(random_state=seed), "labels"),
        Method("zero-shot", lambda embeddings, seed: ZeroShotClassifier(embeddings), "class names"),
        *(Method(kind.__name__.lower(), _tuned(kind), "class names") for kind in (UPL, POUF)),
        Method("gda", lambda embeddings, seed: GDA(embeddings), "class names"),
    ]
    return {method.name: method for method in methods}


def parse_method(name, known):
    """The method of a name, where a name that ends in "-1" is a method on each space by itself.

    Raises
    ------
    ValueError
        If there is no such method.
    """
    if name in known:
        return known[name]
    whole = known.get(name.removesuffix(ONE_SPACE))
    if whole is None:
        raise ValueError(
            f"{name!r} is no method; there are {', '.join(known)}, and each with "
            f"{ONE_SPACE!r} at its end, for each space by itself."
        )
    return Method(name, whole.make, whole.supervision, one_space=True)


def _tuned(kind):
    return lambda embeddings, seed: kind(embeddings, random_state=seed)


def _turtle(parameters):
    return lambda n_clusters, seed: TurtleClustering(n_clusters, **parameters, random_state=seed)
