"""Unsupervised prompt learning."""

from numbers import Integral, Real
from typing import Any

import numpy as np
import torch
from sklearn.utils._param_validation import Interval

from sklearn_turtle._estimator._fitted import draw_seed
from sklearn_turtle._input._unit import UnitFeatures
from sklearn_turtle._solver import Draws
from sklearn_turtle.paper.baselines._base import ClassEmbeddingsClassifier
from sklearn_turtle.paper.baselines._prompts import learn_context, most_confident
from sklearn_turtle.paper.baselines._text_tower import read_tower


class UPL(ClassEmbeddingsClassifier):
    """Unsupervised prompt learning: fit prompts to the most confident zero-shot predictions.

    UPL [1]_ selects the ``top_k`` samples of each class for which the zero-shot classifier is
    most confident, and takes its predictions as pseudo-labels. It learns prompt vectors by
    stochastic gradient descent on the cross-entropy of these pseudo-labels. It repeats this
    ``ensemble_size`` times, with different initial prompt vectors and mini-batches, and averages
    the logits.

    With a ``text_tower``, the prompt vectors are the context from which the tower computes class
    embeddings. Without one, UPL works in the space of the class embeddings: it learns one vector
    per class, which is added to the class embedding.

    Parameters
    ----------
    class_embeddings : array-like or tensor of shape (n_classes, n_features) or \
            (n_classes, n_templates, n_features)
        Text embeddings of each class; see :class:`ZeroShotClassifier`, whose predictions are the
        pseudo-labels.

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
        Initial context before random numbers are added: zeros of shape (n_vectors, width) in the
        paper. An array is converted to float32. None if ``text_tower`` is None.

    top_k : int, default=16
        Number of samples to select per class. A class with fewer predictions contributes all of
        them.

    ensemble_size : int, default=16
        Number of contexts to learn.

    context_std : float, default=0.02
        Standard deviation of the normally distributed numbers that are added to the initial
        context.

    n_epochs : int, default=50
        Number of passes over the selected samples. The first pass has a learning rate of 1e-5;
        afterwards, the rate decreases along half a cosine.

    batch_size : int, default=32
        Number of samples of a mini-batch.

    learning_rate : float, default=0.002
        Learning rate of the second pass.

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
        Determines the initial contexts and the mini-batches. Pass an int for reproducible
        results.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes, sorted.

    class_embeddings_ : ndarray of shape (ensemble_size, n_classes, n_features of the space)
        The learned class embeddings, of unit norm, in the order of ``classes_``.

    contexts_ : ndarray of shape (ensemble_size, ...)
        The learned contexts; without ``text_tower``, the vectors added to the class embeddings.

    selected_ : ndarray of shape (n_selected,), int64
        Row numbers of the selected samples, grouped by class, the most confident first.

    pseudo_labels_ : ndarray of shape (n_selected,)
        Pseudo-labels of the selected samples.

    loss_curve_ : ndarray of shape (`n_iter_`,)
        Loss of each step on its mini-batch, averaged over the ensemble.

    n_iter_ : int
        Number of steps for each context.

    coef_ : ndarray of shape (n_classes, n_features of the space)
        Coefficients of the averaged logits, for features of unit norm.

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
    The settings and the order of the steps follow the authors' released code: SGD with a
    momentum of 0.9 and a weight decay of 5e-4, and normally distributed initial contexts. The
    released code augments the images anew in each pass, which is not possible with precomputed
    features. The paper's variant that averages the predictions of several models for the
    pseudo-labels is not implemented.

    References
    ----------
    .. [1] T. Huang, J. Chu, F. Wei, "Unsupervised Prompt Learning for Vision-Language Models",
       2022. https://arxiv.org/abs/2204.03649

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle.paper.baselines import UPL
    >>> X, y, texts = make_blobs(
    ...     200, n_features=8, centers=3, return_centers=True, random_state=0
    ... )
    >>> upl = UPL(texts, classes=["ant", "bee", "cow"], ensemble_size=2, random_state=0).fit(X)
    >>> upl.predict(X).shape
    (200,)
    """

    _parameter_constraints = ClassEmbeddingsClassifier._parameter_constraints | {
        "text_tower": [callable, None],
        "initial_context": ["array-like", torch.Tensor, None],
        "top_k": [Interval(Integral, 1, None, closed="left")],
        "ensemble_size": [Interval(Integral, 1, None, closed="left")],
        "context_std": [Interval(Real, 0, None, closed="left")],
        "n_epochs": [Interval(Integral, 1, None, closed="left")],
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
        top_k: int = 16,
        ensemble_size: int = 16,
        context_std: float = 0.02,
        n_epochs: int = 50,
        batch_size: int = 32,
        learning_rate: float = 0.002,
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
        self.top_k = top_k
        self.ensemble_size = ensemble_size
        self.context_std = context_std
        self.n_epochs = n_epochs
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
        rows, labels = most_confident(features, embeddings, self.logit_scale, self.top_k)
        draws = Draws(draw_seed(self))
        ensemble = [
            learn_context(
                features,
                rows,
                labels,
                tower,
                context + draws.normal(context.shape, self.context_std).to(context),
                self.logit_scale,
                n_epochs=self.n_epochs,
                batch_size=self.batch_size,
                learning_rate=self.learning_rate,
                draws=draws,
            )
            for _ in range(self.ensemble_size)
        ]
        class_embeddings = torch.stack([tuned.embeddings for tuned in ensemble])
        loss_curve = torch.stack([tuned.losses for tuned in ensemble]).mean(0)
        return {
            "class_embeddings_": class_embeddings,
            "contexts_": torch.stack([tuned.context for tuned in ensemble]),
            "selected_": rows,
            "pseudo_labels_": classes[labels.numpy()],
            "loss_curve_": loss_curve,
            "n_iter_": len(loss_curve),
            # Averaging linear logits is the same as averaging their weights.
            "coef_": self.logit_scale * class_embeddings.mean(0),
            "intercept_": embeddings.new_zeros(len(embeddings)),
        }
