"""Gaussian discriminant analysis without labels."""

import warnings
from numbers import Integral, Real

from sklearn.exceptions import ConvergenceWarning
from sklearn.utils._param_validation import Interval, StrOptions

from sklearn_turtle.paper.baselines._base import ClassEmbeddingsClassifier
from sklearn_turtle.paper.baselines._prompts import fit_discriminant


class GDA(ClassEmbeddingsClassifier):
    """Gaussian discriminant analysis without labels, mixed with the zero-shot classifier.

    The unsupervised form of the method of [1]_: the features of each class are taken to be
    normally distributed, all classes being equally likely and having one covariance. EM fits the
    means and the covariance to samples without labels, starting at the probabilities of the
    zero-shot classifier. The logits of the Gaussians, which are linear, are added to those of the
    zero-shot classifier. All of it happens in the space of the embeddings.

    Parameters
    ----------
    class_embeddings : array-like or tensor of shape (n_classes, n_features) or \
            (n_classes, n_templates, n_features)
        Embeddings of texts of each class, as for :class:`ZeroShotClassifier`.

    classes : array-like of shape (n_classes,), default=None
        Integers or strings, in the order of ``class_embeddings``. None for ``0`` to
        ``n_classes - 1``.

    alpha : float or "auto", default="auto"
        Weight of the logits of the Gaussians. "auto" for ``(n_samples - 1) / n_features``, but at
        least 1, which undoes the factor by which the estimate of the inverse covariance falls
        short where there are many samples.

    max_iter : int, default=100
        Number of steps of EM at most.

    tol : float, default=1e-3
        EM ends once no mean moves by more than this; features have unit norm.

    logit_scale : float, default=100.0
        What cosines are multiplied with: for CLIP, 100.

    spaces : None, "prefix", list or dict, default=None
        Which columns of a 2-D ``X`` belong to which space, as for
        :class:`~sklearn_turtle.TurtleClustering`.

    space : int, str or None, default=None
        Position or name of the space that the class embeddings live in. None where ``X`` has one.

    device : str or torch.device, default="auto"
        Where the optimization runs: "auto" for CUDA, then MPS, then the CPU, whichever is there;
        or any device that torch knows.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes, sorted.

    means_ : ndarray of shape (n_classes, n_features of the space)
        Mean of each Gaussian, of features of unit norm, in the order of ``classes_``. A class
        that no sample belongs to has the mean of all.

    alpha_ : float
        Weight of the logits of the Gaussians.

    n_iter_ : int
        Number of steps of EM.

    coef_ : ndarray of shape (n_classes, n_features of the space)
        Coefficients of the mixed logits, for features of unit norm.

    intercept_ : ndarray of shape (n_classes,)
        Intercepts of the mixed logits.

    space_name_ : str
        Name of the space that the class embeddings live in.

    space_names_ : list of str
        Name of each space.

    n_features_in_ : int
        Number of features of all spaces together.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features where ``X`` has names that are all strings.

    Notes
    -----
    For features ``x`` of unit norm, class embeddings ``t_k``, means ``mu_k`` and the pooled
    covariance ``S`` of ``n`` samples of ``d`` features, the logit of class ``k`` is::

        logit_scale * x' t_k + alpha * (x' P mu_k - mu_k' P mu_k / 2)

    with ``P = d ((n - 1) S + tr(S) I)^-1``. The step E takes the softmax of these logits for the
    responsibilities, the step M the means and the covariance that they weight. If ``alpha P`` is
    the inverse of ``S``, the softmax is the posterior of a mixture that takes the zero-shot
    probabilities of each sample for its prior.

    The logits and the estimate of ``P`` are those of the authors' released code. It holds the
    supervised method alone, and chooses ``alpha`` by labeled validation samples: EM is here
    what it is for this mixture, and ``alpha`` follows a rule.

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
        class_embeddings,
        *,
        classes=None,
        alpha="auto",
        max_iter=100,
        tol=1e-3,
        logit_scale=100.0,
        spaces=None,
        space=None,
        device="auto",
    ):
        self.class_embeddings = class_embeddings
        self.classes = classes
        self.alpha = alpha
        self.max_iter = max_iter
        self.tol = tol
        self.logit_scale = logit_scale
        self.spaces = spaces
        self.space = space
        self.device = device

    def _fitted(self, features, embeddings, classes, order):
        n_samples, n_features = features.n_samples, features.n_features
        if n_samples < 2:
            raise ValueError(f"n_samples={n_samples} should be >= 2: a covariance needs two.")
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
                f"EM did not come to rest in max_iter={self.max_iter} steps: raise max_iter or "
                "tol.",
                ConvergenceWarning,
                stacklevel=4,
            )
        return {
            "means_": discriminant.means.to(features.dtype),
            "alpha_": float(alpha),
            "n_iter_": discriminant.n_iter,
            "coef_": discriminant.weight.to(features.dtype),
            "intercept_": discriminant.bias.to(features.dtype),
        }
