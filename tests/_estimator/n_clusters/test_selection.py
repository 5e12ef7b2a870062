"""The curve over numbers of clusters, and the number that is chosen."""

import numpy as np

from sklearn_turtle.model_selection import NClustersSelection


def test_score_combines_entropy_stability_and_gain():
    selection = NClustersSelection(
        candidates=np.array([2, 3, 10, 20]),
        stability=np.array([0.9, 0.8, 0.5, -0.1]),
        stability_error=np.array([0.0, 0.04, 0.05, 0.01]),
        entropy=np.array([0.7, 0.9, 2.0, 3.0]),
        accuracy=np.array([0.95, 0.98, 0.9, 0.5]),
        null_accuracy=np.array([0.96, 0.96, 0.8, 0.4]),
        gain_error=np.array([0.1, 0.0, 0.04, 0.0]),
    )
    # 2: classifiers do no better than without clusters; 3, 10: half of the errors is left;
    # 20: labelings agree no better than by chance
    np.testing.assert_allclose(selection.gain, [0, 0.5, 0.5, 1 / 6])
    score = [0, 0.9**0.5 * 0.4**2, 2**0.5 * 0.25**2, 0]
    np.testing.assert_allclose(selection.score, score)
    # to first order, by the rule for errors of products
    relative_error = np.hypot(0.05 / 0.5, 0.04 / 0.5)
    error = [
        0,
        0.9**0.5 * 2 * 0.4 * (0.04 * 0.5),
        2**0.5 * 2 * 0.25 * (0.25 * relative_error),
        0,
    ]
    np.testing.assert_allclose(selection.score_error, error)
    assert selection.n_clusters == 3


def test_no_gain_if_there_are_no_errors_without_clusters():
    ones = np.ones(2)
    selection = NClustersSelection(np.array([2, 4]), ones, 0 * ones, ones, ones, ones, 0 * ones)
    np.testing.assert_array_equal(selection.score, 0)
    np.testing.assert_array_equal(selection.score_error, 0)
    assert selection.peaks == [2]


def selection_of(candidates, score, error):
    """A selection with these scores and the same standard error for all that are not 0."""
    ones = np.ones(len(candidates))
    stability = np.sqrt(score)
    stability_error = error / (2 * np.maximum(stability, 0.1))
    selection = NClustersSelection(
        np.array(candidates), stability, stability_error, ones, ones, 0 * ones, 0 * ones
    )
    np.testing.assert_allclose(selection.score, score)
    np.testing.assert_allclose(selection.score_error, np.where(np.array(score) > 0, error, 0))
    return selection


def test_peaks_are_numbers_at_several_scales():
    curve = [0.1, 0.9, 0.3, 0.4, 0.7, 0.6]
    assert selection_of([2, 5, 8, 12, 20, 30], curve, 0.01).peaks == [5, 20]
    assert selection_of([2, 5, 8, 12, 20, 30], curve, 0.25).peaks == [5]
    assert selection_of([2, 5, 8], [0.7, 0.3, 0.9], 0.1).peaks == [8, 2]
    assert selection_of([2, 5, 8], np.zeros(3), 0.1).peaks == [2]
    assert selection_of([7], [0.5], 0.0).peaks == [7]


def test_the_smallest_of_nearly_equal_scores_is_chosen():
    selection = selection_of([2, 5, 8, 12, 20], [0.1, 0.892, 0.9, 0.888, 0.895], 0.0)
    assert selection.n_clusters == 5
    assert selection.peaks == [5]
