"""What the classifiers of class embeddings share: reading input, and predicting."""

from abc import abstractmethod
from collections.abc import Mapping
from numbers import Integral, Real

import torch
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._estimator._fitted import replace_fitted
from sklearn_turtle._input._class_embeddings import name_of_space, read_class_embeddings
from sklearn_turtle._input._device import as_tensor, available_device, select_device
from sklearn_turtle._input._read import read_fit_input, read_predict_input
from sklearn_turtle._input._rows import check_finite
from sklearn_turtle._input._unit import UnitFeatures, unit
from sklearn_turtle._linear._prediction import predict_labels, predict_probabilities


class ClassEmbeddingsClassifier(ClassifierMixin, BaseEstimator):
    """A linear classifier of features of unit norm, which starts from embeddings of the classes.

    Subclasses say in ``_fitted`` how its weights come about.
    """

    _parameter_constraints = {
        "class_embeddings": ["array-like", torch.Tensor],
        "classes": ["array-like", None],
        "logit_scale": [Interval(Real, 0, None, closed="neither")],
        "spaces": [None, StrOptions({"prefix"}), "array-like", Mapping],
        "space": [None, str, Integral],
        "device": [str, torch.device],
    }

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Fit the classifier to samples without labels.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features of the samples, in the space of the class embeddings and possibly others.

        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : estimator
            The fitted estimator. Where ``fit`` raises, the estimator is as it was before.

        Raises
        ------
        ValueError
            If the class embeddings do not fit ``classes`` or the features, or hold NaN, infinity
            or a vector of zeros; if the features hold NaN or infinity; or if ``device`` cannot
            be used.
        TypeError
            If a matrix is sparse.
        """
        spaces, of_input = read_fit_input(self, X)
        space = spaces.only(name_of_space(self.space, spaces.names))
        (name,), (matrix,) = space.names, space.matrices
        embeddings, classes, order = self._class_embeddings(name, matrix.shape[1])
        device = select_device(self.device)
        features = as_tensor(matrix)
        check_finite(name, features)
        # MPS has no float64
        dtype = getattr(torch, "float32" if device.type == "mps" else space.float_dtype.name)
        features = UnitFeatures(features, device=device, dtype=dtype)
        embeddings = embeddings.to(dtype).to(device)
        attributes = self._fitted(features, embeddings, classes, order)
        arrays = {
            attribute: value.cpu().numpy() if isinstance(value, torch.Tensor) else value
            for attribute, value in attributes.items()
        }
        of_classes = {"classes_": classes, "space_name_": name}
        replace_fitted(self, of_input | of_classes | arrays)
        return self

    def predict(self, X):
        """Classify each sample.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces that ``fit`` saw, apart or stacked.

        Returns
        -------
        y : ndarray of shape (n_samples,)
            The class of the highest probability.

        Raises
        ------
        ValueError
            If the spaces or their numbers of features are not those that ``fit`` saw, or if
            they hold NaN or infinity.
        """
        labels = predict_labels(*self._linear(X), transform=unit)
        return self.classes_[labels]

    def predict_proba(self, X):
        """Probability of each class for each sample.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces that ``fit`` saw, apart or stacked.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_classes)
            Rows sum to 1; classes in the order of ``classes_``. float64 where the space is of
            64-bit numbers, else float32.

        Raises
        ------
        ValueError
            As :meth:`predict`.
        """
        return predict_probabilities(*self._linear(X), transform=unit)

    @abstractmethod
    def _fitted(self, features, embeddings, classes, order):
        """Fit to checked input.

        Parameters
        ----------
        features : UnitFeatures
            The samples.
        embeddings : tensor of shape (n_classes, n_features)
            Class embeddings of unit norm, on the device and in the dtype of the features.
        classes : ndarray of shape (n_classes,)
            The classes, sorted.
        order : ndarray of shape (n_classes,), int
            Where each class stands in the parameters of the estimator.

        Returns
        -------
        dict
            Fitted attributes, of them ``coef_`` and ``intercept_``.
        """

    def _class_embeddings(self, name, n_features):
        """As :func:`read_class_embeddings`, for a space of that name and width."""
        return read_class_embeddings(self.class_embeddings, self.classes, (name, n_features))

    def _linear(self, X):
        """What predictions are made of: the features, and a linear model of their directions."""
        check_is_fitted(self)
        space = read_predict_input(self, X).only(self.space_name_)
        device = available_device(self.device)
        return space, [self.coef_], [self.intercept_], 1.0, device

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = False  # the classes come with their embeddings
        return tags
