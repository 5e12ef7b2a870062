"""The estimator: parameters, validation and fitted attributes; no arithmetic."""

from collections.abc import Mapping
from numbers import Integral, Real

import torch
from sklearn.base import BaseEstimator, ClusterMixin, _fit_context
from sklearn.utils import check_scalar, metadata_routing
from sklearn.utils._param_validation import Interval, StrOptions

from sklearn_turtle._estimator._fit import run_fit
from sklearn_turtle._estimator._fitted import replace_fitted
from sklearn_turtle._estimator._interruption import check_on_interrupt
from sklearn_turtle._estimator._persistence_mixin import PersistenceMixin
from sklearn_turtle._estimator._prediction_mixin import PredictionMixin
from sklearn_turtle._estimator._progress import CallbackSupportMixin
from sklearn_turtle._estimator._stream import attributes_after_chunk
from sklearn_turtle._estimator._warnings import warn_of_doubt
from sklearn_turtle._estimator.n_clusters import with_n_clusters


class TurtleClustering(
    CallbackSupportMixin, PredictionMixin, PersistenceMixin, ClusterMixin, BaseEstimator
):
    """Cluster samples by the labeling that linear classifiers separate best in all spaces.

    TURTLE [1]_ takes the features that one or more frozen foundation models (spaces) give the
    same samples, and finds the labeling for which linear classifiers have the largest margins
    in every space. The labeling itself is linear, so that it applies to new samples.

    Parameters
    ----------
    n_clusters : int or "auto", default=8
        Number of clusters. "auto" for the one that :func:`select_n_clusters
        <sklearn_turtle.model_selection.select_n_clusters>` chooses, at the cost of many fits; its
        result also tells how clear the choice was.

    spaces : None, "prefix", list or dict, default=None
        Which columns of a 2-D ``X`` belong to which space:

        - ``None``: ``X`` is one space;
        - list of int: the widths of the spaces, side by side, as :func:`stack_spaces` returns
          them;
        - list of slices or of lists of columns: the columns of each space, by position or, for
          a DataFrame, by name;
        - dict ``{name: columns}``: the same, with names for the spaces;
        - ``"prefix"``: the columns of a DataFrame grouped by what stands before ``"__"`` in
          their names, as ColumnTransformer and FeatureUnion name them.

        Must be None where ``X`` is itself a list, tuple or dict of spaces.

    cluster_prior : {"auto", "uniform"}, float or array-like of shape (n_clusters,), default="auto"
        What is known of the sizes of the clusters:

        - "auto": nothing. The restarts look for clusters of equal size; the polish of the merged
          labeling lets them take the sizes that they have in the data;
        - "uniform": clusters are of about equal size;
        - float: the size of the r-th largest cluster is proportional to ``r ** -cluster_prior``;
        - array-like: proportions of the clusters, in any order.

        With a prior that is not uniform, the entropy term of Eq. 12 becomes ``gamma`` times the
        Kullback-Leibler divergence of the mean labeling from the prior [2]_; which cluster is
        the largest is left open.

    gamma : float, default=10.0
        Weight of the entropy of the mean labeling (Eq. 12), or of its divergence from
        ``cluster_prior``, which keeps clusters from vanishing. Where ``cluster_prior="auto"``,
        the polish lowers it to 1 and then to 0.3.

    n_init : int or "auto", default="auto"
        Number of restarts, which are trained side by side and merged into one labeling: all
        at once, or in several groups one after the other where the labels of a mini-batch in
        all restarts would be more than four million. "auto" for 32, or ``1600 // n_clusters``
        where that is less, but at least 8.

    max_iter : int or "auto", default="auto"
        Number of outer steps of each restart. "auto" for ``35 * log(n_clusters)``, but at least
        50.

    polish_iter : int, default=80
        Number of outer steps of a phase of the polish, at lower rates; 0 for no polish. Where
        ``cluster_prior="auto"`` there are four phases, and may be a fifth where mini-batches
        are small: labelings whose sizes stay near equal, are free, or are equal are compared by
        how well linear classifiers predict them on held-out rows.

    inner_steps : int, default=1
        Number of Adam steps on the classifiers in each outer step of the restarts.

    inner_lr : float or "auto", default="auto"
        Learning rate of the classifiers. "auto" for ``0.005 * log(n_clusters) / inner_steps``.

    inner_start : {"zero", "cold", "warm"}, default="zero"
        Where the classifiers of an outer step start: at zero, at fresh random weights (the
        paper's cold start), or where the outer step before left them (its warm start).

    outer_lr : float, default=0.01
        Learning rate of the labeling.

    schedule : {"cosine", "constant"}, default="cosine"
        How ``outer_lr`` changes over the steps: down to zero along a half cosine, or not at
        all.

    batch_size : int or "auto", default="auto"
        Number of samples of the mini-batch of a step, drawn without replacement; all samples
        are taken where there are no more. "auto" for 1000, or three quarters of the samples
        where that is less, or 20 times ``n_clusters`` where that is more; above 200 clusters
        for 4000, or 10 times ``n_clusters``.

    scaling : {"l1", None}, default="l1"
        How each space is prepared. "l1" centers the features and scales them by one number so
        that the mean L1 norm of a sample is 400, which makes the same learning rates work for
        embeddings of any norm and dimension, and draws initial weights that give small logits;
        None takes the features and the initial weights as the released code does. The
        coefficients apply to features as they are in either case.

    n_components : int, "auto" or None, default="auto"
        The restarts see each space along at most this number of its principal axes, randomly
        rotated: that is cheaper where there are more features, and makes the search independent
        of the basis that they come in. The coefficients apply to the features themselves. "auto"
        for 7 times ``n_clusters``, but at least 256 and at most 512. None for no projection.

    tol : float, default=0.0
        The fit ends once less than this share of the labels changes over ten outer steps; 0
        for never.

    calibrate : bool, default=True
        Whether probabilities are made as uncertain as the restarts are, by a temperature: the
        labeling of few steps and large margins is surer than it is right. Labels do not change.
        False for the probabilities of Eq. 9. Without effect where there is one restart only.

    device : str or torch.device, default="auto"
        Where the optimization runs: "auto" for CUDA, then MPS, then the CPU, whichever is
        there; or any device that torch knows.

    precision : {"auto", "float32", "bfloat16"}, default="auto"
        Dtype of the factors of matrix products during the fit; all else is float32. "auto" for
        bfloat16 where the device multiplies such matrices in units of their own (CUDA from
        Ampere on, CPUs with AMX or AVX512-BF16), else float32. Predictions are not concerned.

    random_state : int, RandomState instance or None, default=None
        Determines the initial weights and the mini-batches. Pass an int for the same result
        in every call. The global state of NumPy and torch is left alone.

    verbose : int, default=0
        1 prints about ten lines of progress, 2 a line each outer step.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,), int32
        Cluster of each sample. Clusters are numbered from 0, the largest first; where some are
        empty, these come last.

    coef_ : list of ndarray of shape (n_clusters, n_features of the space)
        Coefficients of the labeling in each space, for features as they are.

    intercept_ : list of ndarray of shape (n_clusters,)
        Intercepts of the labeling in each space.

    n_clusters_ : int
        Number of clusters.

    temperature_ : float
        What the logarithms of the probabilities of Eq. 9 are divided by, before they are
        normalized again: the temperature, at least 1, at which the largest probability of a row
        is, on the mean, the share of the rows on which two restarts agree; 1 where ``calibrate``
        is false or there was one restart.

    n_iter_ : int
        Number of outer steps taken: those of each group of restarts, and those of the polish.

    loss_curve_ : ndarray of shape (`n_iter_`,)
        Loss (Eq. 12) of each outer step on its mini-batch, the mean over the restarts that
        took it side by side.

    restart_loss_curves_ : ndarray of shape (n_steps, n_restarts)
        Loss of each restart at each of its outer steps; NaN where it took no more.

    agreement_ : ndarray of shape (n_restarts, n_restarts)
        Adjusted Rand index of the labels of each pair of restarts.

    stability_ : float
        Mean adjusted Rand index of the labels of all pairs of restarts; NaN where there is only
        one.

    space_names_ : list of str
        Name of each space.

    n_features_in_ : int
        Number of features of all spaces together.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features where ``X`` has names that are all strings; for a collection of
        DataFrames, the names of space and column, joined by "__".

    See Also
    --------
    stack_spaces : Join spaces into one array, for scikit-learn's tools.
    sklearn.cluster.KMeans : Clusters around centers of the features themselves.

    Notes
    -----
    The labeling of a sample is ``y = mean_k softmax(coef_[k] @ x_k + intercept_[k])``
    (Eq. 9), and its probabilities are ``y ** (1 / temperature_)``, normalized.
    ``TurtleClustering(n_clusters, **RELEASED_SETTINGS)`` runs the method with the settings of the
    authors' released code, which suit features of the norms that CLIP and DINOv2 produce and fail
    on features of unit norm.

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

    # how a fit is run is no metadata of the samples, to be routed to it
    __metadata_request__fit = dict.fromkeys(
        ("checkpoint", "checkpoint_every", "on_interrupt"), metadata_routing.UNUSED
    )

    _parameter_constraints = {
        "n_clusters": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
        "spaces": [None, StrOptions({"prefix"}), "array-like", Mapping],
        "cluster_prior": [
            StrOptions({"auto", "uniform"}),
            Interval(Real, 0, None, closed="left"),
            "array-like",
        ],
        "gamma": [Interval(Real, 0, None, closed="left")],
        "n_init": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
        "max_iter": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
        "polish_iter": [Interval(Integral, 0, None, closed="left")],
        "inner_steps": [Interval(Integral, 1, None, closed="left")],
        "inner_lr": [Interval(Real, 0, None, closed="neither"), StrOptions({"auto"})],
        "inner_start": [StrOptions({"zero", "cold", "warm"})],
        "outer_lr": [Interval(Real, 0, None, closed="neither")],
        "schedule": [StrOptions({"cosine", "constant"})],
        "batch_size": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
        "scaling": [StrOptions({"l1"}), None],
        "n_components": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"}), None],
        "tol": [Interval(Real, 0, 1, closed="left")],
        "calibrate": ["boolean"],
        "device": [str, torch.device],
        "precision": [StrOptions({"auto", "float32", "bfloat16"})],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    def __init__(
        self,
        n_clusters=8,
        *,
        spaces=None,
        cluster_prior="auto",
        gamma=10.0,
        n_init="auto",
        max_iter="auto",
        polish_iter=80,
        inner_steps=1,
        inner_lr="auto",
        inner_start="zero",
        outer_lr=0.01,
        schedule="cosine",
        batch_size="auto",
        scaling="l1",
        n_components="auto",
        tol=0.0,
        calibrate=True,
        device="auto",
        precision="auto",
        random_state=None,
        verbose=0,
    ):
        self.n_clusters = n_clusters
        self.spaces = spaces
        self.cluster_prior = cluster_prior
        self.gamma = gamma
        self.n_init = n_init
        self.max_iter = max_iter
        self.polish_iter = polish_iter
        self.inner_steps = inner_steps
        self.inner_lr = inner_lr
        self.inner_start = inner_start
        self.outer_lr = outer_lr
        self.schedule = schedule
        self.batch_size = batch_size
        self.scaling = scaling
        self.n_components = n_components
        self.tol = tol
        self.calibrate = calibrate
        self.device = device
        self.precision = precision
        self.random_state = random_state
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, *, checkpoint=None, checkpoint_every=50, on_interrupt="raise"):
        """Find the labeling.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features of the same samples in one or more spaces: one matrix a space, or one
            matrix of all spaces whose columns ``spaces`` assigns. Arrays of any real dtype,
            pandas and polars DataFrames, and torch tensors on any device. Memory maps, Zarr
            arrays, HDF5 datasets, Arrow tables, Parquet files and datasets of ``pyarrow``, and
            Dask arrays are read as needed, and never held in memory as a whole.

        y : Ignored
            Not used, present for API consistency. Callbacks that score a fit see it.

        checkpoint : str or path-like or None, default=None
            File to which the state of the fit is written as it goes on. Where it is there, the fit
            goes on from it, and finds what it would have found without an interruption, to the
            bit on the same machine. It stays after the fit: delete it once the estimator is saved.

        checkpoint_every : int, default=50
            Number of outer steps between two writings of the checkpoint, which is also written at
            the end of each phase.

        on_interrupt : {"raise", "stop"}, default="raise"
            What Ctrl-C does: "raise" leaves the estimator as it was and raises KeyboardInterrupt;
            "stop" ends the search after the present step, and the estimator is fitted with the
            labeling found so far. The checkpoint is left where it is, so that a further call of
            ``fit`` goes on to the end.

        Returns
        -------
        self : TurtleClustering
            The fitted estimator. Where ``fit`` raises, the estimator is as it was before.

        Raises
        ------
        ValueError
            If the matrices are not 2-D, are empty, differ in their number of rows, have fewer
            rows than ``n_clusters``, or hold NaN, infinity, masked entries or a constant space; if
            the coefficients are not finite, for features or rates beyond all measure; if ``spaces``
            does not fit ``X``; if ``device`` cannot be used; or if ``checkpoint`` is damaged, or
            of a fit of other data, other parameters or another version of the library, or given
            where ``n_clusters="auto"``.
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
            If the restarts agree no better than they would on data without clusters; if Ctrl-C
            has ended the fit; or if a GPU is out of memory, so that features are streamed from
            where they are, or rows worked on in smaller chunks.
        """
        check_scalar(checkpoint_every, "checkpoint_every", Integral, min_val=1)
        check_on_interrupt(on_interrupt)
        if self.n_clusters == "auto" and checkpoint is not None:
            raise ValueError(
                "n_clusters='auto' works without a checkpoint only: choose the number first, with "
                "sklearn_turtle.select_n_clusters."
            )
        run_fit(
            self,
            X,
            y,
            numbered=with_n_clusters(self, X),
            checkpoint=checkpoint,
            checkpoint_every=checkpoint_every,
            on_interrupt=on_interrupt,
        )
        warn_of_doubt(self)
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y=None):
        """Go on with the labeling on a chunk of a stream.

        A chunk gives as many outer steps of all restarts as it has mini-batches of
        ``batch_size`` rows, and is not needed again. The restarts go on from chunk to chunk, and
        are merged anew after each. A stream should give some hundreds of steps, in chunks that
        are mixed: of a stream that is sorted, the labeling follows what came last. Each chunk
        should have at least ten rows a cluster, since every step strives for clusters of the
        sizes that ``cluster_prior`` says within its mini-batch; "auto" stands for equal ones.

        Unlike :meth:`fit`, which is to be preferred where it can be had, this neither projects
        the spaces nor polishes the labeling, and ``outer_lr`` does not decay: ``n_components``,
        ``max_iter``, ``polish_iter``, ``schedule``, ``tol`` and ``verbose`` have no effect. How
        the spaces are scaled is settled by the first chunk. After :meth:`fit`, the fitted
        labeling goes on as a single restart, scaled by the first chunk that follows.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features of the rows of the chunk, as for :meth:`fit`; the first chunk has at least
            ``n_clusters`` rows.

        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : TurtleClustering
            The estimator after the chunk. ``labels_``, the loss curves, ``agreement_`` and
            ``stability_`` are those of this chunk; ``n_iter_`` counts the steps of all. Clusters
            keep their numbers, which the first chunk gives by size. Where ``partial_fit``
            raises, the estimator is as it was before.

        Raises
        ------
        ValueError
            As :meth:`fit` for the first chunk, as :meth:`predict` for those that follow; if
            ``n_clusters`` has changed; or if it is "auto" for the first chunk.
        TypeError
            If a matrix is sparse.
        """
        replace_fitted(self, attributes_after_chunk(self, X))
        return self
