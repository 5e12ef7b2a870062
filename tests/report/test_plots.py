"""The plots of a report."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from sklearn_turtle import TurtleClustering
from sklearn_turtle.exploration import merge_clusters, refit_from_labels
from sklearn_turtle.model_selection import NClustersSelection
from sklearn_turtle.persistence import save_labeling
from sklearn_turtle.report._clustering import read_clustering
from sklearn_turtle.report._plots import plot_clustering


def plots_of(clustering, X, selection=None):
    return list(plot_clustering(read_clustering(clustering, X, None, None), selection, "pca", None))


def titles_of(clustering, X):
    return [plot.title for plot in plots_of(clustering, X)]


def test_plots_of_a_fit_have_text_alternatives(blobs):
    spaces, _, turtle = blobs
    plots = {plot.title: plot.description for plot in plots_of(turtle, spaces)}
    assert plots["Map"] == "All samples in the plane, colored by their 4 clusters."
    confident = np.mean(turtle.predict_proba(spaces).max(1) >= 0.9)
    assert plots["Confidence"].startswith(f"Histogram: {confident:.0%} of the samples")
    assert plots["Training curves"].startswith("Losses of 8 restarts over")
    assert f"{turtle.stability_:.2f} on average" in plots["Agreement of the restarts"]


def test_plots_of_predictions_alone(blobs):
    stacked = np.hstack(blobs[0])
    assert titles_of(KMeans(4, n_init=1, random_state=0).fit(stacked), stacked) == ["Map"]


@pytest.mark.parametrize("kind", ["edited", "refitted", "read"])
def test_plots_of_probabilities_without_restarts(blobs, kind, tmp_path):
    spaces, _, turtle = blobs
    if kind == "edited":
        clustering = merge_clusters(turtle, [0, 1])
    elif kind == "refitted":
        clustering = refit_from_labels(turtle, spaces, turtle.labels_, polish_iter=0)
    else:
        save_labeling(turtle, tmp_path / "labeling.pt")
        clustering = TurtleClustering.from_labeling(tmp_path / "labeling.pt")
        spaces = np.hstack(spaces)
    assert titles_of(clustering, spaces) == ["Map", "Confidence"]


def test_choice_of_the_number_of_clusters(blobs):
    spaces, _, turtle = blobs
    selection = NClustersSelection(
        candidates=np.array([3, 4, 5]),
        stability=np.array([0.8, 0.96, 0.7]),
        stability_error=np.array([0.1, 0.0, 0.1]),
        accuracy=np.array([0.9, 0.97, 0.9]),
        entropy=np.array([1.0, 1.3, 1.5]),
        null_accuracy=np.array([0.9, 0.5, 0.4]),
        gain_error=np.array([0.0, 0.1, 0.1]),
    )
    assert selection.n_clusters == 4
    plot = plots_of(turtle.labels_, spaces, selection)[-1]
    assert plot.title == "Number of clusters"
    assert plot.description == (
        "3 numbers from 3 to 5 were tried; 4 was chosen, with an agreement of 0.96 and an accuracy "
        "of 0.97."
    )
