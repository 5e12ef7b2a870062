"""The linear probe: what a linear classifier reaches with all labels."""

import warnings
from collections.abc import Mapping
from numbers import Integral, Real

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from sklearn_turtle._estimator._fitted import replace_fitted
from sklearn_turtle._input._read import read_classes, read_fit_input, read_predict_input
from sklearn_turtle._linear._prediction import predict_probabilities
from sklearn_turtle.paper.baselines._arrays import float_arrays

# The coarse search takes every 16th strength: of the 96, one in two powers of ten.
COARSE_STEP = 16


class LinearProbe(ClassifierMixin, BaseEstimator):
    """Classify samples by logistic regression: the supervised bound of a labeling.

    In each space, the strength of the L2 penalty is chosen by the accuracy on a part of the rows
    that is held out, and the regression is fitted again to all rows [1]_. The probabilities are
    the mean over the spaces, the form that TURTLE's labeling has (Eq. 9 of [2]_), so that the
    probe shows what a labeling of that form can reach.

    Parameters
    ----------
    spaces : None, "prefix", list or dict, default=None
        Which columns of a 2-D ``X`` belong to which space, as for
        :class:`~sklearn_turtle.TurtleClustering`.

    Cs : int or array-like of shape (n_strengths,), default=96
        Inverse strengths of the penalty to choose from; an int for that many from 1e-6 to 1e6,
        evenly spaced in their logarithm.

    search : {"coarse-to-fine", "exhaustive"}, default="coarse-to-fine"
        Which strengths are tried. "coarse-to-fine" takes every 16th, then halves the distance
        around the best one until its neighbors have been tried: the same choice as
        "exhaustive", which tries all, where the accuracy has a single peak, from 15 fits instead
        of 96.

    validation_fraction : float, default=0.2
        Share of the rows that are held out for the choice, drawn at random. One row of each
        class always stays in.

    max_iter : int, default=1000
        Number of iterations of a regression (L-BFGS) at most.

    tol : float, default=1e-4
        Largest gradient at which a regression has converged.

    random_state : int, RandomState instance or None, default=None
        Determines the rows that are held out. Pass an int for the same result in every call.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes.

    coef_ : list of ndarray of shape (n_classes, n_features of the space)
        Coefficients in each space.

    intercept_ : list of ndarray of shape (n_classes,)
        Intercepts in each space.

    C_ : ndarray of shape (n_spaces,)
        Inverse strength that was chosen in each space; of several as good, the smallest.

    Cs_ : ndarray of shape (n_strengths,)
        The strengths to choose from, in ascending order.

    validation_scores_ : ndarray of shape (n_spaces, n_strengths)
        Accuracy on the rows held out; NaN where a strength was not tried.

    n_iter_ : ndarray of shape (n_spaces,)
        Number of iterations of the last regression in each space.

    space_names_ : list of str
        Name of each space.

    n_features_in_ : int
        Number of features of all spaces together.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features where ``X`` has names that are all strings.

    See Also
    --------
    sklearn.linear_model.LogisticRegression : What does the work.
    sklearn.linear_model.LogisticRegressionCV : Chooses by cross-validation, in one space.

    Notes
    -----
    The 96 strengths, the fifth held out and the choice of the smallest of the best are those of
    the released code of [2]_, which probes one space at a time and tries all strengths. For
    several spaces it has no probe: the mean of the probabilities is this library's choice.

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

    _parameter_constraints = {
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
        spaces=None,
        Cs=96,
        search="coarse-to-fine",
        validation_fraction=0.2,
        max_iter=1000,
        tol=1e-4,
        random_state=None,
    ):
        self.spaces = spaces
        self.Cs = Cs
        self.search = search
        self.validation_fraction = validation_fraction
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y):
        """Choose the strengths and fit the regressions.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for :meth:`sklearn_turtle.TurtleClustering.fit`.

        y : array-like of shape (n_samples,)
            Class of each sample: integers or strings.

        Returns
        -------
        self : LinearProbe
            The fitted classifier.

        Raises
        ------
        ValueError
            If the matrices are not 2-D, are empty, differ in their number of rows, or hold NaN
            or infinity; if ``spaces`` does not fit ``X``; if ``y`` does not hold a class for each
            sample, holds one class only, or holds each class once; or if ``Cs`` are not positive.
        TypeError
            If a matrix is sparse.

        Warns
        -----
        ConvergenceWarning
            If a regression on all rows does not converge.
        """
        spaces, attributes = read_fit_input(self, X)
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
        attributes |= {
            "classes_": classes,
            "coef_": [_for_each_class(regression.coef_) for regression in regressions],
            "intercept_": [
                _for_each_class(regression.intercept_[:, None])[:, 0] for regression in regressions
            ],
            "C_": np.array(chosen),
            "Cs_": strengths,
            "validation_scores_": np.stack(scores),
            "n_iter_": np.array([regression.n_iter_.max() for regression in regressions]),
        }
        replace_fitted(self, attributes)
        return self

    def predict_proba(self, X):
        """Probability of each class for each sample: the mean over the spaces.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces that ``fit`` saw, apart or stacked.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_classes)
            Rows sum to 1; classes in the order of ``classes_``; float64 where a space is of
            64-bit numbers, else float32.

        Raises
        ------
        ValueError
            If the spaces or their numbers of features are not those that ``fit`` saw, or if they
            hold NaN or infinity.
        """
        check_is_fitted(self)
        spaces = read_predict_input(self, X)
        host = torch.device("cpu")
        return predict_probabilities(spaces, self.coef_, self.intercept_, 1.0, host)

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
            As :meth:`predict_proba`.
        """
        most_likely = self.predict_proba(X).argmax(1)
        return self.classes_[most_likely]

    def _strengths(self):
        if isinstance(self.Cs, Integral):
            return np.logspace(-6, 6, self.Cs)
        strengths = np.unique(np.asarray(self.Cs, dtype=np.float64))
        if len(strengths) == 0 or not (strengths > 0).all():
            raise ValueError(f"Cs={self.Cs!r} must be a number of strengths, or positive numbers.")
        return strengths

    def _regression(self, **parameters):
        return LogisticRegression(max_iter=self.max_iter, tol=self.tol, **parameters)

    def _validate(self, features, y, held_out, strengths):
        """Accuracy on the rows held out of each strength, NaN where it was not tried."""
        trained = np.setdiff1d(np.arange(len(y)), held_out)
        # each regression starts from the one before
        regression = self._regression(warm_start=True)

        def accuracy(index):
            regression.set_params(C=strengths[index]).fit(features[trained], y[trained])
            return regression.score(features[held_out], y[held_out])

        coarse_step = COARSE_STEP if self.search == "coarse-to-fine" else 1
        with warnings.catch_warnings():
            # very weak penalties may not converge, and are seldom chosen
            warnings.simplefilter("ignore", ConvergenceWarning)
            return scores_around_peak(accuracy, len(strengths), coarse_step)


