"""Prompt-oriented unsupervised fine-tuning."""

from numbers import Integral, Real
from typing import Any

import numpy as np
import torch
from sklearn.utils._param_validation import Interval

from sklearn_turtle._estimator._fitted import draw_seed
from sklearn_turtle._input._unit import UnitFeatures
from sklearn_turtle._solver import Draws
from sklearn_turtle.paper.baselines._base import ClassEmbeddingsClassifier
from sklearn_turtle.paper.baselines._prompts import align_context
from sklearn_turtle.paper.baselines._text_tower import read_tower


class POUF(ClassEmbeddingsClassifier):
    """Prompt-oriented unsupervised fine-tuning: align class embeddings with the samples.

    POUF [1]_ moves the class embeddings (prototypes) towards the samples. It minimizes the cost
    of transporting samples to prototypes and prototypes to samples, minus the mutual information
    of samples and classes, by stochastic gradient descent.

    With a ``text_tower``, it tunes the context from which the tower computes class embeddings.
    Without one, it works in the space of the class embeddings: it tunes one vector per class,
    initially zero, which is added to the class embedding.

    Parameters
    ----------
    class_embeddings : array-like or tensor of shape (n_classes, n_features) or \
            (n_classes, n_templates, n_features)
        Text embeddings of each class; see :class:`ZeroShotClassifier`. With a ``text_tower``,
        only their shape matters.

    classes : array-like of shape (n_classes,), default=None
        The classes, integers or strings, in the order of ``class_embeddings``. None for ``0`` to
        ``n_classes - 1``.

    text_tower : callable, default=None
        Computes class embeddings, a tensor of shape (n_classes, n_features) in the order of
        ``class_embeddings``, from a context, a tensor with the shape of ``initial_context``.
        Torch must be able to differentiate it. Its own parameters are not changed. It must be on
        the device of the fit and deterministic (in evaluation mode). None to work in the space
        of the class embeddings.

    initial_context : array-like or tensor, default=None
        Initial context: the token embeddings of "a photo of a" in the paper. An array is
        converted to float32. None if ``text_tower`` is None.

    information_weight : float, default=0.3
        Weight of the mutual information relative to the transport cost.

    max_iter : int, default=1000
        Number of steps.

    batch_size : int, default=96
        Number of samples of a mini-batch, drawn without replacement. If there are fewer samples,
        each mini-batch contains all of them.

    learning_rate : float, default=0.001
        Learning rate of the first step. In step ``t`` it is multiplied by
        ``(1 + 0.0002 t) ** -0.75``.

    logit_scale : float, default=100.0
        Factor that turns cosines into logits: 100 for CLIP.

    spaces : None, "prefix", list or dict, default=None
        The columns of each space in a 2-D ``X``; see :class:`~sklearn_turtle.TurtleClustering`.

    space : int, str or None, default=None
        Position or name of the space of the class embeddings. None if ``X`` has one space.

    device : str or torch.device, default="auto"
        Device of the optimization: "auto" for the first available of CUDA, MPS and the CPU; or
        any device that torch supports.

    random_state : int, RandomState instance or None, default=None
        Determines the mini-batches. Pass an int for reproducible results.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes, sorted.

    class_embeddings_ : ndarray of shape (n_classes, n_features of the space)
        The tuned class embeddings, of unit norm, in the order of ``classes_``.

    context_ : ndarray
        The tuned context; without ``text_tower``, the vectors added to the class embeddings.

    loss_curve_ : ndarray of shape (`n_iter_`,)
        Loss of each step on its mini-batch.

    n_iter_ : int
        Number of steps.

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

    Notes
    -----
    Let ``c`` be the cosine between a sample and a prototype. The transport cost of the pair is
    ``1 - c``. A sample is transported to the prototypes in the proportions of the softmax of
    ``logit_scale * c`` over the prototypes; a prototype is transported to the samples in the
    proportions of the softmax over the mini-batch.

    The loss, the settings and the optimizer (SGD with a Nesterov momentum of 0.9 and a weight
    decay of 1e-3) are those of the authors' released code for prompt tuning, with three
    exceptions. The released code also tunes the logit scale; it takes 5000 steps and keeps the
    best one on labeled samples; and it adds 1e-5 and 1e-6 inside logarithms, which are exact
    here. The paper's other variant, which tunes the encoders, needs more than embeddings.

    References
    ----------
    .. [1] K. Tanwisuth, S. Zhang, H. Zheng, P. He, M. Zhou, "POUF: Prompt-oriented unsupervised
       fine-tuning for large pre-trained models", ICML 2023. https://arxiv.org/abs/2305.00350

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle.paper.baselines import POUF
    >>> X, y, texts = make_blobs(
    ...     200, n_features=8, centers=3, return_centers=True, random_state=0
    ... )
    >>> pouf = POUF(texts, classes=["ant", "bee", "cow"], max_iter=50, random_state=0).fit(X)
    >>> pouf.predict(X).shape
    (200,)
    """

    _parameter_constraints = ClassEmbeddingsClassifier._parameter_constraints | {
        "text_tower": [callable, None],
        "initial_context": ["array-like", torch.Tensor, None],
        "information_weight": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "learning_rate": [Interval(Real, 0, None, closed="neither")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        class_embeddings: Any,
        *,
        classes: Any = None,
        text_tower: Any = None,
        initial_context: Any = None,
        information_weight: float = 0.3,
        max_iter: int = 1000,
        batch_size: int = 96,
        learning_rate: float = 0.001,
        logit_scale: float = 100.0,
        spaces: Any = None,
        space: int | str | None = None,
        device: str | torch.device = "auto",
        random_state: Any = None,
    ) -> None:
        self.class_embeddings = class_embeddings
        self.classes = classes
        self.text_tower = text_tower
        self.initial_context = initial_context
        self.information_weight = information_weight
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.logit_scale = logit_scale
        self.spaces = spaces
        self.space = space
        self.device = device
        self.random_state = random_state

    def _fit_classifier(
        self,
        features: UnitFeatures,
        embeddings: torch.Tensor,
        classes: np.ndarray,
        order: np.ndarray,
    ) -> dict[str, Any]:
        tower, context = read_tower(self.text_tower, self.initial_context, embeddings, order)
        tuned = align_context(
            features,
            tower,
            context,
            self.logit_scale,
            information_weight=self.information_weight,
            max_iter=self.max_iter,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            draws=Draws(draw_seed(self)),
        )
        return {
            "class_embeddings_": tuned.embeddings,
            "context_": tuned.context,
            "loss_curve_": tuned.losses,
            "n_iter_": len(tuned.losses),
            "coef_": self.logit_scale * tuned.embeddings,
            "intercept_": embeddings.new_zeros(len(embeddings)),
        }
