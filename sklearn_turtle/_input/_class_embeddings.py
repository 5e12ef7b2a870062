"""Read the embeddings of classes, and find the space that they belong to."""

from numbers import Integral
from typing import Any

import numpy as np
import torch
from sklearn.utils import check_array

from sklearn_turtle._input._conversion import to_numpy
from sklearn_turtle._input._labels import read_column
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle._input._unit import ensemble_templates


@with_torch_defaults
def read_class_embeddings(
    class_embeddings: Any, classes: Any, space: tuple[str, int] | None = None
) -> tuple[torch.Tensor, np.ndarray, np.ndarray]:
    """Check the embeddings of the classes, and average those of several templates.

    Parameters
    ----------
    class_embeddings : array-like or tensor of shape (n_classes, n_features) or \
            (n_classes, n_templates, n_features)
        As passed to :class:`ZeroShotClassifier`.
    classes : array-like of shape (n_classes,) or None
        As passed to :class:`ZeroShotClassifier`; None for the numbers from 0.
    space : (str, int) or None, default=None
        Name and number of features of the space that the embeddings belong to; None to accept
        any number of features.

    Returns
    -------
    embeddings : tensor of shape (n_classes, n_features), float64
        One embedding per class, of unit norm, in the order of ``classes``.
    classes : ndarray of shape (n_classes,)
        The classes, sorted as everywhere in scikit-learn.
    order : ndarray of shape (n_classes,), int
        Position of each class in ``class_embeddings``.

    Raises
    ------
    ValueError
        If the embeddings are malformed or not finite, do not have the number of features of the
        space, or are zero for a class; or if ``classes`` does not match them.
    """
    if isinstance(class_embeddings, torch.Tensor):
        class_embeddings = to_numpy(class_embeddings.detach())
    embeddings = check_array(
        class_embeddings, dtype=np.float64, allow_nd=True, input_name="class_embeddings"
    )
    if embeddings.ndim == 2:
        embeddings = embeddings[:, None]
    if embeddings.ndim != 3 or 0 in embeddings.shape:
        raise ValueError(
            "class_embeddings must have the shape (n_classes, n_features) or (n_classes, "
            f"n_templates, n_features), and not be empty; got {np.shape(class_embeddings)}."
        )
    if space is not None and embeddings.shape[2] != space[1]:
        raise ValueError(
            f"class_embeddings have {embeddings.shape[2]} features, but space {space[0]!r} of X "
            f"has {space[1]}: embed texts and images with the same model."
        )
    mean = ensemble_templates(torch.from_numpy(embeddings))
    without_direction = (mean.norm(dim=1) == 0).nonzero()
    if len(without_direction) > 0:
        raise ValueError(
            f"class_embeddings[{int(without_direction[0])}] has no direction: it is zero, or its "
            "templates cancel each other."
        )
    classes, order = _sorted_classes(classes, len(mean))
    return mean[order], classes, order


def name_of_space(space: int | str | None, names: list[str]) -> str:
    """Find the space that the class embeddings belong to.

    Parameters
    ----------
    space : int, str or None
        As passed to :class:`ZeroShotClassifier`: a position or a name; None if there is one space.
    names : list of str
        Name of each space of ``X``.

    Returns
    -------
    str
        Name of the space.

    Raises
    ------
    ValueError
        If there is no such space, or if ``space`` is None and there are several.
    """
    if space is None and len(names) == 1:
        return names[0]
    if isinstance(space, str) and space in names:
        return space
    if isinstance(space, Integral) and int(space) in range(-len(names), len(names)):
        return names[int(space)]
    raise ValueError(
        f"space={space!r} does not name one of the spaces of X, which are {names}. Pass the name "
        "or the position of the space of the class embeddings."
    )


def _sorted_classes(classes: Any, n_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Sort the classes; returns them and the position of each in the user's order."""
    if classes is None:
        return np.arange(n_classes), np.arange(n_classes)
    classes = read_column(classes, "classes")
    if len(classes) != n_classes:
        raise ValueError(
            f"classes has {len(classes)} entries, but class_embeddings has {n_classes} classes."
        )
    distinct, order = np.unique(classes, return_index=True)
    if len(distinct) < n_classes:
        raise ValueError(f"The entries of classes are not distinct: {list(classes[:10])}.")
    return distinct, order
