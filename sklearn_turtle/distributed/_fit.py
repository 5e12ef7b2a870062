"""Fit an estimator in several processes, each of which holds a part of the rows."""

from typing import Any

import joblib
import numpy as np
import torch.distributed as dist

from sklearn_turtle._estimator._fit import run_fit
from sklearn_turtle._estimator._warnings import warn_of_doubt
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle._turtle import TurtleClustering
from sklearn_turtle.distributed._process_group import ProcessGroup

# Parameters that may differ between processes.
OWN_PARAMETERS = {"device", "random_state", "verbose"}


@with_torch_defaults
def fit_sharded(
    estimator: TurtleClustering, X: Any, *, process_group: "dist.ProcessGroup | None" = None
) -> TurtleClustering:
    """Fit an estimator to rows that are distributed over the processes of torch.distributed.

    Call this function in all processes, each with its own rows. The result is that of a fit in a
    single process to the rows of all processes, in the order of their ranks. Statistics,
    gradients, the mean labeling of Eq. 12 and the sizes of clusters are summed over the
    processes. All processes draw the same mini-batches and compute the rows that they hold. At
    the end, all have the same labeling.

    Parameters
    ----------
    estimator : TurtleClustering
        Estimator to fit. Its parameters must be the same in all processes, except ``device``,
        ``verbose`` and ``random_state``. The random state of process 0 is used, and only
        process 0 prints.
    X : list, tuple or dict of array-like of shape (n_rows, n_features of the space), \
            or array-like of shape (n_rows, n_features)
        Rows of this process, at least one, in any form that
        :class:`~sklearn_turtle.TurtleClustering` takes.
    process_group : torch.distributed.ProcessGroup or None, default=None
        The processes of the fit. None for the default group, which contains all processes that
        torchrun started. Use a group with the gloo backend for features on CPUs, and NCCL for
        features on GPUs.

    Returns
    -------
    TurtleClustering
        The fitted estimator. ``labels_`` are the labels of the rows of this process; all other
        attributes are the same in all processes.

    Raises
    ------
    RuntimeError
        If there is no process group, another process cannot read its rows, or a process dies or
        does not respond within the timeout of the group.
    ValueError
        If the parameters or spaces differ between processes, ``n_clusters`` is "auto", or
        :meth:`TurtleClustering.fit` would raise it.

    Warns
    -----
    ConvergenceWarning
        If clusters are empty; only in process 0.
    UserWarning
        If the restarts agree no better than on data without clusters; only in process 0.

    See Also
    --------
    sklearn_turtle.TurtleClustering.fit : Fit in a single process.

    Notes
    -----
    Sums in a different order round differently. Results therefore match those of a single process
    up to rounding, as with a different number of threads.

    Examples
    --------
    This group has a single process. ``torchrun --nproc-per-node 4 script.py`` starts several
    processes, which only need to call ``torch.distributed.init_process_group()``.

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
            "fit_sharded does not support n_clusters='auto': choose the number first with "
            "sklearn_turtle.select_n_clusters."
        )
    run_fit(estimator, X, processes=processes)
    own = np.bincount(estimator.labels_, minlength=estimator.n_clusters_)
    sizes = np.sum(processes.collect(own), 0)
    if processes.rank == 0:
        warn_of_doubt(estimator, sizes, stacklevel=4)
    return estimator
