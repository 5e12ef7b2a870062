"""Matching the seeds to the best one, and their vote."""

import numpy as np
import torch

from sklearn_turtle.paper.baselines._hume_solver import map_labels, match_to_best, vote_shares


def test_clusters_are_matched_to_those_of_the_best():
    labels = [torch.tensor(of_seed) for of_seed in ([2, 2, 0, 0, 1, 1], [0, 0, 1, 1, 2, 1])]
    # seed 0 calls cluster 0 of seed 1 "2", its cluster 1 "0" and its cluster 2 "1"
    assert match_to_best(1, labels, 3).tolist() == [[2, 0, 1], [0, 1, 2]]


def test_shares_of_the_votes():
    # the maps pick the largest of three features; the third one swaps two of them
    weights = torch.stack([torch.eye(3), torch.eye(3), torch.eye(3)[[1, 0, 2]]])
    features = torch.tensor([[5.0, 1, 0], [0, 0, 2]])
    shares = np.empty((2, 3))

    def write(rows, of_rows):
        shares[rows] = of_rows

    vote_shares(weights, lambda rows: features[rows], 2, write)
    np.testing.assert_allclose(shares, [[2 / 3, 1 / 3, 0], [0, 0, 1]], rtol=1e-6)


def test_labels_do_not_depend_on_the_norm():
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(4, 6, generator=generator)
    features = torch.randn(50, 6, generator=generator)
    norms = torch.logspace(-3, 3, 50)[:, None]
    labels = map_labels(weight, lambda rows: features[rows], 50)
    assert torch.equal(labels, map_labels(weight, lambda rows: (norms * features)[rows], 50))
    assert labels.dtype == torch.int32
