"""Express labels as a linear model: one ridge regression on the features of all spaces.

A labeling that was found on averages over neighbors is no linear function of the rows. The
regression is one, and mends labels that its neighbors alone gave to a row.
"""

from collections.abc import Sequence

import torch

from sklearn_turtle._solver.rows._chunks import row_chunks
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.step._linear_model import LinearModel

# The penalty, as a share of the mean variance of a feature.
PENALTY = 0.01
# Logit of a row that is fitted perfectly. It makes probabilities certain, which a temperature then
# makes as uncertain as the restarts are, and affects hardly any label.
LOGIT = 10.0


def distilled(
    spaces: Sequence[Space], indices: torch.Tensor, labels: torch.Tensor, n_clusters: int
) -> LinearModel:
    """Fit the indicators of the clusters by one ridge regression on all spaces together.

    Parameters
    ----------
    spaces : list of Space
        The spaces. Each counts alike: it is scaled to the same mean square norm.
    indices : tensor of shape (n_rows,), int64
        Indices of rows among those of all processes.
    labels : tensor of shape (n_rows,), int64
        Cluster of each of these rows.
    n_clusters : int
        Number of clusters, C.

    Returns
    -------
    LinearModel
        One labeling. The logits of the spaces (Eq. 9) are their parts of the fitted indicators,
        times LOGIT and the number of spaces.
    """
    gram, cross, mean, shares = _moments(spaces, indices, labels, n_clusters)
    widths = [space.n_features for space in spaces]
    # features are scaled afterwards: the scale of a space is that of its part of the diagonal
    norms = [of_space.sum() for of_space in gram.diagonal().split(widths)]
    scale = torch.cat(
        [norm.rsqrt().expand(width) for norm, width in zip(norms, widths, strict=True)]
    )
    gram *= scale[:, None] * scale
    gram.diagonal().add_(PENALTY * gram.diagonal().mean())
    fitted = torch.cholesky_solve(scale[:, None] * cross, torch.linalg.cholesky(gram))
    weight = fitted * scale[:, None] * (LOGIT * len(spaces))
    weights = list(weight.split(widths))
    biases = [shares * LOGIT - m @ w for m, w in zip(mean.split(widths), weights, strict=True)]
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
    assert sums is not None and shift is not None  # there is at least one row
    gram, cross, mean, shares = (total.div_(len(indices)) for total in sums)
    gram.addr_(mean, mean, alpha=-1)
    cross.addr_(mean, shares, alpha=-1)
    return gram, cross, mean + shift, shares
