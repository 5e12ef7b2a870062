"""A labeling to start from: linear classifiers of labels that are given."""

import torch

from sklearn_turtle._solver.rows._processes import ALONE
from sklearn_turtle._solver.step._classifiers import Classifiers
from sklearn_turtle._solver.step._workspace import Workspace

# Steps of Adam from zero. More make the labels surer than they may be, and what starts out
# saturated has no gradient and stays as it is. The number was not tuned.
N_STEPS = 100


@torch.no_grad()
def fit_to_labels(spaces, labels, search, draws):
    """Train a linear classifier in each space on labels, by the inner problem's Adam.

    Parameters
    ----------
    spaces : list of ProjectedSpace or FeatureSpace
        The spaces.
    labels : tensor of shape (n_samples,), int64
        Cluster of each row; -1 where it is not known.
    search : Settings
        Of which the number of clusters, the size of a mini-batch and the inner rate are taken.
    draws : Draws
        Source of the mini-batches.

    Returns
    -------
    LinearModel
        One labeling.
    """
    device = spaces[0].device
    classifiers = Classifiers(
        [space.n_features for space in spaces],
        n_restarts=1,
        n_clusters=search.n_clusters,
        steps=1,
        lr=search.inner_lr,
        start="warm",
        draws=draws,
        initial_scales=[0.0] * len(spaces),  # from zero, and Adam's state carries over
        dtype=search.dtype,
        workspace=Workspace(device),
        device=device,
        processes=ALONE,
    )
    labeled = (labels >= 0).nonzero()[:, 0]
    for _ in range(N_STEPS):
        rows = draws.rows(len(labeled), search.batch_size)
        rows = labeled if rows is None else labeled[rows]
        labeling = torch.nn.functional.one_hot(labels[rows], search.n_clusters)
        labeling = labeling[:, None].to(device=device, dtype=search.dtype)
        classifiers.fit([space.batch(rows) for space in spaces], labeling, len(rows))
    return classifiers.model()
