"""Grid search with all candidates in one pass."""

from collections.abc import Callable, Mapping, Sequence
from numbers import Integral
from time import perf_counter
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, MetaEstimatorMixin, _fit_context, clone
from sklearn.metrics import check_scoring
from sklearn.model_selection import ParameterGrid
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._turtle import TurtleClustering
from sklearn_turtle.model_selection._groups import FittedGroup, fit_in_groups
from sklearn_turtle.model_selection._results import cv_results
from sklearn_turtle.model_selection._splits import split_rows


def _best_has(method: str) -> Any:
    def check(search: "TurtleSearch") -> bool:
        check_is_fitted(search)
        return search.refit and hasattr(search.best_estimator_, method)

    return available_if(check)


class TurtleSearch(MetaEstimatorMixin, BaseEstimator):
    """Search over parameters of TurtleClustering without labels, with candidates side by side.

    A faster GridSearchCV for one estimator. All candidates share the reading and the projection of
    This is the search of scikit-learn's GridSearchCV with less work. All candidates share the
    reading and the projection of the data. Candidates that differ only in ``gamma``, ``inner_lr``,
    ``outer_lr`` or ``polish_iter`` are trained as columns of the same matrices, as far as memory
    allows. By default each candidate is fitted once and scored on a fifth of the rows, because the
    generalization score holds out rows itself. The labeling of a candidate is the one that fitting
    it alone gives, up to rounding.

    Parameters
    ----------
    estimator : TurtleClustering
        The estimator whose parameters are searched.
    param_grid : dict or list of dict
        Values to try for each parameter, as for GridSearchCV.
    scoring : str, callable or None, default=None
        Scorer, as for GridSearchCV; None for ``estimator.score``, the generalization score.
    cv : int, splitter, iterable or None, default=None
        None to fit every candidate to all rows, and to score it on a fifth of them, at least 2000,
        drawn at random. Otherwise splits of the rows, as for GridSearchCV: candidates are fitted
        and scored once per split, and the best one is fitted again to all rows.
    refit : bool, default=True
        Whether to keep the best candidate, fitted to all rows, as ``best_estimator_``.
    n_jobs : int or None, default=None
        Number of groups of candidates that joblib fits at the same time: in processes of this
        machine, or of the cluster of the active joblib backend (Dask, Ray). A group holds the
        candidates that are trained as columns of the same matrices on one split. None for 1 unless
        in a ``joblib.parallel_config`` context, -1 for all processors. Every process holds its own
        copy of the features.
    verbose : int, default=0
        1 prints one line per candidate.

    Attributes
    ----------
    cv_results_ : dict of ndarray
        As for GridSearchCV, without the scores on the training rows: parameters, test scores of
        each split, their mean, standard deviation and rank, and times. The fit time of candidates
        that were trained side by side counts for the first of them.
    best_estimator_ : TurtleClustering
        The best candidate, fitted to all rows, if ``refit`` is true.
    best_params_ : dict
        Parameters of the best candidate in the grid.
    best_score_ : float
        Mean test score of the best candidate.
    best_index_ : int
        Position of the best candidate in ``cv_results_``.
    scorer_ : callable
        The scorer.
    n_splits_ : int
        Number of splits; 1 if ``cv`` is None.
    refit_time_ : float
        Seconds that the second fit of the best candidate took; 0 if ``cv`` is None.

    See Also
    --------
    sklearn.model_selection.GridSearchCV : Search with one fit after the other.
    select_n_clusters : Choose the number of clusters.

    Notes
    -----
    Memory holds one group of candidates at a time, and keeps the best candidate of each group. All
    candidates are on the device of the estimator, so that one GPU serves any number of them.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.model_selection import TurtleSearch
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0)
    >>> search = TurtleSearch(turtle, {"outer_lr": [0.003, 0.01]}).fit(X)
    >>> search.best_estimator_.labels_.shape
    (300,)
    """

    _parameter_constraints = {
        "estimator": [TurtleClustering],
        "param_grid": [Mapping, list],
        "scoring": [str, callable, None],
        "cv": ["cv_object"],
        "refit": ["boolean"],
        "n_jobs": [Integral, None],
        "verbose": ["verbose"],
    }

    def __init__(
        self,
        estimator: TurtleClustering,
        param_grid: Mapping[str, Sequence[Any]] | list[Mapping[str, Sequence[Any]]],
        *,
        scoring: str | Callable[..., float] | None = None,
        cv: Any = None,
        refit: bool = True,
        n_jobs: int | None = None,
        verbose: int = 0,
    ) -> None:
        self.estimator = estimator
        self.param_grid = param_grid
        self.scoring = scoring
        self.cv = cv
        self.refit = refit
        self.n_jobs = n_jobs
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: Any, y: Any = None) -> "TurtleSearch":
        """Fit and score all candidates.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for :class:`~sklearn_turtle.TurtleClustering`; one matrix if ``cv`` splits
            the rows.
        y : array-like of shape (n_samples,) or None, default=None
            True labels, for scorers that compare with them; not used in fitting.

        Returns
        -------
        self : TurtleSearch
            The fitted search.

        Raises
        ------
        ValueError
            If a candidate has invalid parameters, or ``X`` does not fit it.
        """
        all_params = list(ParameterGrid(self.param_grid))
        scorer = check_scoring(self.estimator, scoring=self.scoring)
        splits = split_rows(X, y, self.cv)
        groups = fit_in_groups(
            [self._candidate(params) for params in all_params],
            all_params,
            splits,
            scorer,
            n_jobs=self.n_jobs,
            verbose=self.verbose,
        )
        results = cv_results(all_params, groups, len(splits))
        best_index = int(results["rank_test_score"].argmin())
        refitted = self._refitted(X, groups, best_index, all_params[best_index])
        self.__dict__.pop("best_estimator_", None)
        self.__dict__.update(
            refitted,
            cv_results_=results,
            best_index_=best_index,
            best_params_=all_params[best_index],
            best_score_=float(results["mean_test_score"][best_index]),
            scorer_=scorer,
            n_splits_=len(splits),
        )
        return self

    @_best_has("predict")
    def predict(self, X: Any) -> np.ndarray:
        """Assign each sample to a cluster of the best candidate.

        Parameters
        ----------
        X : list, tuple, dict or array-like
            Features, as for :class:`~sklearn_turtle.TurtleClustering`.

        Returns
        -------
        labels : ndarray of shape (n_samples,), int32
            The cluster of the highest probability.
        """
        labels: np.ndarray = self.best_estimator_.predict(X)
        return labels

    @_best_has("predict_proba")
    def predict_proba(self, X: Any) -> np.ndarray:
        """Compute the probability of each cluster of the best candidate for each sample.

        Parameters
        ----------
        X : list, tuple, dict or array-like
            Features, as for :class:`~sklearn_turtle.TurtleClustering`.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_clusters)
            Rows sum to 1.
        """
        probabilities: np.ndarray = self.best_estimator_.predict_proba(X)
        return probabilities

    @_best_has("score")
    def score(self, X: Any, y: Any = None) -> float:
        """Score the best candidate.

        Parameters
        ----------
        X : list, tuple, dict or array-like
            Features, as for :class:`~sklearn_turtle.TurtleClustering`.
        y : array-like of shape (n_samples,) or None, default=None
            True labels, for scorers that compare with them.

        Returns
        -------
        float
            Score of the scorer of the search.
        """
        score: float = self.scorer_(self.best_estimator_, X, y)
        return score

    @property
    def n_features_in_(self) -> int:
        """Number of features of all spaces together."""
        check_is_fitted(self)
        n_features: int = self.best_estimator_.n_features_in_
        return n_features

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        of_estimator = self.estimator.__sklearn_tags__()
        tags.estimator_type, tags.input_tags = of_estimator.estimator_type, of_estimator.input_tags
        return tags

    def _candidate(self, params: dict[str, Any]) -> TurtleClustering:
        candidate: TurtleClustering = clone(self.estimator).set_params(**clone(params, safe=False))
        return candidate

    def _refitted(
        self, X: Any, groups: Sequence[FittedGroup], best_index: int, best_params: dict[str, Any]
    ) -> dict[str, Any]:
        """Attributes of the best candidate, fitted to all rows."""
        if not self.refit:
            return {"refit_time_": 0.0}
        if self.cv is None:  # the candidates were fitted to all rows already
            (best,) = (group.best for group in groups if best_index in group.indices)
            return {"best_estimator_": best, "refit_time_": 0.0}
        start = perf_counter()
        best = self._candidate(best_params).fit(X)
        return {"best_estimator_": best, "refit_time_": perf_counter() - start}
