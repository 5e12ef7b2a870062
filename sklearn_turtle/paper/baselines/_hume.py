"""HUME: the predecessor of TURTLE."""

import warnings
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClusterMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._estimator._fitted import check_number_of_samples, replace_fitted
from sklearn_turtle._input._device import available_device, select_device
from sklearn_turtle._input._read import read_fit_input, read_predict_input
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle._linear._numbering import order_by_size
from sklearn_turtle.paper.baselines._hume_seeds import Roles, run_seeds
from sklearn_turtle.paper.baselines._hume_solver import match_to_best
from sklearn_turtle.paper.baselines._hume_votes import SeedVotes


class HUME(ClusterMixin, BaseEstimator):
    """Cluster samples by a labeling in one space to which classifiers in another generalize.

    HUME [1]_ is the predecessor of TURTLE. In one space, the labeling is an orthogonal linear
    map of unit-norm features, followed by sparsemax [2]_. In another space, a linear classifier
    is trained on most rows of a random subset, and the labeling is changed so that the
    classifier predicts the other rows better. The derivative passes through all steps of that
    training. HUME runs many seeds and selects the best one by cross-validation. It matches the
    clusters of the other seeds to those of the best one. The labels are the majority vote.

    Parameters
    ----------
    n_clusters : int, default=8
        Number of clusters.

    spaces : None, "prefix", list or dict, default=None
        The columns of each space in a 2-D ``X``; see :class:`~sklearn_turtle.TurtleClustering`.

    labeling_space : int or str, default=0
        Position or name of the space of the labeling. Each other space has a classifier of its
        own; their losses add up. If there is only one space, it also has the classifier. The
        authors of HUME recommend features learned on the data at hand for the labeling, and
        features of a large foundation model for one classifier.

    gamma : float, default=10.0
        Weight of the entropy of the mean labeling. The entropy keeps clusters from vanishing.

    temperature : float, default=0.1
        The outputs of the map are divided by this before the sparsemax.

    n_seeds : int, default=100
        Number of seeds. They run one after the other.

    max_iter : int, default=1000
        Number of outer steps of each seed.

    n_subsets : int, default=20
        Number of random subsets over which the gradient of an outer step is averaged.

    subset_size : int, default=10000
        Number of rows of a subset, drawn without replacement. If there are fewer rows, a subset
        contains all of them.

    validation_fraction : float, default=0.1
        Fraction of the rows of a subset on which the classifier is evaluated. It is trained on
        the others.

    inner_steps : int, default=300
        Number of gradient descent steps of the classifier.

    inner_lr : float, default=0.001
        Learning rate of the classifier.

    inner_start : {"cold", "fixed"}, default="cold"
        Initial weights of the classifier: "cold" draws new ones for each subset, "fixed" always
        uses the same.

    outer_lr : float, default=0.001
        Learning rate of the labeling (Adam).

    max_grad_norm : float, default=1.0
        Maximum norm of the gradient of an outer step. Larger gradients are clipped.

    annealing_steps : tuple of int, default=(100, 200)
        Outer steps at which ``outer_lr`` and ``temperature`` are divided by ten; ``()`` for none.

    cv : int, default=10
        Number of folds of the cross-validation that selects the best seed.

    device : str or torch.device, default="auto"
        Device of the optimization: "auto" for the first available of CUDA, MPS and the CPU; or
        any device that torch supports.

    random_state : int, RandomState instance or None, default=None
        Determines the initial weights and the subsets. Pass an int for reproducible results. The
        global random states of NumPy and torch are not used.

    verbose : int, default=0
        1 prints about ten lines of progress, 2 prints one line per outer step.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,), int32
        Cluster of each sample, by majority vote of the seeds. In a tie, the cluster with the
        lowest number wins. Clusters are numbered from 0, the largest first.

    coef_ : ndarray of shape (n_seeds, n_clusters, n_features of the labeling space)
        The orthogonal map of each seed, with its clusters matched to those of the best seed. The
        rows are orthonormal; if there are more clusters than features, the columns are. float64
        if any space has 64-bit numbers, else float32.

    cv_scores_ : ndarray of shape (n_seeds,)
        Cross-validated accuracy of unpenalized logistic regression that predicts the labels of
        each seed in the spaces of the classifiers.

    best_seed_ : int
        The seed with the highest score, to which the others are matched.

    labeling_space_ : str
        Name of the space of the labeling.

    loss_curves_ : ndarray of shape (n_seeds, max_iter)
        Loss (Eq. 7) of each outer step of each seed, averaged over the subsets.

    n_iter_ : int
        Number of outer steps of each seed.

    space_names_ : list of str
        Name of each space.

    n_features_in_ : int
        Total number of features of all spaces.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features. Defined only if ``X`` has feature names that are all strings.

    See Also
    --------
    sklearn_turtle.TurtleClustering : The successor: first-order, symmetric in the spaces, much
        faster.

    Notes
    -----
    The defaults are those of the paper and of its released code for ten and twenty classes. For
    ImageNet, the instructions of the code use ``outer_lr=0.1, inner_lr=0.1, inner_steps=100,
    subset_size=20000, validation_fraction=0.3, annealing_steps=(), inner_start="fixed"``.

    The TURTLE paper [3]_ compares with HUME on the spaces of TURTLE instead of features learned
    on the data at hand. To do the same, pass these spaces, the labeling space first. The released
    code of TURTLE does not contain HUME, so other changes in that comparison are unknown. Two
    extensions of HUME allow any number of spaces: classifiers in more than one space, and the
    classifier in the labeling space itself.

    The map has no bias. With a low temperature, sparsemax soon assigns each row to one cluster
    with certainty; small changes of the map then change no label. In spaces with few features,
    seeds often stop there with empty clusters. The map cannot assign a row of zeros, which has no
    direction.

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

    _parameter_constraints: dict[str, Any] = {
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
        n_clusters: int = 8,
        *,
        spaces: Any = None,
        labeling_space: int | str = 0,
        gamma: float = 10.0,
        temperature: float = 0.1,
        n_seeds: int = 100,
        max_iter: int = 1000,
        n_subsets: int = 20,
        subset_size: int = 10_000,
        validation_fraction: float = 0.1,
        inner_steps: int = 300,
        inner_lr: float = 0.001,
        inner_start: str = "cold",
        outer_lr: float = 0.001,
        max_grad_norm: float = 1.0,
        annealing_steps: Any = (100, 200),
        cv: int = 10,
        device: str | torch.device = "auto",
        random_state: Any = None,
        verbose: int = 0,
    ) -> None:
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
    @with_torch_defaults
    def fit(self, X: Any, y: Any = None) -> "HUME":
        """Find the labeling.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features; see :meth:`sklearn_turtle.TurtleClustering.fit`.

        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : HUME
            The fitted estimator. If ``fit`` raises an error, the estimator is unchanged.

        Raises
        ------
        ValueError
            If ``X`` does not meet the requirements of
            :meth:`sklearn_turtle.TurtleClustering.fit`, if there is no space ``labeling_space``,
            if ``device`` is not available, or if the optimization diverges.
        TypeError
            If a matrix is sparse.

        Warns
        -----
        ConvergenceWarning
            If clusters are empty.
        """
        spaces, schema = read_fit_input(self, X)
        check_number_of_samples(self, spaces.n_samples)
        roles = Roles.of(self.labeling_space, spaces.names)
        device = select_device(self.device)
        results = run_seeds(self, spaces, roles, device)
        best = int(np.argmax(results.scores))
        matching = match_to_best(best, results.labels, self.n_clusters)
        coef = np.take_along_axis(np.stack(results.maps), matching[:, :, None], axis=1)
        labels, by_size = order_by_size(
            lambda order: SeedVotes(coef[:, order], roles.labeling, device).labels(spaces),
            self.n_clusters,
        )
        attributes = schema.attributes | {
            "labels_": labels,
            "coef_": coef[:, by_size],
            "cv_scores_": np.array(results.scores),
            "best_seed_": best,
            "loss_curves_": np.stack(results.losses),
            "n_iter_": self.max_iter,
            "labeling_space_": spaces.names[roles.labeling],
        }
        replace_fitted(self, attributes)
        n_empty = self.n_clusters - len(np.unique(labels))
        if n_empty > 0:
            warnings.warn(
                f"{n_empty} of {self.n_clusters} clusters are empty. If the data should have them, "
                "increase max_iter; otherwise lower n_clusters.",
                ConvergenceWarning,
                stacklevel=4,
            )
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Assign each sample to a cluster, by majority vote of the seeds.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces of ``fit``, as separate matrices or stacked.

        Returns
        -------
        labels : ndarray of shape (n_samples,), int32
            The cluster with the most votes; in a tie, the one with the lowest number.

        Raises
        ------
        ValueError
            If the spaces or their numbers of features differ from those of ``fit``, or if the
            labeling space contains NaN or infinity.
        """
        votes, spaces = self._votes_and_spaces(X)
        return votes.labels(spaces)

    def predict_proba(self, X: Any) -> np.ndarray:
        """Compute the share of the votes of the seeds for each cluster.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces of ``fit``, as separate matrices or stacked.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_clusters), float32
            Each row sums to 1.

        Raises
        ------
        ValueError
            See :meth:`predict`.
        """
        votes, spaces = self._votes_and_spaces(X)
        return votes.shares(spaces)

    def _votes_and_spaces(self, X: Any) -> tuple[SeedVotes, Spaces]:
        check_is_fitted(self)
        spaces = read_predict_input(self, X)
        labeling = spaces.names.index(self.labeling_space_)
        return SeedVotes(self.coef_, labeling, available_device(self.device)), spaces
