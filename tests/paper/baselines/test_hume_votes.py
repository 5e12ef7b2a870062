"""Predictions of HUME by votes, worked out by hand."""

import numpy as np
import torch

from sklearn_turtle._input._spaces import spaces_of_collection
from sklearn_turtle.paper.baselines._hume_votes import SeedVotes

# The maps of three seeds pick the largest of three features; the third seed swaps two of them.
COEF = np.stack([np.eye(3), np.eye(3), np.eye(3)[[1, 0, 2]]]).astype(np.float32)
FEATURES = np.array([[5, 1, 0], [0, 0, 2]], dtype=np.float32)
OTHER = np.zeros((2, 1), dtype=np.float32)


def test_votes_in_the_labeling_space():
    votes = SeedVotes(COEF, labeling=1, device=torch.device("cpu"))
    spaces = spaces_of_collection([OTHER, FEATURES])
    assert votes.labels(spaces).tolist() == [0, 2]
    np.testing.assert_allclose(votes.shares(spaces), [[2 / 3, 1 / 3, 0], [0, 0, 1]], rtol=1e-6)


def test_lowest_number_wins_a_tie():
    votes = SeedVotes(COEF[1:], labeling=0, device=torch.device("cpu"))
    spaces = spaces_of_collection([FEATURES])
    assert votes.shares(spaces)[0].tolist() == [0.5, 0.5, 0]
    assert votes.labels(spaces).tolist() == [0, 2]
