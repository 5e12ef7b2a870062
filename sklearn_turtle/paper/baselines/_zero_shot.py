"""CLIP's zero-shot classifier."""

from typing import Any

import numpy as np
import torch
from sklearn.base import _fit_context

from sklearn_turtle._input._class_embeddings import read_class_embeddings
from sklearn_turtle._input._unit import UnitFeatures
from sklearn_turtle.paper.baselines._base import ClassEmbeddingsClassifier


class ZeroShotClassifier(ClassEmbeddingsClassifier):
    """Classify images by the cosine similarity of image embeddings and class embeddings.

    This is the zero-shot transfer of CLIP [1]_. The logit of a class is ``logit_scale`` times
    the cosine between the embedding of the image and the embedding of the class. The class
    embedding comes from one or several text prompts, such as "a photo of a dog". Nothing is
    learned.

    Parameters
    ----------
    class_embeddings : array-like or tensor of shape (n_classes, n_features) or \
            (n_classes, n_templates, n_features)
        Text embeddings of each class, of any norm, from the same model as the image embeddings.
        If there are several templates per class, their embeddings are normalized, averaged, and
        normalized again (prompt ensembling).

    classes : array-like of shape (n_classes,), default=None
        The classes, integers or strings, in the order of ``class_embeddings``. None for ``0`` to
        ``n_classes - 1``.

    logit_scale : float, default=100.0
        Factor that turns cosines into logits: 100 for CLIP. It changes how certain the
        probabilities are, but not the predicted classes.

    spaces : None, "prefix", list or dict, default=None
        The columns of each space in a 2-D ``X``; see :class:`~sklearn_turtle.TurtleClustering`.

    space : int, str or None, default=None
        Position or name of the space of the class embeddings. None if ``X`` has one space.

    device : str or torch.device, default="auto"
        Device of the computation: "auto" for the first available of CUDA, MPS and the CPU; or
        any device that torch supports.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes, sorted.

    class_embeddings_ : ndarray of shape (n_classes, n_features of the space)
        One embedding per class, of unit norm, in the order of ``classes_``.

    coef_ : ndarray of shape (n_classes, n_features of the space)
        Coefficients of the logits, for features of unit norm.

    intercept_ : ndarray of shape (n_classes,)
        Zeros.

    space_name_ : str
        Name of the space of the class embeddings.

    space_names_ : list of str
        Name of each space.

    n_features_in_ : int
        Total number of features of all spaces.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features. Defined only if ``X`` has feature names that are all strings.

    References
    ----------
    .. [1] A. Radford et al., "Learning Transferable Visual Models From Natural Language
       Supervision", ICML 2021, section 3.1. https://arxiv.org/abs/2103.00020

    Examples
    --------
    >>> from sklearn_turtle.paper.baselines import ZeroShotClassifier
    >>> texts = [[1.0, 0.0], [0.0, 1.0]]
    >>> zero_shot = ZeroShotClassifier(texts, classes=["cat", "dog"]).fit()
    >>> zero_shot.predict([[0.3, 0.1], [0.0, 2.0]]).tolist()
    ['cat', 'dog']
    """

    def __init__(
        self,
        class_embeddings: Any,
        *,
        classes: Any = None,
        logit_scale: float = 100.0,
        spaces: Any = None,
        space: int | str | None = None,
        device: str | torch.device = "auto",
    ) -> None:
        self.class_embeddings = class_embeddings
        self.classes = classes
        self.logit_scale = logit_scale
        self.spaces = spaces
        self.space = space
        self.device = device

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any = None, y: Any = None) -> ClassEmbeddingsClassifier:
        """Check the class embeddings and build the classifier.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features), default=None
            Features of any samples. They determine the spaces; nothing is learned from them.
            None for one space with as many features as ``class_embeddings``.

        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : ZeroShotClassifier
            The fitted classifier. If ``fit`` raises an error, the estimator is unchanged.

        Raises
        ------
        ValueError
            If the class embeddings do not match ``classes`` or the features; if they contain
            NaN, infinity or a vector of zeros; if the features contain NaN or infinity; or if
            ``device`` is not available.
        TypeError
            If a matrix is sparse.
        """
        if X is None:
            X = read_class_embeddings(self.class_embeddings, self.classes)[0].numpy()
        fitted: ClassEmbeddingsClassifier = super().fit(X, y)
        return fitted

    def _fit_classifier(
        self,
        features: UnitFeatures,
        embeddings: torch.Tensor,
        classes: np.ndarray,
        order: np.ndarray,
    ) -> dict[str, Any]:
        return {
            "class_embeddings_": embeddings,
            "coef_": self.logit_scale * embeddings,
            "intercept_": embeddings.new_zeros(len(embeddings)),
        }
