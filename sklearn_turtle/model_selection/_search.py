"""Grid search with all candidates in one pass."""

from collections.abc import Mapping
from numbers import Integral
from time import perf_counter
from typing import Any

import joblib
import numpy as np
from scipy.stats import rankdata
from sklearn.base import BaseEstimator, MetaEstimatorMixin, _fit_context, clone
from sklearn.metrics import check_scoring
from sklearn.model_selection import ParameterGrid, check_cv
from sklearn.utils import _safe_indexing, indexable
from sklearn.utils.metaestimators import available_if
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import _num_samples, check_is_fitted

from sklearn_turtle._estimator._fitted import draw_seed, replace_fitted
from sklearn_turtle._estimator._problem import read_problem
from sklearn_turtle._estimator._rules import strategy_of
from sklearn_turtle._input._spaces import is_collection_of_spaces
from sklearn_turtle._solver import Draws, solve_strategies
from sklearn_turtle._turtle import TurtleClustering

# Candidates that differ in nothing else share the data, the principal axes, the initial weights
# and the mini-batches, and are trained side by side.
FREE = {"gamma", "inner_lr", "outer_lr", "polish_iter", "calibrate", "verbose"}

# A candidate that is fitted on all rows is scored on this share of them, but on this many at least.
SCORED_SHARE, SCORED_AT_LEAST = 0.2, 2000


def _best_has(method):
    def check(search):
        check_is_fitted(search)
        return search.refit and hasattr(search.best_estimator_, method)

    return available_if(check)


