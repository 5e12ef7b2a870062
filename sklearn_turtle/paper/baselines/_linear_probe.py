"""The linear probe: the accuracy of a linear classifier that is trained with labels."""

import warnings
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from sklearn_turtle._estimator._fitted import replace_fitted
from sklearn_turtle._input._read import read_classes, read_fit_input, read_predict_input
from sklearn_turtle._linear._model import FittedLinearModel
from sklearn_turtle._linear._prediction import predict_probabilities
from sklearn_turtle.paper.baselines._arrays import float_arrays

# The coarse grid has every 16th strength: with 96 of them, one per two powers of ten.
COARSE_STEP = 16


class LinearProbe(ClassifierMixin, BaseEstimator):
    """Classify samples by logistic regression: the supervised upper bound for a labeling.

    In each space, the strength of the L2 penalty is chosen by the accuracy on held-out rows.
    Then the regression is fitted again to all rows [1]_. The probabilities are averaged over the
    spaces. TURTLE's labeling has the same form (Eq. 9 of [2]_), so the probe shows what accuracy
    a labeling of this form can reach.

    Parameters
    ----------
    spaces : None, "prefix", list or dict, default=None
        The columns of each space in a 2-D ``X``; see :class:`~sklearn_turtle.TurtleClustering`.

    Cs : int or array-like of shape (n_strengths,), default=96
        Inverse strengths of the penalty to choose from. An int is the number of strengths from
        1e-6 to 1e6, evenly spaced on a logarithmic scale.

    search : {"coarse-to-fine", "exhaustive"}, default="coarse-to-fine"
        Which strengths are tried. "exhaustive" tries all. "coarse-to-fine" tries every 16th, then
        repeatedly halves the distance around the best one, down to its neighbors. If the accuracy
        has a single peak, both make the same choice; for 96 strengths, "coarse-to-fine" needs 15
        fits.

    validation_fraction : float, default=0.2
        Fraction of the rows that is held out for the choice, drawn at random. One row of each
        class is never held out.

    max_iter : int, default=1000
        Maximum number of iterations of a regression (L-BFGS).

    tol : float, default=1e-4
        A regression has converged if no entry of the gradient is larger.

    random_state : int, RandomState instance or None, default=None
        Determines the held-out rows. Pass an int for reproducible results.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes.

    coef_ : list of ndarray of shape (n_classes, n_features of the space)
        Coefficients in each space.

    intercept_ : list of ndarray of shape (n_classes,)
        Intercepts in each space.

    C_ : ndarray of shape (n_spaces,)
        Chosen inverse strength in each space; in a tie, the smallest.

    Cs_ : ndarray of shape (n_strengths,)
        Inverse strengths to choose from, in ascending order.

    validation_scores_ : ndarray of shape (n_spaces, n_strengths)
        Accuracy on the held-out rows; NaN for strengths that were not tried.

    n_iter_ : ndarray of shape (n_spaces,)
        Number of iterations of the final regression in each space.

    space_names_ : list of str
        Name of each space.

    n_features_in_ : int
        Total number of features of all spaces.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features. Defined only if ``X`` has feature names that are all strings.

    See Also
    --------
    sklearn.linear_model.LogisticRegression : The regression in one space.
    sklearn.linear_model.LogisticRegressionCV : Chooses the strength by cross-validation.

    Notes
    -----
    The 96 strengths, the held-out fifth and the rule for ties follow the released code of [2]_.
    That code tries all strengths and probes one space at a time. Averaging the probabilities of
    several spaces is the choice of this package.

    References
    ----------
    .. [1] A. Radford et al., "Learning Transferable Visual Models From Natural Language
       Supervision", ICML 2021, Appendix A.3. https://arxiv.org/abs/2103.00020
    .. [2] A. Gadetsky, Y. Jiang, M. Brbic, "Let Go of Your Labels with Unsupervised Transfer",
       ICML 2024. https://arxiv.org/abs/2406.07236

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_turtle.paper.baselines import LinearProbe
    >>> X, y = load_iris(return_X_y=True)
    >>> probe = LinearProbe(Cs=[0.01, 0.1, 1.0, 10.0], random_state=0)
    >>> bool(probe.fit([X[:, :2], X[:, 2:]], y).score(X, y) > 0.8)
    True
    """

    _parameter_constraints: dict[str, Any] = {
        "spaces": [None, StrOptions({"prefix"}), "array-like", Mapping],
        "Cs": [Interval(Integral, 1, None, closed="left"), "array-like"],
        "search": [StrOptions({"coarse-to-fine", "exhaustive"})],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="neither")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        spaces: Any = None,
        Cs: Any = 96,
        search: str = "coarse-to-fine",
        validation_fraction: float = 0.2,
        max_iter: int = 1000,
        tol: float = 1e-4,
        random_state: Any = None,
    ) -> None:
        self.spaces = spaces
        self.Cs = Cs
        self.search = search
        self.validation_fraction = validation_fraction
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any) -> "LinearProbe":
        """Choose the strengths and fit the regressions.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features; see :meth:`sklearn_turtle.TurtleClustering.fit`.

        y : array-like of shape (n_samples,)
            Class of each sample: integers or strings.

        Returns
        -------
        self : LinearProbe
            The fitted classifier.

        Raises
        ------
        ValueError
            If the matrices are not 2-D, are empty, differ in their number of rows, or contain NaN
            or infinity; if ``spaces`` does not match ``X``; if ``y`` does not contain one class
            per sample, contains only one class, or contains each class only once; or if ``Cs``
            are not positive.
        TypeError
            If a matrix is sparse.

        Warns
        -----
        ConvergenceWarning
            If a regression on all rows does not converge.
        """
        spaces, schema = read_fit_input(self, X)
        y = read_classes(self, y)
        check_consistent_length(y, spaces.matrices[0])
        classes, y = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(
                f"{type(self).__name__} needs samples of at least 2 classes; y has only one "
                f"class: {classes[0]!r}."
            )
        held_out = _hold_out(y, self.validation_fraction, check_random_state(self.random_state))
        strengths = self._strengths()
        scores, chosen, regressions = [], [], []
        for features in float_arrays(spaces):
            scores.append(self._validate(features, y, held_out, strengths))
            chosen.append(strengths[np.nanargmax(scores[-1])])
            regressions.append(self._regression(C=chosen[-1]).fit(features, y))
        attributes = schema.attributes | {
            "classes_": classes,
            "coef_": [_coefficients_per_class(regression.coef_) for regression in regressions],
            "intercept_": [
                _coefficients_per_class(regression.intercept_[:, None])[:, 0]
                for regression in regressions
            ],
            "C_": np.array(chosen),
            "Cs_": strengths,
            "validation_scores_": np.stack(scores),
            "n_iter_": np.array([regression.n_iter_.max() for regression in regressions]),
        }
        replace_fitted(self, attributes)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Predict the probability of each class, averaged over the spaces.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces of ``fit``, as separate matrices or stacked.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_classes)
            Each row sums to 1; the columns are in the order of ``classes_``. float64 if any
            space has 64-bit numbers, else float32.

        Raises
        ------
        ValueError
            If the spaces or their numbers of features differ from those of ``fit``, or if they
            contain NaN or infinity.
        """
        check_is_fitted(self)
        spaces = read_predict_input(self, X)
        model = FittedLinearModel(self.coef_, self.intercept_)
        probabilities: np.ndarray = predict_probabilities(model, spaces)
        return probabilities

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
            See :meth:`predict_proba`.
        """
        most_likely = self.predict_proba(X).argmax(1)
        predicted: np.ndarray = self.classes_[most_likely]
        return predicted

    def _strengths(self) -> np.ndarray:
        if isinstance(self.Cs, Integral):
            return np.logspace(-6, 6, self.Cs)
        strengths = np.unique(np.asarray(self.Cs, dtype=np.float64))
        if len(strengths) == 0 or not (strengths > 0).all():
            raise ValueError(f"Cs={self.Cs!r} must be an int, or an array of positive numbers.")
        return strengths

    def _regression(self, **parameters: Any) -> LogisticRegression:
        return LogisticRegression(max_iter=self.max_iter, tol=self.tol, **parameters)

    def _validate(
        self, features: np.ndarray, y: np.ndarray, held_out: np.ndarray, strengths: np.ndarray
    ) -> np.ndarray:
        """Accuracy of each strength on the held-out rows; NaN if it was not tried."""
        trained = np.setdiff1d(np.arange(len(y)), held_out)
        # Each regression starts from the previous one.
        regression = self._regression(warm_start=True)

        def accuracy(index: int) -> float:
            regression.set_params(C=strengths[index]).fit(features[trained], y[trained])
            score: float = regression.score(features[held_out], y[held_out])
            return score

        coarse_step = COARSE_STEP if self.search == "coarse-to-fine" else 1
        with warnings.catch_warnings():
            # Very weak penalties may not converge. They are rarely chosen.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return scores_around_peak(accuracy, len(strengths), coarse_step)


