import numpy as np
import pytest
import torch
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle._solver import LinearModel, overlap
from sklearn_turtle._solver.strategy._merging import adjusted_rand_index, align, average, merge


def renumbered(labels, n_restarts, rng, noise=0.0):
    """Copies of labels with other numbers; a share of the labels is replaced at random."""
    n_clusters = labels.max() + 1
    orders = np.stack([rng.permutation(n_clusters) for _ in range(n_restarts)])
    copies = orders[:, labels]
    wrong = rng.random(copies.shape) < noise
    copies[wrong] = rng.integers(n_clusters, size=wrong.sum())
    return torch.from_numpy(copies), orders


def true_clusters(orders, matched):
    """The true cluster behind each cluster of the consensus, in each restart."""
    return [np.argsort(own)[of_restart] for own, of_restart in zip(orders, matched, strict=True)]


@pytest.mark.parametrize("noise", [0.0, 0.3])
@pytest.mark.parametrize("n_restarts", [1, 2, 7])
def test_renumbered_clusters_are_matched(n_restarts, noise):
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.repeat(np.arange(6), 50))
    copies, orders = renumbered(labels, n_restarts, rng, noise)
    order, _ = align(copies, 6)
    first, *others = true_clusters(orders, order)
    for other in others:
        np.testing.assert_array_equal(other, first)


def test_agreement_is_the_share_of_rows_in_matched_clusters():
    labels = torch.tensor([[0, 0, 1, 1, 2, 2], [2, 2, 0, 0, 1, 1], [1, 1, 2, 0, 0, 0]])
    assert align(labels, 3)[1] == pytest.approx((6 / 6 + 5 / 6 + 5 / 6) / 3)
    assert align(labels[:1], 3)[1] == 1


def test_an_outlying_restart_does_not_lead():
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.repeat(np.arange(4), 50))
    copies, orders = renumbered(labels, 5, rng)
    copies[0] = torch.from_numpy(rng.integers(4, size=200))
    order, _ = align(copies, 4)
    first, *others = true_clusters(orders[1:], order[1:])
    for other in others:
        np.testing.assert_array_equal(other, first)


@pytest.mark.parametrize("seed", range(5))
def test_no_other_matching_of_a_restart_shares_more_rows_with_the_others(seed):
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(np.arange(8), 30))
    copies, _ = renumbered(labels, 6, rng, noise=0.6)
    copies[0] = torch.from_numpy(rng.integers(3, size=240))  # some clusters are empty
    order, _ = align(copies, 8)
    # the number in the consensus of each cluster of a restart
    numbers = torch.from_numpy(np.argsort(order, axis=1))
    matched = numbers.gather(1, copies)
    for r in range(len(copies)):
        others = [s for s in range(len(copies)) if s != r]
        votes = sum(overlap(copies[r], matched[s], 8) for s in others)
        rows, columns = linear_sum_assignment(votes, maximize=True)
        assert votes[order[r], np.arange(8)].sum() == votes[rows, columns].sum()


def test_empty_clusters_are_matched_too():
    order, _ = align(torch.tensor([[0, 0, 1, 1], [2, 2, 0, 0]]), 3)
    assert sorted(order[0]) == sorted(order[1]) == [0, 1, 2]
    assert order[1][list(order[0]).index(0)] == 2


def test_overlap_counts_shared_rows():
    labels, others = torch.tensor([0, 0, 1, 2]), torch.tensor([1, 1, 0, 0])
    assert overlap(labels, others, 3).tolist() == [[0, 2, 0], [1, 0, 0], [1, 0, 0]]


def test_matching_clusters_are_averaged_without_common_offsets():
    weight = torch.tensor([[1.0, 2.0, 4.0], [0.0, 3.0, 9.0]])
    bias = torch.tensor([1.0, -1.0, 0.0])
    order = np.array([[0, 1, 2], [2, 0, 1]])
    second = torch.empty_like(weight)
    second[:, order[1]] = weight + 5
    second_bias = torch.empty_like(bias)
    second_bias[order[1]] = bias - 3
    model = LinearModel([torch.hstack([weight, second])], [torch.hstack([bias, second_bias])], 3)
    merged = average(model, order)
    torch.testing.assert_close(merged.weights[0], weight - weight.mean(1, keepdim=True))
    torch.testing.assert_close(merged.biases[0], bias - bias.mean())


def test_merged_copies_of_a_model_give_its_labels():
    rng = np.random.default_rng(0)
    z = torch.from_numpy(rng.normal(size=(300, 5)))
    weight, bias = torch.from_numpy(rng.normal(size=(5, 4))), torch.from_numpy(rng.normal(size=4))
    orders = [rng.permutation(4) for _ in range(3)]
    model = LinearModel(
        [torch.hstack([weight[:, order] for order in orders])],
        [torch.hstack([bias[order] for order in orders])],
        4,
    )
    labels = torch.stack([(z @ weight + bias)[:, order].argmax(1) for order in orders])
    merged, agreement = merge(model, labels)
    assert agreement == 1
    probabilities = (z @ merged.weights[0] + merged.biases[0]).softmax(1)
    expected = (z @ weight + bias).softmax(1)
    torch.testing.assert_close(probabilities.sort(1).values, expected.sort(1).values)


@pytest.mark.parametrize("n_clusters", [1, 2, 7])
@pytest.mark.parametrize("noise", [0.0, 0.5, 1.0])
def test_the_adjusted_rand_index_is_that_of_scikit_learn(n_clusters, noise):
    rng = np.random.default_rng(0)
    labels = rng.integers(n_clusters, size=60)
    others = np.where(rng.random(60) < noise, rng.integers(n_clusters, size=60), labels)
    found = adjusted_rand_index(torch.from_numpy(labels), torch.from_numpy(others), n_clusters)
    assert found == pytest.approx(adjusted_rand_score(labels, others))
