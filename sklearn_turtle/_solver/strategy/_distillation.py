"""Express labels as a linear model: one ridge regression on the features of all spaces.

A labeling that was found on averages over neighbors is no linear function of the rows. The
regression is one, and mends labels that its neighbors alone gave to a row.
"""

from collections.abc import Sequence

import torch

from sklearn_turtle._solver.step._linear_model import LinearModel

# The penalty, as a share of the mean variance of a feature.
PENALTY = 0.02
# Logit of a row that is fitted perfectly. Large enough for certain probabilities, which a
# temperature makes as uncertain as the restarts are; it affects hardly any label.
LOGIT = 15.0


def distilled(
    features: Sequence[torch.Tensor], labels: torch.Tensor, n_clusters: int
) -> LinearModel:
    """Fit the indicators of the clusters by one ridge regression on all spaces together.

    Parameters
    ----------
    features : list of tensor of shape (n_rows, d_k)
        Rows of each space. Each space counts alike: it is scaled to the same mean square norm.
    labels : tensor of shape (n_rows,), int64
        Cluster of each row.
    n_clusters : int
        Number of clusters, C.

    Returns
    -------
    LinearModel
        One labeling. The logits of the spaces (Eq. 9) are their parts of the fitted indicators,
        times LOGIT and the number of spaces.
    """
    n_spaces = len(features)
    means = [z.mean(0) for z in features]
    scales = [(z.square().sum(1).mean() - mean @ mean).rsqrt() for z, mean in zip(features, means)]
    joint = torch.cat(
        [(z - mean) * scale for z, mean, scale in zip(features, means, scales, strict=True)], 1
    )
    indicators = torch.nn.functional.one_hot(labels, n_clusters).to(joint)
    shares = indicators.mean(0)
    gram = joint.T @ joint
    gram.diagonal().add_(PENALTY * gram.diagonal().mean())
    fitted = torch.cholesky_solve(joint.T @ (indicators - shares), torch.linalg.cholesky(gram))
    sharpness = LOGIT * n_spaces
    weights, biases = [], []
    parts = fitted.split([z.shape[1] for z in features])
    for part, mean, scale in zip(parts, means, scales, strict=True):
        weight = part * scale * sharpness
        weights.append(weight)
        biases.append(shares * LOGIT - mean @ weight)
    return LinearModel(weights, biases, n_clusters)
