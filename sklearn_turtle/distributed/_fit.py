"""One fit by all processes of a group, each of which holds a part of the rows."""

import joblib

from sklearn_turtle._estimator._fit import run_fit
from sklearn_turtle._estimator._warnings import warn_of_doubt
from sklearn_turtle.distributed._process_group import ProcessGroup

# Parameters that may differ from process to process.
OWN_PARAMETERS = {"device", "random_state", "verbose"}


def fit_sharded(estimator, X, *, process_group=None):
    """Fit an estimator to rows that are spread over the processes of torch.distributed.

    To be called in all processes, each with its own rows. The fit is the one of a single process
    that holds all rows, those of process 0 first: statistics, gradients, the mean labeling of
    Eq. 12 and the sizes of clusters are summed over the processes, and each of them draws the
    same mini-batches, of which it computes the rows that it holds. Every process ends with the
    same labeling.

    Parameters
    ----------
    estimator : TurtleClustering
        The estimator to fit, with the same parameters in all processes; ``device``, ``verbose``
        and ``random_state`` may differ. The random state is that of process 0, and so is what
        is printed.
    X : list, tuple or dict of array-like of shape (n_rows, n_features of the space), \
            or array-like of shape (n_rows, n_features)
        The rows of this process, at least one, as for :class:`~sklearn_turtle.TurtleClustering`.
    process_group : torch.distributed.ProcessGroup or None, default=None
        The processes; None for the default group, all that torchrun started. Sums run by gloo
        where the features are on CPUs, and by NCCL where they are on GPUs, as the group was
        initialized.

    Returns
    -------
    TurtleClustering
        The estimator, fitted: ``labels_`` are those of the rows of this process, and all else is
        the same in all processes.

    Raises
    ------
    RuntimeError
        If there is no process group; if another process cannot read its rows; or if a process
        dies, or does not answer within the time-out that the group was initialized with.
    ValueError
        As of :meth:`TurtleClustering.fit`; or if the processes differ in their parameters, or in
        their spaces.

    Warns
    -----
    ConvergenceWarning
        If clusters are empty; in process 0.
    UserWarning
        If the restarts agree no better than they would on data without clusters; in process 0.

    See Also
    --------
    sklearn_turtle.TurtleClustering.fit : The fit by one process.

    Notes
    -----
    Sums of the same numbers in another order differ by rounding: results are those of a single
    process up to that, as they are for another number of threads.

    Examples
    --------
    A group of one process; ``torchrun --nproc-per-node 4 script.py`` starts several, and
    ``torch.distributed.init_process_group()`` is all that the script then needs.

    >>> import torch.distributed as dist
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.distributed import fit_sharded
    >>> dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    >>> X, _ = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> own_rows = X[dist.get_rank() :: dist.get_world_size()]
    >>> turtle = fit_sharded(TurtleClustering(n_clusters=4, random_state=0), own_rows)
    >>> turtle.labels_.shape
    (300,)
    >>> dist.destroy_process_group()
    """
    processes = ProcessGroup(process_group)
    with processes.together():
        estimator._validate_params()
    processes.check_alike(
        {
            f"parameter {name!r} (its hash)": joblib.hash(value)
            for name, value in estimator.get_params(deep=False).items()
            if name not in OWN_PARAMETERS
        }
    )
    if estimator.n_clusters == "auto":
        raise ValueError(
            "n_clusters='auto' works in one process only: choose the number first, with "
            "sklearn_turtle.select_n_clusters."
        )
    run_fit(estimator, X, processes=processes, stacklevel=2)
    # clusters are numbered by size: those without rows come last
    n_found = 1 + max(processes.collect(int(estimator.labels_.max())))
    if processes.rank == 0:
        warn_of_doubt(estimator, n_found, stacklevel=3)
    return estimator
