"""Nearest neighbors, and rows averaged over them.

Averages over neighbors take the noise out of the rows: what a row shares with its neighbors is
mostly what their cluster has in common (graph convolution without weights: F. Wu, A. Souza,
T. Zhang, C. Fifty, T. Yu, K. Weinberger, "Simplifying Graph Convolutional Networks", ICML 2019;
X. Zhang, H. Liu, Q. Li, X.-M. Wu, "Attributed Graph Clustering via Adaptive Graph Convolution",
IJCAI 2019).
"""

from collections.abc import Sequence

import torch

from sklearn_turtle._solver.rows._chunks import row_chunks

# Times that rows are averaged: each is averaged over its neighbors and their neighbors.
N_HOPS = 2


def nearest_neighbors(
    features: Sequence[torch.Tensor], n_neighbors: int, weights: Sequence[float]
) -> torch.Tensor:
    """Find the nearest neighbors of each row, by the cosine over all spaces together.

    Parameters
    ----------
    features : list of tensor of shape (n_rows, d_k)
        Rows. Each space is centered, and scaled to a mean square norm that is its weight.
    n_neighbors : int
        Number of neighbors, below the number of rows.
    weights : list of float
        Weight of each space.

    Returns
    -------
    tensor of shape (n_rows, n_neighbors), int64
        The neighbors of each row, without the row itself, in any order.

    Raises
    ------
    ValueError
        If products of the features overflow.
    """
    centered = [z - z.mean(0) for z in features]
    tiny = torch.finfo(centered[0].dtype).tiny  # for rows that are all alike
    scaled = [
        z * (weight / (z.square().sum(1).mean() + tiny)).sqrt()
        for z, weight in zip(centered, weights, strict=True)
    ]
    joint = torch.nn.functional.normalize(torch.cat(scaled, 1), dim=1)
    if not torch.isfinite(joint).all():
        raise ValueError(f"Features are too large for products in {joint.dtype}: use scaling='l1'.")
    n_rows = len(joint)
    neighbors = torch.empty(n_rows, n_neighbors, dtype=torch.int64, device=joint.device)
    for rows in row_chunks(n_rows, n_rows):
        similarity = joint[rows] @ joint.T
        similarity.diagonal(rows.start).fill_(-torch.inf)
        neighbors[rows] = similarity.topk(n_neighbors, sorted=False).indices
    return neighbors


def averaged(features: torch.Tensor, neighbors: torch.Tensor) -> torch.Tensor:
    """Average each row with its neighbors, N_HOPS times.

    Parameters
    ----------
    features : tensor of shape (n_rows, d)
        Rows.
    neighbors : tensor of shape (n_rows, n_neighbors), int64
        Neighbors of each row.

    Returns
    -------
    tensor of shape (n_rows, d)
    """
    for _ in range(N_HOPS):
        average = torch.empty_like(features)
        for rows in row_chunks(len(features), neighbors.shape[1] * features.shape[1]):
            average[rows] = features[neighbors[rows]].sum(1).add_(features[rows])
        features = average.div_(neighbors.shape[1] + 1)
    return features
