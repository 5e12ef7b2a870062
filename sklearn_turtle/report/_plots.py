"""The plots of a report."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from sklearn_turtle.display import (
    AgreementDisplay,
    ClusterMapDisplay,
    ConfidenceDisplay,
    LossCurvesDisplay,
    NClustersDisplay,
)
from sklearn_turtle.model_selection import NClustersSelection
from sklearn_turtle.report._clustering import ReportedClustering
from sklearn_turtle.report._content import Plot
from sklearn_turtle.report._images import encode_plot


def plot_clustering(
    clustering: ReportedClustering,
    selection: NClustersSelection | None,
    map_method: str,
    random_state: Any,
) -> Iterator[Plot]:
    """Make all plots for which the clustering has data; parameters as in ``write_report``.

    Yields
    ------
    Plot
    """
    yield _map(clustering, map_method, random_state)
    if clustering.confidence is not None:
        yield _confidence(clustering.confidence)
    curves = getattr(clustering.estimator, "restart_loss_curves_", np.empty((0, 0)))
    if curves.size > 0:
        yield _loss_curves(curves)
    agreement = getattr(clustering.estimator, "agreement_", np.empty((0, 0)))
    if len(agreement) > 1:
        yield _agreement(agreement)
    if selection is not None:
        yield _selection(selection)


def _map(clustering: ReportedClustering, method: str, random_state: Any) -> Plot:
    display = ClusterMapDisplay.from_estimator(
        clustering, clustering.spaces, method=method, random_state=random_state
    )
    n_shown, n_samples = len(display.rows), len(clustering.labels)
    which = "All samples" if n_shown == n_samples else f"{n_shown:,} of {n_samples:,} samples"
    return Plot(
        "Map",
        "Similar samples are close together. Colors and numbers are those of the clusters. Less "
        "certain samples are paler.",
        f"{which} in the plane, colored by their {np.count_nonzero(clustering.sizes)} clusters.",
        encode_plot(display, rasterized=True),  # thousands of points as shapes would be large
    )


def _confidence(confidence: np.ndarray) -> Plot:
    return Plot(
        "Confidence",
        "Probability of the cluster of each sample.",
        f"Histogram: {np.mean(confidence >= 0.9):.0%} of the samples have a probability of at "
        f"least 0.9, {np.mean(confidence < 0.5):.0%} of less than 0.5.",
        encode_plot(ConfidenceDisplay(confidence)),
    )


def _loss_curves(curves: np.ndarray) -> Plot:
    n_steps, n_restarts = curves.shape
    return Plot(
        "Training curves",
        "Loss of each restart at each step, on mini-batches. All curves should fall and level off.",
        f"Losses of {n_restarts} restarts over {n_steps} steps: the mean goes from "
        f"{np.nanmean(curves[0]):.2f} to {np.nanmean(curves[-1]):.2f}.",
        encode_plot(LossCurvesDisplay(curves)),
    )


def _agreement(agreement: np.ndarray) -> Plot:
    pairs = agreement[np.triu_indices(len(agreement), 1)]
    return Plot(
        "Agreement of the restarts",
        "Adjusted Rand index of each pair of restarts: 1 if both find the same clusters. Blocks "
        "are groups of restarts with different solutions. The mean over the pairs is the "
        "stability.",
        f"Agreement of the pairs of {len(agreement)} restarts: from {pairs.min():.2f} to "
        f"{pairs.max():.2f}, {pairs.mean():.2f} on average.",
        encode_plot(AgreementDisplay(agreement)),
    )


def _selection(selection: NClustersSelection) -> Plot:
    chosen = selection.candidates.tolist().index(selection.n_clusters)
    return Plot(
        "Number of clusters",
        "Score of each number of clusters that was tried. It is high if there are many clusters, "
        "restarts agree on them, and linear classifiers predict them well.",
        f"{len(selection.candidates)} numbers from {selection.candidates.min()} to "
        f"{selection.candidates.max()} were tried; {selection.n_clusters} was chosen, with an "
        f"agreement of {selection.stability[chosen]:.2f} and an accuracy of "
        f"{selection.accuracy[chosen]:.2f}.",
        encode_plot(NClustersDisplay(selection)),
    )
