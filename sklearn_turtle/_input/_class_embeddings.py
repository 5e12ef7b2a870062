"""Reading the embeddings of classes, and the tower that makes them."""

from numbers import Integral

import numpy as np
import torch
from sklearn.utils import check_array, column_or_1d

from sklearn_turtle._input._matrix import to_numpy
from sklearn_turtle._input._unit import ensemble_templates


def read_class_embeddings(class_embeddings, classes, space=None):
    """Check the embeddings of the classes, and join those of several templates.

    Parameters
    ----------
    class_embeddings, classes : array-like or tensor, array-like or None
        As given to :class:`ZeroShotClassifier`.
    space : (str, int) or None
        Name and number of features of the space that they must fit; None for any.

    Returns
    -------
    embeddings : tensor of shape (n_classes, n_features), float64
        One embedding a class, of unit norm, in the order of the classes.
    classes : ndarray of shape (n_classes,)
        The classes, sorted as everywhere in scikit-learn.
    order : ndarray of shape (n_classes,), int
        Where each of them stands in ``class_embeddings``.
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
            f"has {space[1]}: texts and images must be embedded by the same model."
        )
    joined = ensemble_templates(torch.from_numpy(embeddings))
    vanishes = (joined.norm(dim=1) == 0).nonzero()
    if len(vanishes) > 0:
        raise ValueError(
            f"class_embeddings[{int(vanishes[0])}] is zero, or its templates cancel each other: "
            "it has no direction, and says nothing of its class."
        )
    classes, order = _read_classes(classes, len(joined))
    return joined[order], classes, order


def name_of_space(space, names):
    """Name of the space that the class embeddings live in, of those that X has.

    Parameters
    ----------
    space : int, str or None
        As given to :class:`ZeroShotClassifier`.
    names : list of str
        Name of each space.
    """
    if space is None and len(names) == 1:
        return names[0]
    if isinstance(space, str) and space in names:
        return space
    if isinstance(space, Integral) and int(space) in range(-len(names), len(names)):
        return names[int(space)]
    raise ValueError(
        f"space={space!r} does not name one of the spaces of X, which are {names}. Pass the "
        "name or the position of the space that the class embeddings live in."
    )


def _read_classes(classes, n_classes):
    if classes is None:
        return np.arange(n_classes), np.arange(n_classes)
    classes = column_or_1d(classes)
    if len(classes) != n_classes:
        raise ValueError(
            f"classes has {len(classes)} entries, but class_embeddings has {n_classes} classes."
        )
    distinct, order = np.unique(classes, return_index=True)
    if len(distinct) < n_classes:
        raise ValueError(f"The entries of classes are not distinct: {list(classes[:10])}.")
    return distinct, order
