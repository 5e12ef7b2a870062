"""A labeling to start from: linear classifiers of given labels."""

from collections.abc import Sequence

import torch

from sklearn_turtle._solver.loop._settings import Settings
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.rows._processes import ALONE
from sklearn_turtle._solver.step._classifiers import Classifiers
from sklearn_turtle._solver.step._linear_model import LinearModel
from sklearn_turtle._solver.step._workspace import Workspace

# Steps of Adam from zero. More steps make the labels too certain, and labels that start saturated
# have no gradient and stay as they are. The number was not tuned.
N_STEPS = 100


@torch.no_grad()
def fit_to_labels(
    spaces: Sequence[Space], labels: torch.Tensor, search: Settings, draws: Draws
) -> LinearModel:
    """Train a linear classifier in each space on labels, with the Adam of the inner problem.

    Parameters
    ----------
    spaces : list of Space
        The spaces.
    labels : tensor of shape (n_samples,), int64
        Cluster of each row; -1 if unknown.
    search : Settings
        Gives the number of clusters, the size of a mini-batch and the inner rate.
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
        one_hot = torch.nn.functional.one_hot(labels[rows], search.n_clusters)
        labeling = one_hot[:, None].to(device=device, dtype=search.dtype)
        classifiers.fit([space.batch(rows) for space in spaces], labeling, len(rows))
    return classifiers.model()
