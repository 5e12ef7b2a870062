"""Prompt-oriented unsupervised fine-tuning."""

from numbers import Integral, Real

import torch
from sklearn.utils._param_validation import Interval

from sklearn_turtle._estimator._fitted import draw_seed
from sklearn_turtle._solver import Draws
from sklearn_turtle.paper.baselines._base import ClassEmbeddingsClassifier
from sklearn_turtle.paper.baselines._prompts import align_context
from sklearn_turtle.paper.baselines._text_tower import read_tower


class POUF(ClassEmbeddingsClassifier):
    """Prompt-oriented unsupervised fine-tuning: prompts whose classes lie where the samples do.

    POUF [1]_ moves the class embeddings (prototypes) to the samples by stochastic gradient descent
    on the cost of transporting samples to prototypes and prototypes to samples, less the mutual
    information of samples and classes.

    Where there is a ``text_tower``, it tunes the context that the tower makes class embeddings
    of. Without one the method works in the space of the embeddings: what is tuned is a vector
    for each class, zero at the start, which is added to its embedding.

    Parameters
    ----------
    class_embeddings : array-like or tensor of shape (n_classes, n_features) or \
            (n_classes, n_templates, n_features)
        Embeddings of texts of each class, as for :class:`ZeroShotClassifier`. Where there is a
        ``text_tower``, only their shape matters.

    classes : array-like of shape (n_classes,), default=None
        Integers or strings, in the order of ``class_embeddings``. None for ``0`` to
        ``n_classes - 1``.

    text_tower : callable, default=None
        Makes class embeddings, a tensor of shape (n_classes, n_features) in the order of
        ``class_embeddings``, of a context, a tensor of the shape of ``initial_context``; torch
        must be able to differentiate it. Its own parameters stay as they are. It must be on the
        device of the fit, and give the same for the same context (evaluation mode). None to work
        in the space of the embeddings.

    initial_context : array-like or tensor, default=None
        Where the context starts: the token embeddings of "a photo of a" for what the paper does.
        An array is converted to float32. None where ``text_tower`` is None.

    information_weight : float, default=0.3
        Weight of the mutual information beside the cost of transport.

    max_iter : int, default=1000
        Number of steps.

    batch_size : int, default=96
        Number of samples of a mini-batch, drawn without replacement; all where there are no more.

    learning_rate : float, default=0.001
        Learning rate of the first step; that of step ``t`` is smaller by
        ``(1 + 0.0002 t) ** -0.75``.

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

    random_state : int, RandomState instance or None, default=None
        Determines the mini-batches. Pass an int for the same result in every call.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes, sorted.

    class_embeddings_ : ndarray of shape (n_classes, n_features of the space)
        The tuned class embeddings, of unit norm, in the order of ``classes_``.

    context_ : ndarray
        The tuned context; without ``text_tower``, what was added to the class embeddings.

    loss_curve_ : ndarray of shape (`n_iter_`,)
        Loss of each step on its mini-batch.

    n_iter_ : int
        Number of steps.

    coef_ : ndarray of shape (n_classes, n_features of the space)
        Coefficients of the logits, for features of unit norm.

    intercept_ : ndarray of shape (n_classes,)
        Zeros.

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
    With ``c`` the cosine of a sample and a prototype, the cost of the pair is ``1 - c``; a sample
    goes to the prototypes by the softmax of ``logit_scale * c`` over the prototypes, a prototype
    to the samples by the softmax over those of the mini-batch. The loss, the settings and the
    optimizer (SGD with Nesterov's momentum of 0.9 and a weight decay of 1e-3) are those of the
    authors' released code for prompt tuning, except that it tunes the logit scale as well, takes
    5000 steps, and keeps the best of them on labeled samples; and that it adds 1e-5 and 1e-6
    inside of logarithms, which here are exact. The paper's other variant, which tunes the encoders
    themselves, needs more than embeddings.

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
        class_embeddings,
        *,
        classes=None,
        text_tower=None,
        initial_context=None,
        information_weight=0.3,
        max_iter=1000,
        batch_size=96,
        learning_rate=0.001,
        logit_scale=100.0,
        spaces=None,
        space=None,
        device="auto",
        random_state=None,
    ):
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

    def _fitted(self, features, embeddings, classes, order):
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
