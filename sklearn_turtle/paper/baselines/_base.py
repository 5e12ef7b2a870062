"""The base class of the classifiers that start from class embeddings."""

from abc import ABCMeta, abstractmethod
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._estimator._fitted import replace_fitted
from sklearn_turtle._input._class_embeddings import name_of_space, read_class_embeddings
from sklearn_turtle._input._conversion import as_tensor
from sklearn_turtle._input._device import select_device
from sklearn_turtle._input._read import read_fit_input, read_predict_input
from sklearn_turtle._input._rows import check_finite
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle._input._unit import UnitFeatures, unit
from sklearn_turtle._linear._model import FittedLinearModel
from sklearn_turtle._linear._prediction import predict_labels, predict_probabilities


class ClassEmbeddingsClassifier(ClassifierMixin, BaseEstimator, metaclass=ABCMeta):
    """A linear classifier of features of unit norm that starts from class embeddings.

    Subclasses implement :meth:`_fit_classifier`, which computes the weights.
    """

    _parameter_constraints: dict[str, Any] = {
        "class_embeddings": ["array-like", torch.Tensor],
        "classes": ["array-like", None],
        "logit_scale": [Interval(Real, 0, None, closed="neither")],
        "spaces": [None, StrOptions({"prefix"}), "array-like", Mapping],
        "space": [None, str, Integral],
        "device": [str, torch.device],
    }

    class_embeddings: Any
    classes: Any
    logit_scale: float
    spaces: Any
    space: int | str | None
    device: str | torch.device

    classes_: np.ndarray
    coef_: np.ndarray
    intercept_: np.ndarray
    space_name_: str

    @_fit_context(prefer_skip_nested_validation=True)
    @with_torch_defaults
    def fit(self, X: Any, y: Any = None) -> "ClassEmbeddingsClassifier":
        """Fit the classifier to samples without labels.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features of the samples. One of the spaces is that of the class embeddings; the
            others are ignored.

        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : estimator
            The fitted estimator. If ``fit`` raises an error, the estimator is unchanged.

        Raises
        ------
        ValueError
            If the class embeddings do not match ``classes`` or the features; if they contain
            NaN, infinity or a vector of zeros; if the features contain NaN or infinity; or if
            ``device`` is not available.
        TypeError
            If a matrix is sparse.
        """
        spaces, schema = read_fit_input(self, X)
        space = spaces.only(name_of_space(self.space, spaces.names))
        (name,), (matrix,) = space.names, space.matrices
        embeddings, classes, order = self._read_class_embeddings(name, matrix.shape[1])
        device = select_device(self.device)
        tensor = as_tensor(matrix)
        check_finite(name, tensor)
        # MPS has no float64.
        dtype = getattr(torch, "float32" if device.type == "mps" else space.float_dtype.name)
        features = UnitFeatures(tensor, device=device, dtype=dtype)
        embeddings = embeddings.to(dtype).to(device)
        fitted = self._fit_classifier(features, embeddings, classes, order)
        arrays = {
            attribute: value.cpu().numpy() if isinstance(value, torch.Tensor) else value
            for attribute, value in fitted.items()
        }
        shared = {"classes_": classes, "space_name_": name}
        replace_fitted(self, schema.attributes | shared | arrays)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Predict the class of each sample.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces of ``fit``, as separate matrices or stacked.

        Returns
        -------
        y : ndarray of shape (n_samples,)
            The class with the highest probability.

        Raises
        ------
        ValueError
            If the spaces or their numbers of features differ from those of ``fit``, or if they
            contain NaN or infinity.
        """
        most_likely = predict_labels(*self._model_and_space(X))
        predicted: np.ndarray = self.classes_[most_likely]
        return predicted

    def predict_proba(self, X: Any) -> np.ndarray:
        """Predict the probability of each class for each sample.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces of ``fit``, as separate matrices or stacked.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_classes)
            Each row sums to 1; the columns are in the order of ``classes_``. float64 if the
            space has 64-bit numbers, else float32.

        Raises
        ------
        ValueError
            See :meth:`predict`.
        """
        probabilities: np.ndarray = predict_probabilities(*self._model_and_space(X))
        return probabilities

    @abstractmethod
    def _fit_classifier(
        self,
        features: UnitFeatures,
        embeddings: torch.Tensor,
        classes: np.ndarray,
        order: np.ndarray,
    ) -> dict[str, Any]:
        """Fit to checked input.

        Parameters
        ----------
        features : UnitFeatures
            The samples.
        embeddings : tensor of shape (n_classes, n_features)
            Class embeddings of unit norm, with the device and the dtype of the features.
        classes : ndarray of shape (n_classes,)
            The classes, sorted.
        order : ndarray of shape (n_classes,), int
            Position of each class in the parameters of the estimator.

        Returns
        -------
        dict
            Fitted attributes, including ``coef_`` and ``intercept_``. Tensors become arrays.
        """

    def _read_class_embeddings(
        self, name: str, n_features: int
    ) -> tuple[torch.Tensor, np.ndarray, np.ndarray]:
        """Read the class embeddings for a space with the given name and number of features."""
        return read_class_embeddings(self.class_embeddings, self.classes, (name, n_features))

    def _model_and_space(self, X: Any) -> tuple[FittedLinearModel, Spaces]:
        """The fitted model and the rows to predict, in the space of the class embeddings."""
        check_is_fitted(self)
        space = read_predict_input(self, X).only(self.space_name_)
        model = FittedLinearModel(
            [self.coef_], [self.intercept_], device=self.device, transform=unit
        )
        return model, space

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = False  # the classes come with their embeddings
        return tags