def scores_around_peak(score, n_candidates, coarse_step):
    """Score every ``coarse_step``-th candidate, then ever closer ones around the best.

    Parameters
    ----------
    score : callable
        Score of the candidate of an index.
    n_candidates : int
        Number of candidates.
    coarse_step : int
        Distance of the candidates that are scored first; 1 for all.

    Returns
    -------
    ndarray of shape (n_candidates,)
        NaN where a candidate was not scored. The first of the highest scores is the first of
        the highest of all candidates where the scores rise to it and fall after it.
    """
    scores = np.full(n_candidates, np.nan)

    def visit(indices):
        for index in indices:
            if 0 <= index < n_candidates and np.isnan(scores[index]):
                scores[index] = score(index)

    visit([*range(0, n_candidates, coarse_step), n_candidates - 1])
    step = coarse_step
    while step > 1:
        step //= 2
        best = int(np.nanargmax(scores))
        visit([best - step, best + step])
    return scores


def _hold_out(y, share, random_state):
    """Rows to hold out, drawn at random, so that one row at least of each class is left."""
    order = random_state.permutation(len(y))
    _, first_of_class = np.unique(y[order], return_index=True)
    spare = np.delete(order, first_of_class)
    if len(spare) == 0:
        raise ValueError(
            "y holds each class once, which leaves no row to choose the strength of the penalty "
            "by. Pass more samples."
        )
    return spare[: max(1, round(share * len(y)))]


def _for_each_class(coefficients):
    """Of two classes, scikit-learn has the coefficients of the second against the first."""
    if len(coefficients) > 1:
        return coefficients
    return np.vstack([-coefficients, coefficients]) / 2
