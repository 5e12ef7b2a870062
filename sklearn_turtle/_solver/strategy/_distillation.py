"""Express labels as a linear model: one discriminant analysis in all spaces together.

A labeling that was found on averages over neighbors is no linear function of the rows. The
discriminants are linear, and mend labels that its neighbors alone gave to a row.
"""

from collections.abc import Sequence

import torch

from sklearn_turtle._solver.rows._chunks import row_chunks
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.step._linear_model import LinearModel

# Added to the variance of each feature within the clusters, as a share of its mean variance.
RIDGE = 0.01
# Root mean square of the logits. The softmax is neither flat nor saturated, and a temperature later
# makes the probabilities as uncertain as the restarts are.
LOGIT_NORM = 3.0


def distilled(
    spaces: Sequence[Space],
    indices: torch.Tensor,
    labels: torch.Tensor,
    n_clusters: int,
    space_weights: Sequence[float],
) -> LinearModel:
    """Fit the labels by one linear discriminant analysis of all spaces together.

    Parameters
    ----------
    spaces : list of Space
        The spaces. Each is scaled to a mean square norm that is its weight.
    indices : tensor of shape (n_rows,), int64
        Indices of rows among those of all processes.
    labels : tensor of shape (n_rows,), int64
        Cluster of each of these rows.
    n_clusters : int
        Number of clusters, C.
    space_weights : list of float
        Weight of each space, with the sum 1.

    Returns
    -------
    LinearModel
        One labeling. The logits of the spaces (Eq. 9) add up to a multiple of the discriminants
        ``log p_c - (x - m_c)' S^-1 (x - m_c) / 2``, less a part that is the same for all clusters.
        Here, ``p_c`` is the share of a cluster, ``m_c`` its mean and ``S`` the covariance within
        the clusters.
    """
    gram, cross, mean, shares = _moments(spaces, indices, labels, n_clusters)
    widths = [space.n_features for space in spaces]
    # features are scaled afterwards: the scale of a space is that of its part of the diagonal
    tiny = torch.finfo(gram.dtype).tiny  # for rows that are all alike, and for empty clusters
    norms = [of_space.sum() + tiny for of_space in gram.diagonal().split(widths)]
    scale = torch.cat(
        [
            (v / norm).sqrt().expand(width)
            for v, norm, width in zip(space_weights, norms, widths, strict=True)
        ]
    )
    gram *= scale[:, None] * scale
    penalty = RIDGE * gram.diagonal().mean() + tiny
    shares = shares.clamp_min(tiny)
    centers = scale[:, None] * cross / shares
    within = torch.addmm(gram, centers * shares, centers.T, alpha=-1)
    within.diagonal().add_(penalty)
    discriminants = torch.cholesky_solve(centers, torch.linalg.cholesky(within))
    bias = shares.log() - 0.5 * (centers * discriminants).sum(0)
    differing = discriminants - discriminants.mean(1, keepdim=True)
    mean_square = (differing * (gram @ differing)).sum(0).mean()
    factor = LOGIT_NORM * (mean_square + tiny).rsqrt()
    bias *= factor
    weights = list((scale[:, None] * factor * discriminants).split(widths))
    biases = [
        v * bias - m @ weight
        for v, m, weight in zip(space_weights, mean.split(widths), weights, strict=True)
    ]
    return LinearModel(weights, biases, n_clusters)


def _moments(
    spaces: Sequence[Space], indices: torch.Tensor, labels: torch.Tensor, n_clusters: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Moments of the features of all spaces side by side and of the indicators of the clusters.

    Returns
    -------
    gram, cross : tensors of shape (d, d) and (d, C)
        Products of the centered features, with each other and with the centered indicators,
        divided by the number of rows.
    mean, shares : tensors of shape (d,) and (C,)
        Mean features and indicators.
    """
    width = sum(space.n_features for space in spaces)
    sums, shift = None, None
    for rows in row_chunks(len(indices), width):
        joint = torch.cat([space.gathered(indices[rows]) for space in spaces], 1)
        if sums is None or shift is None:
            # near the mean, so that little is lost when the mean is taken out of the products
            shift = joint.mean(0)
            sums = [joint.new_zeros(shape) for shape in ((width, width), (width, n_clusters))]
            sums += [joint.new_zeros(width), joint.new_zeros(n_clusters)]
        joint -= shift
        indicators = torch.nn.functional.one_hot(labels[rows], n_clusters).to(joint)
        sums[0].addmm_(joint.T, joint)
        sums[1].addmm_(joint.T, indicators)
        sums[2] += joint.sum(0)
        sums[3] += indicators.sum(0)
    assert sums is not None  # there is at least one row
    assert shift is not None
    gram, cross, mean, shares = (total.div_(len(indices)) for total in sums)
    gram.addr_(mean, mean, alpha=-1)
    cross.addr_(mean, shares, alpha=-1)
    return gram, cross, mean + shift, shares
