"""Small cases; tests/_solver/test_parity.py compares whole steps with the equations."""

import torch

from sklearn_turtle._solver.step._outer_step import ranked_log_prior

LOG_PRIOR = torch.tensor([0.5, 0.3, 0.2]).log()


def test_the_largest_cluster_gets_the_largest_proportion():
    mean_labeling = torch.tensor([[0.1, 0.7, 0.2], [0.4, 0.35, 0.25]])
    expected = torch.tensor([[0.2, 0.5, 0.3], [0.5, 0.3, 0.2]]).log()
    assert torch.equal(ranked_log_prior(mean_labeling, LOG_PRIOR), expected)


def test_equal_sizes_need_no_ranks():
    assert ranked_log_prior(torch.full((2, 3), 1 / 3), None) is None
