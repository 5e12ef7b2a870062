"""Unsupervised prompt learning."""

from numbers import Integral, Real

import torch
from sklearn.utils._param_validation import Interval

from sklearn_turtle._estimator._fitted import draw_seed
from sklearn_turtle._solver import Draws
from sklearn_turtle.paper.baselines._base import ClassEmbeddingsClassifier
from sklearn_turtle.paper.baselines._prompts import learn_context, most_confident
from sklearn_turtle.paper.baselines._text_tower import read_tower


class UPL(ClassEmbeddingsClassifier):
    """Unsupervised prompt learning: prompts that fit the surest zero-shot predictions.

    UPL [1]_ takes the ``top_k`` samples of each class of which the zero-shot classifier is most
    confident, with its predictions as pseudo-labels, and learns prompt vectors by stochastic
    gradient descent on their cross-entropy. It does so ``ensemble_size`` times, from other random
    prompt vectors and with other mini-batches, and averages the logits.

    Where there is a ``text_tower``, the prompt vectors are the context that it makes class
    embeddings of. Without one the method works in the space of the embeddings: what is learned is
    a vector for each class, which is added to its embedding.

    Parameters
    ----------
    class_embeddings : array-like or tensor of shape (n_classes, n_features) or \
            (n_classes, n_templates, n_features)
        Embeddings of texts of each class, as for :class:`ZeroShotClassifier`, whose predictions
        are the pseudo-labels.

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
        Where the context starts, to which random numbers are added: zeros of shape
        (n_vectors, width) for what the paper does. An array is converted to float32. None where
        ``text_tower`` is None.

    top_k : int, default=16
        Number of samples a class; of a class with fewer predictions, all are taken.

    ensemble_size : int, default=16
        Number of times that a context is learned.

    context_std : float, default=0.02
        Standard deviation of the normally distributed numbers that are added to the context at
        the start.

    n_epochs : int, default=50
        Number of passes over the selected samples: the first at a rate of 1e-5, the others
        at rates that fall along half a cosine.

    batch_size : int, default=32
        Number of samples of a mini-batch.

    learning_rate : float, default=0.002
        Learning rate of the second pass.

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
        Determines the contexts at the start and the mini-batches. Pass an int for the same result
        in every call.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes, sorted.

    class_embeddings_ : ndarray of shape (ensemble_size, n_classes, n_features of the space)
        The learned class embeddings, of unit norm, in the order of ``classes_``.

    contexts_ : ndarray of shape (ensemble_size, ...)
        The learned contexts; without ``text_tower``, what was added to the class embeddings.

    selected_ : ndarray of shape (n_selected,), int64
        The samples that were learned from, as rows of ``X``: class by class, the most
        confident first.

    pseudo_labels_ : ndarray of shape (n_selected,)
        Their pseudo-labels.

    loss_curve_ : ndarray of shape (`n_iter_`,)
        Loss of each step on its mini-batch, the mean over the ensemble.

    n_iter_ : int
        Number of steps for each context.

    coef_ : ndarray of shape (n_classes, n_features of the space)
        Coefficients of the averaged logits, for features of unit norm.

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
    Settings and the order of the steps are those of the authors' released code: SGD with a
    momentum of 0.9 and a weight decay of 5e-4, contexts drawn from a normal distribution. Its
    images are augmented anew in each pass, which features of a frozen model cannot be; the
    variant of the paper that takes the mean predictions of several models for pseudo-labels is
    left out.

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
        class_embeddings,
        *,
        classes=None,
        text_tower=None,
        initial_context=None,
        top_k=16,
        ensemble_size=16,
        context_std=0.02,
        n_epochs=50,
        batch_size=32,
        learning_rate=0.002,
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

    def _fitted(self, features, embeddings, classes, order):
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
            # the mean of linear logits is that of their weights
            "coef_": self.logit_scale * class_embeddings.mean(0),
            "intercept_": embeddings.new_zeros(len(embeddings)),
        }