def scores_around_peak(
    score: Callable[[int], float], n_values: int, coarse_step: int
) -> np.ndarray:
    """Score every ``coarse_step``-th value, then closer and closer ones around the best.

    Parameters
    ----------
    score : callable
        ``score(index)`` returns the score of a value.
    n_values : int
        Number of values.
    coarse_step : int
        Distance between the values that are scored first; 1 scores all.

    Returns
    -------
    ndarray of shape (n_values,)
        NaN for values that were not scored. If the scores rise to a peak and fall after it, the
        first maximum is the first maximum of all values.
    """
    scores = np.full(n_values, np.nan)

    def visit(indices: Iterable[int]) -> None:
        for index in indices:
            if 0 <= index < n_values and np.isnan(scores[index]):
                scores[index] = score(index)

    visit([*range(0, n_values, coarse_step), n_values - 1])
    step = coarse_step
    while step > 1:
        step //= 2
        best = int(np.nanargmax(scores))
        visit([best - step, best + step])
    return scores


def _hold_out(y: np.ndarray, fraction: float, random_state: np.random.RandomState) -> np.ndarray:
    """Draw the rows to hold out, and leave at least one row of each class."""
    order = random_state.permutation(len(y))
    _, first_of_class = np.unique(y[order], return_index=True)
    spare = np.delete(order, first_of_class)
    if len(spare) == 0:
        raise ValueError(
            "y contains each class only once, so no row is left to choose the strength of the "
            "penalty. Pass more samples."
        )
    return spare[: max(1, round(fraction * len(y)))]


def _coefficients_per_class(coefficients: np.ndarray) -> np.ndarray:
    """Give each class its own coefficients.

    For two classes, scikit-learn stores only those of the second class against the first.
    """
    if len(coefficients) > 1:
        return coefficients
    return np.vstack([-coefficients, coefficients]) / 2
