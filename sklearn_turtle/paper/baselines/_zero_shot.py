"""CLIP's zero-shot classifier."""

from sklearn.base import _fit_context

from sklearn_turtle._input._class_embeddings import read_class_embeddings
from sklearn_turtle.paper.baselines._base import ClassEmbeddingsClassifier


class ZeroShotClassifier(ClassEmbeddingsClassifier):
    """Classify images by the cosines of their embeddings and those of texts that name the classes.

    The zero-shot transfer of CLIP [1]_: the logit of a class is ``logit_scale`` times the cosine
    of the embedding of the image and that of the class, which is made of one or several prompts,
    such as "a photo of a dog". Nothing is learned.

    Parameters
    ----------
    class_embeddings : array-like or tensor of shape (n_classes, n_features) or \
            (n_classes, n_templates, n_features)
        Embeddings of the texts of each class, of any norm, by the model that embedded the images.
        Where there are several templates a class, their embeddings are normalized, averaged, and
        normalized again (prompt ensembling).

    classes : array-like of shape (n_classes,), default=None
        Integers or strings, in the order of ``class_embeddings``. None for ``0`` to
        ``n_classes - 1``.

    logit_scale : float, default=100.0
        What cosines are multiplied with: for CLIP, 100. It makes probabilities more or less
        certain, and does not change the predicted classes.

    spaces : None, "prefix", list or dict, default=None
        Which columns of a 2-D ``X`` belong to which space, as for
        :class:`~sklearn_turtle.TurtleClustering`.

    space : int, str or None, default=None
        Position or name of the space that the class embeddings live in. None where ``X`` has one.

    device : str or torch.device, default="auto"
        Where the products are made: "auto" for CUDA, then MPS, then the CPU, whichever is there;
        or any device that torch knows.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes, sorted.

    class_embeddings_ : ndarray of shape (n_classes, n_features of the space)
        One embedding a class, of unit norm, in the order of ``classes_``.

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
        class_embeddings,
        *,
        classes=None,
        logit_scale=100.0,
        spaces=None,
        space=None,
        device="auto",
    ):
        self.class_embeddings = class_embeddings
        self.classes = classes
        self.logit_scale = logit_scale
        self.spaces = spaces
        self.space = space
        self.device = device

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X=None, y=None):
        """Check the class embeddings, and make the classifier of them.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features), default=None
            Features of any samples, which tell of the spaces and are not learned from. None for
            one space, of the number of features of ``class_embeddings``.

        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : ZeroShotClassifier
            The fitted classifier. Where ``fit`` raises, it is as it was before.

        Raises
        ------
        ValueError
            If the class embeddings do not fit ``classes`` or the features, or hold NaN, infinity
            or a vector of zeros; if the features hold NaN or infinity; or if ``device`` cannot
            be used.
        TypeError
            If a matrix is sparse.
        """
        if X is None:
            X = read_class_embeddings(self.class_embeddings, self.classes)[0].numpy()
        return super().fit(X, y)

    def _fitted(self, features, embeddings, classes, order):
        return {
            "class_embeddings_": embeddings,
            "coef_": self.logit_scale * embeddings,
            "intercept_": embeddings.new_zeros(len(embeddings)),
        }
