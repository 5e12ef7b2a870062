"""HUME: the predecessor of TURTLE."""

import warnings
from collections.abc import Mapping
from numbers import Integral, Real

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClusterMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle import metrics
from sklearn_turtle._estimator._fitted import check_number_of_samples, replace_fitted
from sklearn_turtle._estimator._progress import FitProgress
from sklearn_turtle._input._device import available_device, select_device
from sklearn_turtle._input._read import read_fit_input, read_predict_input
from sklearn_turtle._input._rows import row_reader
from sklearn_turtle._input._scaling import standardized_spaces
from sklearn_turtle._linear._numbering import order_by_size
from sklearn_turtle._solver import Draws
from sklearn_turtle.paper.baselines._hume_solver import (
    Settings,
    align_to,
    labels_of,
    search_labeling,
    vote,
)


class HUME(ClusterMixin, BaseEstimator):
    """Cluster samples by a labeling in one space that classifiers in another generalize to.

    HUME [1]_ is the predecessor of TURTLE. One space gives the labeling: an orthogonal linear
    map of unit-norm features, and sparsemax [2]_. Another space judges it: a linear classifier is
    trained on most rows of a random subset, and the labeling is changed so that the classifier
    does better on the other rows. The derivative goes through all steps of that training. Many
    seeds are run; the best by cross-validation is kept, the others are matched to it, and the
    labels are their majority vote.

    Parameters
    ----------
    n_clusters : int, default=8
        Number of clusters.

    spaces : None, "prefix", list or dict, default=None
        Which columns of a 2-D ``X`` belong to which space, as for
        :class:`~sklearn_turtle.TurtleClustering`.

    labeling_space : int or str, default=0
        Position or name of the space that gives the labeling. All other spaces judge it, each
        with a classifier of its own whose losses add up; where there is one space only, it judges
        itself. HUME's authors advise features that were learned on the data at hand for the
        labeling, and those of a large foundation model as the one judge.

    gamma : float, default=10.0
        Weight of the entropy of the mean labeling, which keeps clusters from vanishing.

    temperature : float, default=0.1
        What the outputs of the map are divided by before the sparsemax.

    n_seeds : int, default=100
        Number of seeds, which are run one after the other.

    max_iter : int, default=1000
        Number of outer steps of each seed.

    n_subsets : int, default=20
        Number of random subsets that the gradient of an outer step is averaged over.

    subset_size : int, default=10000
        Number of rows of a subset, drawn without replacement; all rows where there are fewer.

    validation_fraction : float, default=0.1
        Share of the rows of a subset that the classifier is judged on, not trained.

    inner_steps : int, default=300
        Number of steps of gradient descent on the classifier.

    inner_lr : float, default=0.001
        Learning rate of the classifier.

    inner_start : {"cold", "fixed"}, default="cold"
        Where the classifier starts: at fresh random weights for each subset, or always at the
        same random weights.

    outer_lr : float, default=0.001
        Learning rate of the labeling (Adam).

    max_grad_norm : float, default=1.0
        The gradient of an outer step is shortened to this norm where it is longer.

    annealing_steps : tuple of int, default=(100, 200)
        Outer steps at which ``outer_lr`` and ``temperature`` are divided by ten; ``()`` for none.

    cv : int, default=10
        Number of folds of the cross-validation that finds the best seed.

    device : str or torch.device, default="auto"
        Where the optimization runs: "auto" for CUDA, then MPS, then the CPU, whichever is
        there; or any device that torch knows.

    random_state : int, RandomState instance or None, default=None
        Determines the initial weights and the subsets. Pass an int for the same result in
        every call. The global state of NumPy and torch is left alone.

    verbose : int, default=0
        1 prints about ten lines of progress, 2 a line each outer step.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,), int32
        Cluster of each sample, by majority vote of the seeds; of clusters with as many votes,
        the one of the lowest number. Clusters are numbered from 0, the largest first.

    coef_ : ndarray of shape (n_seeds, n_clusters, n_features of the labeling space)
        The orthogonal map of each seed, its clusters matched to those of the best seed. Rows are
        orthonormal; columns, where there are more clusters than features. float64 where a space
        is of 64-bit numbers, else float32.

    cv_scores_ : ndarray of shape (n_seeds,)
        Cross-validated accuracy of unpenalized logistic regression, in the spaces that judge, on
        the labels of each seed.

    best_seed_ : int
        The seed of the highest score, to which the others are matched.

    labeling_space_ : str
        Name of the space that gives the labeling.

    loss_curves_ : ndarray of shape (n_seeds, max_iter)
        Loss (Eq. 7) of each outer step of each seed, the mean over the subsets.

    n_iter_ : int
        Number of outer steps of each seed.

    space_names_ : list of str
        Name of each space.

    n_features_in_ : int
        Number of features of all spaces together.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features where ``X`` has names that are all strings.

    See Also
    --------
    sklearn_turtle.TurtleClustering : Its successor: first-order, all spaces alike, much faster.

    Notes
    -----
    The defaults are those of the paper and of its released code for ten and twenty classes. For
    ImageNet, the code's instructions use ``outer_lr=0.1, inner_lr=0.1, inner_steps=100,
    subset_size=20000, validation_fraction=0.3, annealing_steps=(), inner_start="fixed"``.

    The TURTLE paper [3]_ compares with HUME on the spaces that TURTLE itself is given instead of
    features learned on the data at hand: pass these spaces, the labeling space first. Its
    released code holds no HUME; whether its authors changed more than the spaces could not be
    confirmed. Two things go beyond HUME, so that any number of spaces can be compared: more than
    one judge, and one space that judges itself.

    The map has no bias, and a sparsemax of a low temperature soon gives each row one cluster, after
    which no small change of the map changes any label. In spaces of few features, whose clusters
    point in few directions, seeds often end there with clusters empty. A row of zeros has no
    direction: the map says nothing of it.

    References
    ----------
    .. [1] A. Gadetsky, M. Brbic, "The Pursuit of Human Labeling: A New Perspective on
       Unsupervised Learning", NeurIPS 2023. https://arxiv.org/abs/2311.02940
    .. [2] A. Martins, R. Astudillo, "From Softmax to Sparsemax: A Sparse Model of Attention and
       Multi-Label Classification", ICML 2016. https://arxiv.org/abs/1602.02068
    .. [3] A. Gadetsky, Y. Jiang, M. Brbic, "Let Go of Your Labels with Unsupervised Transfer",
       ICML 2024. https://arxiv.org/abs/2406.07236

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle.paper.baselines import HUME
    >>> X, y = make_blobs(300, n_features=100, centers=4, random_state=0)
    >>> hume = HUME(4, n_seeds=3, max_iter=30, n_subsets=2, inner_steps=50, random_state=0)
    >>> hume.fit([X[:, :50], X[:, 50:]]).labels_.shape
    (300,)
    """

    _parameter_constraints = {
        "n_clusters": [Interval(Integral, 1, None, closed="left")],
        "spaces": [None, StrOptions({"prefix"}), "array-like", Mapping],
        "labeling_space": [Interval(Integral, 0, None, closed="left"), str],
        "gamma": [Interval(Real, 0, None, closed="left")],
        "temperature": [Interval(Real, 0, None, closed="neither")],
        "n_seeds": [Interval(Integral, 1, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "n_subsets": [Interval(Integral, 1, None, closed="left")],
        "subset_size": [Interval(Integral, 2, None, closed="left")],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
        "inner_steps": [Interval(Integral, 1, None, closed="left")],
        "inner_lr": [Interval(Real, 0, None, closed="neither")],
        "inner_start": [StrOptions({"cold", "fixed"})],
        "outer_lr": [Interval(Real, 0, None, closed="neither")],
        "max_grad_norm": [Interval(Real, 0, None, closed="neither")],
        "annealing_steps": ["array-like"],
        "cv": [Interval(Integral, 2, None, closed="left")],
        "device": [str, torch.device],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    def __init__(
        self,
        n_clusters=8,
        *,
        spaces=None,
        labeling_space=0,
        gamma=10.0,
        temperature=0.1,
        n_seeds=100,
        max_iter=1000,
        n_subsets=20,
        subset_size=10_000,
        validation_fraction=0.1,
        inner_steps=300,
        inner_lr=0.001,
        inner_start="cold",
        outer_lr=0.001,
        max_grad_norm=1.0,
        annealing_steps=(100, 200),
        cv=10,
        device="auto",
        random_state=None,
        verbose=0,
    ):
        self.n_clusters = n_clusters
        self.spaces = spaces
        self.labeling_space = labeling_space
        self.gamma = gamma
        self.temperature = temperature
        self.n_seeds = n_seeds
        self.max_iter = max_iter
        self.n_subsets = n_subsets
        self.subset_size = subset_size
        self.validation_fraction = validation_fraction
        self.inner_steps = inner_steps
        self.inner_lr = inner_lr
        self.inner_start = inner_start
        self.outer_lr = outer_lr
        self.max_grad_norm = max_grad_norm
        self.annealing_steps = annealing_steps
        self.cv = cv
        self.device = device
        self.random_state = random_state
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Find the labeling.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for :meth:`sklearn_turtle.TurtleClustering.fit`.

        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : HUME
            The fitted estimator. Where ``fit`` raises, the estimator is as it was before.

        Raises
        ------
        ValueError
            If ``X`` is not as :meth:`sklearn_turtle.TurtleClustering.fit` asks for, if there is
            no space ``labeling_space``, if ``device`` cannot be used, or if the optimization
            diverges.
        TypeError
            If a matrix is sparse.

        Warns
        -----
        ConvergenceWarning
            If clusters are empty.
        """
        spaces, attributes = read_fit_input(self, X)
        check_number_of_samples(self, spaces.n_samples)
        labeling, judges = self._roles(spaces.names)
        device = select_device(self.device)
        progress = FitProgress(self, self.n_seeds * self.max_iter, None, X, y)
        weights, losses, labels, scores = self._run_seeds(
            spaces, labeling, judges, device, progress
        )
        best = int(np.argmax(scores))
        order = align_to(best, labels, self.n_clusters)
        coef = np.take_along_axis(np.stack(weights), order[:, :, None], axis=1)
        voted, by_size = order_by_size(
            lambda order: _voted_labels(spaces, labeling, coef[:, order], device), self.n_clusters
        )
        attributes |= {
            "labels_": voted,
            "coef_": coef[:, by_size],
            "cv_scores_": np.array(scores),
            "best_seed_": best,
            "loss_curves_": np.stack(losses),
            "n_iter_": self.max_iter,
            "labeling_space_": spaces.names[labeling],
        }
        replace_fitted(self, attributes)
        n_empty = self.n_clusters - len(np.unique(self.labels_))
        if n_empty > 0:
            warnings.warn(
                f"{n_empty} of {self.n_clusters} clusters are empty. If that is not what the data "
                "should give, lower n_clusters or raise max_iter.",
                ConvergenceWarning,
                stacklevel=3,
            )
        return self

    def predict(self, X):
        """Assign each sample to a cluster, by majority vote of the seeds.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces that ``fit`` saw, apart or stacked.

        Returns
        -------
        labels : ndarray of shape (n_samples,), int32
            The cluster of most votes; of several, the one of the lowest number.

        Raises
        ------
        ValueError
            If the spaces or their numbers of features are not those that ``fit`` saw, or if the
            labeling space holds NaN or infinity.
        """
        return _voted_labels(*self._voters(X))

    def predict_proba(self, X):
        """Share of the votes of the seeds that each cluster has.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces that ``fit`` saw, apart or stacked.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_clusters), float32
            Rows sum to 1.

        Raises
        ------
        ValueError
            As :meth:`predict`.
        """
        spaces, labeling, coef, device = self._voters(X)
        shares = np.empty((spaces.n_samples, coef.shape[1]), dtype=np.float32)

        def write(rows, of_rows):
            shares[rows] = of_rows

        _vote(spaces, labeling, coef, device, write)
        return shares

    def _voters(self, X):
        check_is_fitted(self)
        spaces = read_predict_input(self, X)
        labeling = spaces.names.index(self.labeling_space_)
        return spaces, labeling, self.coef_, available_device(self.device)

    def _run_seeds(self, spaces, labeling, judges, device, progress):
        """Maps, losses, labels and cross-validated scores of all seeds, one entry a seed."""
        feature_spaces = standardized_spaces(spaces, None, device, torch.float32)
        dtype, read = row_reader(spaces, device)
        generator = check_random_state(self.random_state)
        seeds = generator.randint(np.iinfo(np.int32).max, size=self.n_seeds).tolist()
        weights, losses, labels, scores = [], [], [], []
        for number, seed in enumerate(seeds, start=1):
            weight, of_steps = search_labeling(
                feature_spaces[labeling],
                [feature_spaces[k] for k in judges],
                self._settings(),
                Draws(seed),
                progress,
            )
            weight = weight.to(dtype)
            weights.append(weight.cpu().numpy())
            losses.append(of_steps.cpu().numpy())
            labels.append(labels_of(weight, lambda rows: read(labeling, rows), spaces.n_samples))
            scores.append(self._cv_score(labels[-1], spaces, judges, device))
            progress.say(f"seed {number}/{self.n_seeds}, cv score {scores[-1]:.4f}")
        return weights, losses, labels, scores

    def _roles(self, names):
        """Position of the space that labels, and of those that judge."""
        if isinstance(self.labeling_space, str):
            known = dict(zip(names, range(len(names)), strict=True))
        else:
            known = {k: k for k in range(len(names))}
        if self.labeling_space not in known:
            raise ValueError(
                f"labeling_space={self.labeling_space!r} is none of the {len(names)} space(s) "
                f"of X: {names}."
            )
        labeling = known[self.labeling_space]
        return labeling, [k for k in range(len(names)) if k != labeling] or [labeling]

    def _settings(self):
        names = Settings.__dataclass_fields__
        settings = {name: getattr(self, name) for name in names}
        return Settings(**settings | {"annealing_steps": tuple(self.annealing_steps)})

    def _cv_score(self, labels, spaces, judges, device):
        # HUME's code stops an unpenalized regression after scikit-learn's default of 100 steps
        return metrics.generalization_score(
            labels.numpy(),
            [spaces.matrices[k] for k in judges],
            cv=self.cv,
            C=np.inf,
            max_iter=100,
            device=device,
        )


def _voted_labels(spaces, labeling, coef, device):
    """The label of most votes of each row; of several, the lowest."""
    labels = np.empty(spaces.n_samples, dtype=np.int32)

    def write(rows, shares):
        labels[rows] = shares.argmax(1)

    _vote(spaces, labeling, coef, device, write)
    return labels


def _vote(spaces, labeling, coef, device, write):
    dtype, read = row_reader(spaces, device)
    weights = torch.tensor(coef, dtype=dtype, device=device)
    vote(weights, lambda rows: read(labeling, rows), spaces.n_samples, write)