class TurtleSearch(MetaEstimatorMixin, BaseEstimator):
    """Search over parameters of TurtleClustering, candidates side by side, without labels.

    Does what scikit-learn's GridSearchCV does, with less work: all candidates share the reading
    and the projection of the data, those that differ in ``gamma``, ``inner_lr``, ``outer_lr`` or
    ``polish_iter`` alone are trained as columns of the same matrices as far as memory allows, and
    by default each candidate is fitted once and scored on a fifth of the rows, since the
    generalization score holds out rows by itself. A candidate's labeling is the one that a fit of
    its own gives, up to rounding.

    Parameters
    ----------
    estimator : TurtleClustering
        The estimator whose parameters are searched.
    param_grid : dict or list of dict
        Values to try of each parameter, as for GridSearchCV.
    scoring : str, callable or None, default=None
        Scorer, as for GridSearchCV; None for ``estimator.score``, the generalization score.
    cv : int, splitter, iterable or None, default=None
        None to fit every candidate on all rows, and to score it on a fifth of them, but at least
        2000, drawn at random. Otherwise splits of the rows, as for GridSearchCV: candidates are
        fitted and scored once a split, and the best of them is fitted again on all rows.
    refit : bool, default=True
        Whether to keep the best candidate, fitted on all rows, as ``best_estimator_``.
    n_jobs : int or None, default=None
        Number of groups of candidates that are fitted at the same time, by joblib: in processes
        of this machine, or of the cluster of the joblib backend in force (Dask, Ray). A group are
        the candidates of a split that are trained as columns of the same matrices. None for 1
        unless in a ``joblib.parallel_config`` context, -1 for all processors. Every process holds
        the features of its own.
    verbose : int, default=0
        1 prints a line a candidate.

    Attributes
    ----------
    cv_results_ : dict of ndarray
        As for GridSearchCV, without the scores on the training rows: parameters, test scores of
        each split, their mean, standard deviation and rank, and times. The fit time of
        candidates that were trained side by side is that of the first of them.
    best_estimator_ : TurtleClustering
        The best candidate, fitted on all rows; where ``refit`` is true.
    best_params_ : dict
        Its parameters in the grid.
    best_score_ : float
        Its mean test score.
    best_index_ : int
        Its position in ``cv_results_``.
    scorer_ : callable
        The scorer.
    n_splits_ : int
        Number of splits; 1 where ``cv`` is None.
    refit_time_ : float
        Seconds that fitting the best candidate again took; 0 where ``cv`` is None.

    See Also
    --------
    sklearn.model_selection.GridSearchCV : The same, one fit after the other.
    select_n_clusters : For the number of clusters.

    Notes
    -----
    Candidates are in memory one group at a time, and of each group the best is kept; all are on the
    device of the estimator, so that one GPU serves any number of candidates.

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
        estimator,
        param_grid,
        *,
        scoring=None,
        cv=None,
        refit=True,
        n_jobs=None,
        verbose=0,
    ):
        self.estimator = estimator
        self.param_grid = param_grid
        self.scoring = scoring
        self.cv = cv
        self.refit = refit
        self.n_jobs = n_jobs
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None):
        """Fit and score all candidates.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for :class:`~sklearn_turtle.TurtleClustering`; one matrix where ``cv``
            splits the rows.
        y : array-like of shape (n_samples,) or None, default=None
            True labels, for scorers that compare with them; not used in fitting.

        Returns
        -------
        self : TurtleSearch
            The fitted search.

        Raises
        ------
        ValueError
            If a candidate has parameters that are not valid, or ``X`` does not fit it.
        """
        all_params = list(ParameterGrid(self.param_grid))
        scorer = check_scoring(self.estimator, scoring=self.scoring)
        splits = self._splits(X, y)
        shape = (len(all_params), len(splits))
        scores, fit_times, score_times = np.empty(shape), np.empty(shape), np.empty(shape)
        candidates = [self._candidate(params) for params in all_params]
        groups = _groups(candidates)
        tasks = [(split, indices) for split in range(len(splits)) for indices in groups]
        found = Parallel(self.n_jobs)(
            delayed(_fit_and_score)(
                [candidates[i] for i in indices],
                [all_params[i] for i in indices],
                *splits[split],
                scorer,
                self.verbose,
            )
            for split, indices in tasks
        )
        for (split, indices), (measured, _) in zip(tasks, found, strict=True):
            for all_times, of_group in zip((scores, fit_times, score_times), measured, strict=True):
                all_times[indices, split] = of_group
        results = _results(all_params, scores, fit_times, score_times)
        best_index = int(results["rank_test_score"].argmin())
        start = perf_counter()
        fitted: dict[str, Any] = {"refit_time_": 0.0}
        if self.refit and self.cv is None:
            (best,) = (
                best
                for (_, indices), (_, best) in zip(tasks, found, strict=True)
                if best_index in indices
            )
            fitted["best_estimator_"] = best
        elif self.refit:
            fitted["best_estimator_"] = self._candidate(all_params[best_index]).fit(X)
            fitted["refit_time_"] = perf_counter() - start
        self.__dict__.pop("best_estimator_", None)
        self.__dict__.update(
            fitted,
            cv_results_=results,
            best_index_=best_index,
            best_params_=all_params[best_index],
            best_score_=float(results["mean_test_score"][best_index]),
            scorer_=scorer,
            n_splits_=len(splits),
        )
        return self

    @_best_has("predict")
    def predict(self, X):
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
        return self.best_estimator_.predict(X)

    @_best_has("predict_proba")
    def predict_proba(self, X):
        """Probability of each cluster of the best candidate for each sample.

        Parameters
        ----------
        X : list, tuple, dict or array-like
            Features, as for :class:`~sklearn_turtle.TurtleClustering`.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_clusters)
            Rows sum to 1.
        """
        return self.best_estimator_.predict_proba(X)

    @_best_has("score")
    def score(self, X, y=None):
        """Score of the best candidate.

        Parameters
        ----------
        X : list, tuple, dict or array-like
            Features, as for :class:`~sklearn_turtle.TurtleClustering`.
        y : array-like of shape (n_samples,) or None, default=None
            True labels, for scorers that compare with them.

        Returns
        -------
        float
            What the scorer gives.
        """
        return self.scorer_(self.best_estimator_, X, y)

    @property
    def n_features_in_(self):
        """Number of features of all spaces together."""
        check_is_fitted(self)
        return self.best_estimator_.n_features_in_

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        of_estimator = self.estimator.__sklearn_tags__()
        tags.estimator_type, tags.input_tags = of_estimator.estimator_type, of_estimator.input_tags
        return tags

    def _splits(self, X, y):
        if self.cv is None:
            return [(X, *_some_rows(X, y))]
        if is_collection_of_spaces(X):
            raise ValueError(
                "cv splits the rows of one matrix, but X is a collection of spaces. Pass X, widths "
                "= stack_spaces(list_of_spaces) and TurtleClustering(spaces=widths), or cv=None."
            )
        X, y = indexable(X, y)
        return [
            (
                _safe_indexing(X, train),
                _safe_indexing(X, test),
                None if y is None else _safe_indexing(y, test),
            )
            for train, test in check_cv(self.cv, y).split(X, y)
        ]

    def _candidate(self, params):
        return clone(self.estimator).set_params(**clone(params, safe=False))


def _groups(candidates):
    """Positions of the candidates that can share a fit, a list a group."""
    groups: dict[str, list[int]] = {}
    for index, candidate in enumerate(candidates):
        candidate._validate_params()
        params = candidate.get_params(deep=False)
        if params["n_clusters"] == "auto":
            raise ValueError(
                "n_clusters='auto' cannot be searched with: choose the number first, by "
                "select_n_clusters."
            )
        key = joblib.hash({name: params[name] for name in params if name not in FREE})
        groups.setdefault(key, []).append(index)
    return list(groups.values())


def _fit_and_score(candidates, all_params, X_train, X_test, y_test, scorer, verbose):
    """Fit candidates that share a fit, and score them.

    Returns
    -------
    measured : tuple of lists of float
        Score, seconds of the fit and of the score of each candidate.
    best : TurtleClustering
        The first of those of the highest score, fitted.
    """
    first = candidates[0]
    scores: list[float] = []
    fit_times, score_times = [], []
    start = perf_counter()
    problem = read_problem(first, X_train)
    solutions = solve_strategies(
        problem.feature_spaces,
        [strategy_of(candidate, problem.spaces.n_samples) for candidate in candidates],
        Draws(draw_seed(first)),
    )
    for candidate, params, solution in zip(candidates, all_params, solutions, strict=True):
        fitted = clone(candidate)
        replace_fitted(fitted, problem.fitted_attributes(solution, candidate.calibrate))
        fit_times.append(perf_counter() - start)
        start = perf_counter()
        score = scorer(fitted, X_test, y_test)
        score_times.append(perf_counter() - start)
        if verbose:
            print(f"[TurtleSearch] {params}: score {score:.4f}", flush=True)
        if not scores or score > max(scores):
            best = fitted
        scores.append(score)
        start = perf_counter()
    return (scores, fit_times, score_times), best


def _some_rows(X, y):
    """Rows to score on, drawn at random: evenly spaced ones might be of one kind."""
    spaces = X if is_collection_of_spaces(X) else [X]
    matrices = list(spaces.values()) if isinstance(spaces, Mapping) else list(spaces)
    n_samples = _num_samples(matrices[0])
    n_rows = min(n_samples, max(SCORED_AT_LEAST, round(SCORED_SHARE * n_samples)))
    rows = np.sort(np.random.default_rng(0).choice(n_samples, n_rows, replace=False))
    some: Any = [_safe_indexing(matrix, rows) for matrix in matrices]
    if isinstance(spaces, Mapping):
        some = dict(zip(spaces, some, strict=True))
    y = None if y is None else _safe_indexing(y, rows)
    return (some if spaces is X else some[0]), y


def _results(all_params, scores, fit_times, score_times):
    """``cv_results_`` as scikit-learn's searches have it, of arrays (n_candidates, n_splits)."""
    results = {}
    for name, times in (("fit_time", fit_times), ("score_time", score_times)):
        results[f"mean_{name}"], results[f"std_{name}"] = times.mean(1), times.std(1)
    for name in sorted({name for params in all_params for name in params}):
        values = np.ma.masked_all(len(all_params), dtype=object)
        for index, params in enumerate(all_params):
            if name in params:
                values[index] = params[name]
        results[f"param_{name}"] = values
    results["params"] = all_params
    for split in range(scores.shape[1]):
        results[f"split{split}_test_score"] = scores[:, split]
    results["mean_test_score"], results["std_test_score"] = scores.mean(1), scores.std(1)
    results["rank_test_score"] = rankdata(-scores.mean(1), method="min").astype(np.int32)
    return results
