"""The estimator: parameters and validation; all work is in the rooms below."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClusterMixin, _fit_context
from sklearn.utils import metadata_routing

from sklearn_turtle._estimator._callbacks import CallbackSupportMixin
from sklearn_turtle._estimator._checkpoints import checkpoint_options
from sklearn_turtle._estimator._constraints import PARAMETER_CONSTRAINTS
from sklearn_turtle._estimator._fit import run_fit
from sklearn_turtle._estimator._interruption import check_on_interrupt
from sklearn_turtle._estimator._partial_fit_mixin import PartialFitMixin
from sklearn_turtle._estimator._persistence_mixin import PersistenceMixin
from sklearn_turtle._estimator._prediction_mixin import PredictionMixin
from sklearn_turtle._estimator._transform_mixin import TransformMixin
from sklearn_turtle._estimator._warnings import warn_of_doubt
from sklearn_turtle._estimator.n_clusters import with_n_clusters
from sklearn_turtle._input._torch_defaults import with_torch_defaults


class TurtleClustering(
    CallbackSupportMixin,
    PredictionMixin,
    PartialFitMixin,
    PersistenceMixin,
    TransformMixin,
    ClusterMixin,
    BaseEstimator,
):
    """Cluster samples by the labeling that linear classifiers separate best in all spaces.

    TURTLE [1]_ takes features of the same samples from one or more frozen foundation models
    (spaces). It finds the labeling for which linear classifiers have the largest margins in every
    space. The labeling itself is linear, so that it applies to new samples.

    Most users set only these parameters. Those from ``n_init`` to ``precision`` trade time for
    accuracy, and those from ``gamma`` on are constants of the method.

    =================  =========================================================
    ``n_clusters``     number of clusters, or "auto" to choose it
    ``spaces``         which columns of a single matrix belong to which space
    ``cluster_prior``  what is known about the sizes of the clusters
    ``space_weights``  how much each space counts
    ``random_state``   an int for the same result in every call
    ``device``         where the optimization runs
    ``verbose``        1 to print the progress
    =================  =========================================================

    Parameters
    ----------
    n_clusters : int or "auto", default=8
        Number of clusters. "auto" chooses it with :func:`select_n_clusters
        <sklearn_turtle.select_n_clusters>`, at the cost of many fits. Call that function yourself
        to see how clear the choice is.

    spaces : None, "prefix", list or dict, default=None
        Which columns of a 2-D ``X`` belong to which space:

        - ``None``: ``X`` is one space;
        - list of int: the widths of adjacent spaces, as :func:`stack_spaces` returns them;
        - list of slices or of lists of columns: the columns of each space, by position or, for
          a DataFrame, by name;
        - dict ``{name: columns}``: the same, with names for the spaces;
        - ``"prefix"``: the columns of a DataFrame, grouped by the part of their name before
          ``"__"``, as ColumnTransformer and FeatureUnion name them.

        Must be None if ``X`` is a list, tuple or dict of spaces.

    cluster_prior : {"auto", "uniform"}, float or array-like of shape (n_clusters,), default="auto"
        What is known about the sizes of the clusters:

        - "auto": nothing. The restarts look for clusters of equal size. These are regrouped if two
          halves of the restarts then agree better, so that the sizes follow the data;
        - "uniform": all clusters have about the same size;
        - float: the size of the r-th largest cluster is proportional to ``r ** -cluster_prior``;
        - array-like: proportions of the clusters, in any order.

        With a prior that is not uniform, the entropy term of Eq. 12 becomes ``gamma`` times the
        Kullback-Leibler divergence of the mean labeling from the prior [2]_. Any cluster may be
        the largest. If the labels miss stated sizes by more than half, the fit warns.

    space_weights : {"auto", "equal"} or array-like of shape (n_spaces,), default="auto"
        How much each space counts:

        - "auto": as much as it knows of the labeling, which is the share of neighbors in the space
          that have the same label in a quick search. A space of noise counts next to nothing, and
          copies of a space count as one. With fewer than 100 rows, all spaces count alike;
        - "equal": all spaces count alike, as in the paper, and always with ``n_neighbors=0``;
        - array-like: one weight per space, in any unit.

    random_state : int, RandomState instance or None, default=None
        Determines the initial weights and the mini-batches. Pass an int for the same result
        in every call. The global state of NumPy and torch is not used.

    device : str or torch.device, default="auto"
        Where the optimization runs. "auto" is the first available of CUDA, MPS and the CPU; any
        other device that torch knows can be given.

    verbose : int, default=0
        1 prints about ten lines of progress, 2 one line per outer step.

    n_init : int, default=8
        Number of restarts, which are trained side by side and merged into one labeling. They form
        several groups, trained one after the other, if the labels of a mini-batch in all restarts
        were more than four million.

    max_iter : int, default=100
        Number of outer steps of each restart.

    polish_iter : int, default=40
        Number of outer steps on the merged labeling, at a lower rate; 0 for none. With neighbors,
        two polishes of as many steps follow the regrouping.

    batch_size : int or "auto", default="auto"
        Number of samples of a mini-batch, drawn without replacement; at most all samples. "auto" is
        1000, or three quarters of the samples if that is less, or 20 times ``n_clusters`` if that
        is more; above 200 clusters it is 4000, or 10 times ``n_clusters`` if that is more.

    n_components : int or None, default=128
        The restarts see each space along at most this many of its principal axes, randomly
        rotated. This is cheaper than all features, and makes the search independent of their
        basis. The coefficients apply to the features themselves. None for no projection.

    n_neighbors : int, default=10
        The restarts see each row averaged with this many of its nearest neighbors in all spaces
        together, twice; at most half of the mean size of a cluster. This takes the noise out of
        the rows. The averages are those of at most 20,000 rows (or 50 per cluster), evenly spread
        over the data. With ``cluster_prior="auto"``, the clusters that are found are then
        regrouped along the graph of neighbors, so that their sizes follow the data. One linear
        discriminant analysis makes the labels linear in the features. 0 for the rows as they are:
        there is no regrouping, and the clusters have about the same size.

    precision : {"auto", "float32", "bfloat16"}, default="auto"
        Dtype of the factors of matrix products during the fit; everything else is float32. "auto"
        is bfloat16 if the device has units for such products (CUDA from Ampere on, CPUs with AMX or
        AVX512-BF16), otherwise float32. It does not affect predictions.

    gamma : float, default=10.0
        Weight of the entropy of the mean labeling (Eq. 12), or of its divergence from
        ``cluster_prior``. It keeps clusters from vanishing. With ``cluster_prior="auto"``, the
        polish lowers it to 1.

    inner_steps : int, default=1
        Number of Adam steps on the classifiers in each outer step of the restarts.

    inner_lr : float or "auto", default="auto"
        Learning rate of the classifiers. "auto" is ``0.005 * log(n_clusters) / inner_steps``.

    inner_start : {"zero", "cold", "warm"}, default="zero"
        Where the classifiers of an outer step start: at zero, at fresh random weights (the
        paper's cold start), or where the last outer step left them (its warm start).

    outer_lr : float, default=0.01
        Learning rate of the labeling.

    schedule : {"cosine", "constant"}, default="cosine"
        Decay of ``outer_lr`` over the steps: to zero along a half cosine, or none.

    scaling : {"l1", None}, default="l1"
        Preparation of each space. "l1" centers the features, scales them by one number so that the
        mean L1 norm of a sample is 400, and draws initial weights that give small logits. The same
        learning rates then work for embeddings of any norm and dimension. None takes features and
        initial weights as the released code does. The coefficients always apply to the features as
        they are.

    calibrate : bool, default=True
        Whether a temperature makes the probabilities as uncertain as the restarts are: after few
        steps with large margins, the labeling is more certain than it is right. Labels do not
        change. False for the probabilities of Eq. 9. It has no effect on a single restart.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,), int32
        Cluster of each sample. Clusters are numbered from 0, the largest first; empty clusters
        come last.

    coef_ : list of ndarray of shape (n_clusters, n_features of the space)
        Coefficients of the labeling in each space, for features as they are.

    intercept_ : list of ndarray of shape (n_clusters,)
        Intercepts of the labeling in each space.

    n_clusters_ : int
        Number of clusters.

    space_weights_ : ndarray of shape (n_spaces,)
        Weight of each space, with the sum 1.

    temperature_ : float
        Temperature of the probabilities. With it, the mean of the largest probability
        of a row is the share of the rows on which two restarts agree. It is 1 if ``calibrate`` is
        false or there was one restart.

    n_iter_ : int
        Number of outer steps: those of each group of restarts, and those of the polish.

    loss_curve_ : ndarray of shape (`n_iter_`,)
        Loss (Eq. 12) of each outer step on its mini-batch, the mean over the restarts of the
        group.

    restart_loss_curves_ : ndarray of shape (n_steps, n_restarts)
        Loss of each restart at each of its outer steps; NaN after its last step.

    agreement_ : ndarray of shape (n_restarts, n_restarts)
        Adjusted Rand index of the labels of each pair of restarts.

    stability_ : float
        Mean adjusted Rand index of the labels of all pairs of restarts; NaN for a single restart.

    space_names_ : list of str
        Name of each space.

    n_features_in_ : int
        Number of features of all spaces together.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features, if all names of ``X`` are strings. For a collection of DataFrames,
        the names of space and column, joined by "__".

    See Also
    --------
    stack_spaces : Join spaces into one array, for scikit-learn's tools.

    Notes
    -----
    The labeling of a sample is ``y = mean_k softmax(coef_[k] @ x_k + intercept_[k])`` (Eq. 9), and
    its probabilities are ``y ** (1 / temperature_)``, normalized.
    ``RELEASED_SETTINGS`` has the settings of the authors' released code. They suit features of the
    norms of CLIP and DINOv2, and fail on features of unit norm.

    References
    ----------
    .. [1] A. Gadetsky, Y. Jiang, M. Brbic, "Let Go of Your Labels with Unsupervised Transfer",
       ICML 2024. https://arxiv.org/abs/2406.07236
    .. [2] PET-TURTLE, 2026. https://arxiv.org/abs/2601.03237

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit([X[:, :10], X[:, 10:]])
    >>> turtle.labels_.shape
    (300,)
    >>> turtle.predict_proba(X).shape
    (300, 4)
    """

    # these are no metadata of the samples, and are never routed
    __metadata_request__fit = dict.fromkeys(
        ("checkpoint", "checkpoint_every", "on_interrupt"), metadata_routing.UNUSED
    )

    _parameter_constraints = PARAMETER_CONSTRAINTS

    def __init__(
        self,
        n_clusters: int | str = 8,
        *,
        spaces: Any = None,
        cluster_prior: Any = "auto",
        space_weights: Any = "auto",
        random_state: int | np.random.RandomState | None = None,
        device: str | torch.device = "auto",
        verbose: int = 0,
        n_init: int = 8,
        max_iter: int = 100,
        polish_iter: int = 40,
        batch_size: int | str = "auto",
        n_components: int | None = 128,
        n_neighbors: int = 10,
        precision: str = "auto",
        gamma: float = 10.0,
        inner_steps: int = 1,
        inner_lr: float | str = "auto",
        inner_start: str = "zero",
        outer_lr: float = 0.01,
        schedule: str = "cosine",
        scaling: str | None = "l1",
        calibrate: bool = True,
    ) -> None:
        self.n_clusters = n_clusters
        self.spaces = spaces
        self.cluster_prior = cluster_prior
        self.space_weights = space_weights
        self.random_state = random_state
        self.device = device
        self.verbose = verbose
        self.n_init = n_init
        self.max_iter = max_iter
        self.polish_iter = polish_iter
        self.batch_size = batch_size
        self.n_components = n_components
        self.n_neighbors = n_neighbors
        self.precision = precision
        self.gamma = gamma
        self.inner_steps = inner_steps
        self.inner_lr = inner_lr
        self.inner_start = inner_start
        self.outer_lr = outer_lr
        self.schedule = schedule
        self.scaling = scaling
        self.calibrate = calibrate

    @_fit_context(prefer_skip_nested_validation=True)
    @with_torch_defaults
    def fit(
        self,
        X: Any,
        y: Any = None,
        *,
        checkpoint: os.PathLike[str] | str | None = None,
        checkpoint_every: int = 50,
        on_interrupt: str = "raise",
    ) -> TurtleClustering:
        """Find the labeling.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features of the same samples in one or more spaces: one matrix per space, or one matrix
            of all spaces whose columns ``spaces`` assigns. Arrays of any real dtype, pandas and
            polars DataFrames, and torch tensors on any device. Memory maps, Zarr arrays, HDF5
            datasets, Arrow tables, Parquet files and datasets of ``pyarrow``, and Dask arrays are
            read when they are needed, and never held in memory as a whole.

        y : Ignored
            Not used, present for API consistency. Callbacks that score a fit see it.

        checkpoint : str or path-like or None, default=None
            File to which the state of the fit is written as it proceeds. If the file exists, the
            fit continues from it to the result of a fit without interruption, identical to the bit
            on the same machine. The file stays after the fit: delete it once the estimator is
            saved.

        checkpoint_every : int, default=50
            Number of outer steps between two checkpoints. One is also written at the end of each
            phase.

        on_interrupt : {"raise", "stop"}, default="raise"
            Effect of Ctrl-C. "raise" leaves the estimator unchanged and raises KeyboardInterrupt.
            "stop" ends the search after the current step and fits the estimator with the labeling
            found so far. The checkpoint is kept, so that a further call of ``fit`` continues to the
            end.

        Returns
        -------
        self : TurtleClustering
            The fitted estimator. If ``fit`` raises, the estimator does not change.

        Raises
        ------
        ValueError
            If the matrices are not 2-D, are empty, differ in their number of rows, have fewer
            rows than ``n_clusters``, or hold NaN, infinity, masked entries or a constant space; if
            the coefficients are not finite, because of extreme features or rates; if ``spaces``
            does not fit ``X``; if ``device`` is not available; or if ``checkpoint`` is damaged,
            belongs to a fit of other data, other parameters or another version of the library, or
            is given with ``n_clusters="auto"``.
        TypeError
            If a matrix is sparse.
        OSError
            If ``checkpoint`` cannot be read or written.
        ImportError
            If ``checkpoint`` is given and safetensors is not installed.

        Warns
        -----
        ConvergenceWarning
            If clusters are empty.
        UserWarning
            If the restarts agree no better than on data without clusters; if stated sizes are
            missed; if a space contradicts the others; if Ctrl-C has ended the fit; or if a GPU is
            out of memory, so that features are streamed from where they are, or rows are processed
            in smaller chunks.
        """
        check_on_interrupt(on_interrupt)
        options = checkpoint_options(self, checkpoint, checkpoint_every)
        run_fit(
            self,
            X,
            y,
            with_n_clusters=with_n_clusters(self, X),
            checkpoint=options,
            on_interrupt=on_interrupt,
        )
        warn_of_doubt(self)
        return self
