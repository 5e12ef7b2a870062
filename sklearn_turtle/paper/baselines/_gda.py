"""Gaussian discriminant analysis without labels."""

import warnings
from numbers import Integral, Real
from typing import Any

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils._param_validation import Interval, StrOptions

from sklearn_turtle._input._unit import UnitFeatures
from sklearn_turtle.paper.baselines._base import ClassEmbeddingsClassifier
from sklearn_turtle.paper.baselines._prompts import fit_discriminant


class GDA(ClassEmbeddingsClassifier):
    """Gaussian discriminant analysis without labels, mixed with the zero-shot classifier.

    This is the unsupervised form of the method of [1]_. It models the features of each class as
    normally distributed; all classes are equally likely and share one covariance. EM fits the
    means and the covariance to samples without labels, and starts at the probabilities of the
    zero-shot classifier. The logits of the Gaussians are linear; they are added to the logits of
    the zero-shot classifier. The method works in the space of the class embeddings.

    Parameters
    ----------
    class_embeddings : array-like or tensor of shape (n_classes, n_features) or \
            (n_classes, n_templates, n_features)
        Text embeddings of each class; see :class:`ZeroShotClassifier`.

    classes : array-like of shape (n_classes,), default=None
        The classes, integers or strings, in the order of ``class_embeddings``. None for ``0`` to
        ``n_classes - 1``.

    alpha : float or "auto", default="auto"
        Weight of the logits of the Gaussians. "auto" for ``(n_samples - 1) / n_features``, but
        at least 1. This corrects the scale of the estimated inverse covariance, which is too
        small by about this factor if there are many samples.

    max_iter : int, default=100
        Maximum number of EM steps.

    tol : float, default=1e-3
        EM stops when every mean moves by at most ``tol``; the features have unit norm.

    logit_scale : float, default=100.0
        Factor that turns cosines into logits: 100 for CLIP.

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

    means_ : ndarray of shape (n_classes, n_features of the space)
        Mean of each Gaussian, for features of unit norm, in the order of ``classes_``. A class
        without samples has the mean of all samples.

    alpha_ : float
        Weight of the logits of the Gaussians.

    n_iter_ : int
        Number of EM steps.

    coef_ : ndarray of shape (n_classes, n_features of the space)
        Coefficients of the mixed logits, for features of unit norm.

    intercept_ : ndarray of shape (n_classes,)
        Intercepts of the mixed logits.

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
    For features ``x`` of unit norm, class embeddings ``t_k``, means ``mu_k`` and the pooled
    covariance ``S`` of ``n`` samples of ``d`` features, the logit of class ``k`` is::

        logit_scale * x' t_k + alpha * (x' P mu_k - mu_k' P mu_k / 2)

    with ``P = d ((n - 1) S + tr(S) I)^-1``. The E step computes the responsibilities as the
    softmax of these logits. The M step computes the means and the covariance weighted by the
    responsibilities. If ``alpha P`` is the inverse of ``S``, the softmax is the posterior of a
    mixture whose prior for each sample is its zero-shot probabilities.

    The logits and the estimate of ``P`` follow the authors' released code. That code contains
    only the supervised method and chooses ``alpha`` with labeled validation samples. Here, EM is
    derived from the mixture, and ``alpha`` follows a rule.

    References
    ----------
    .. [1] Z. Wang, J. Liang, L. Sheng, R. He, Z. Wang, T. Tan, "A Hard-to-Beat Baseline for
       Training-free CLIP-based Adaptation", ICLR 2024. https://arxiv.org/abs/2402.04087

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle.paper.baselines import GDA
    >>> X, y, texts = make_blobs(
    ...     200, n_features=8, centers=3, return_centers=True, random_state=0
    ... )
    >>> gda = GDA(texts, classes=["ant", "bee", "cow"]).fit(X)
    >>> gda.predict(X).shape
    (200,)
    """

    _parameter_constraints = ClassEmbeddingsClassifier._parameter_constraints | {
        "alpha": [Interval(Real, 0, None, closed="left"), StrOptions({"auto"})],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left")],
    }

    def __init__(
        self,
        class_embeddings: Any,
        *,
        classes: Any = None,
        alpha: Any = "auto",
        max_iter: int = 100,
        tol: float = 1e-3,
        logit_scale: float = 100.0,
        spaces: Any = None,
        space: int | str | None = None,
        device: str | torch.device = "auto",
    ) -> None:
        self.class_embeddings = class_embeddings
        self.classes = classes
        self.alpha = alpha
        self.max_iter = max_iter
        self.tol = tol
        self.logit_scale = logit_scale
        self.spaces = spaces
        self.space = space
        self.device = device

    def _fit_classifier(
        self,
        features: UnitFeatures,
        embeddings: torch.Tensor,
        classes: np.ndarray,
        order: np.ndarray,
    ) -> dict[str, Any]:
        n_samples, n_features = features.n_samples, features.n_features
        if n_samples < 2:
            raise ValueError(
                f"n_samples={n_samples} should be >= 2: a covariance needs two samples."
            )
        alpha = max(1.0, (n_samples - 1) / n_features) if self.alpha == "auto" else self.alpha
        discriminant = fit_discriminant(
            features,
            self.logit_scale * embeddings,
            alpha=alpha,
            max_iter=self.max_iter,
            tol=self.tol,
        )
        if not discriminant.converged:
            warnings.warn(
                f"EM did not converge in max_iter={self.max_iter} steps. Increase max_iter or tol.",
                ConvergenceWarning,
                stacklevel=5,
            )
        return {
            "means_": discriminant.means.to(features.dtype),
            "alpha_": float(alpha),
            "n_iter_": discriminant.n_iter,
            "coef_": discriminant.weight.to(features.dtype),
            "intercept_": discriminant.bias.to(features.dtype),
        }
