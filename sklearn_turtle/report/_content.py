"""What a report tells, before it is made a page."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.utils import _safe_indexing

from sklearn_turtle._estimator._warnings import LOW_STABILITY
from sklearn_turtle._io._extras import import_extra
from sklearn_turtle.display import (
    AgreementDisplay,
    ClusterMapDisplay,
    ConfidenceDisplay,
    LossCurvesDisplay,
    NClustersDisplay,
)
from sklearn_turtle.exploration import cluster_representatives
from sklearn_turtle.report._pictures import drawing, small_image

# Without a wish, so many samples of a cluster are shown, and about so many in all at most.
REPRESENTATIVES, MOST_REPRESENTATIVES = 8, 640
MOST_CHARACTERS = 300


@dataclass(frozen=True)
class Sample:
    """A sample that is shown.

    Attributes
    ----------
    caption : str
        What it is called.
    text : str or None
        The beginning of its text.
    image : str or None
        Data address of its thumbnail.
    """

    caption: str
    text: str | None
    image: str | None


@dataclass(frozen=True)
class Cluster:
    """A cluster.

    Attributes
    ----------
    name : str
        Its name.
    size : int
        Number of samples.
    confidence : float or None
        Mean probability of the cluster over its samples; None where that is not known.
    representatives : list of Sample
        The most typical first.
    """

    name: str
    size: int
    confidence: float | None
    representatives: list[Sample]


@dataclass(frozen=True)
class Picture:
    """A drawing of the whole.

    Attributes
    ----------
    title : str
        What it is of.
    caption : str
        How to read it.
    description : str
        What it shows, for those who cannot see it.
    source : str
        Data address.
    """

    title: str
    caption: str
    description: str
    source: str


@dataclass(frozen=True)
class Content:
    """All that a report tells.

    Attributes
    ----------
    title : str
        What the report is called.
    facts : dict of str to str
        Figures of the whole.
    doubt : str or None
        Why the labeling is not to be relied upon.
    pictures : list of Picture
        Drawings of the whole.
    clusters : list of Cluster
        In the order of their numbers.
    """

    title: str
    facts: dict[str, str]
    doubt: str | None
    pictures: list[Picture]
    clusters: list[Cluster]


def content_of(
    clustering, *, texts, images, n_representatives, selection, title, map_method, random_state
):
    """Collect what a report tells; parameters as for ``write_report``.

    Returns
    -------
    Content
    """
    import_extra("matplotlib", "matplotlib", "plot", "A report")
    for name, items in (("texts", texts), ("images", images)):
        if items is not None and len(items) != len(clustering.labels):
            raise ValueError(
                f"{name} has {len(items)} entries, but X has {len(clustering.labels)} samples."
            )
    sizes = np.bincount(clustering.labels, minlength=clustering.n_clusters)
    confidence = None
    if clustering.probabilities is not None:
        confidence = clustering.probabilities.max(1)
    stability = getattr(clustering.estimator, "stability_", np.nan)
    cluster_map = ClusterMapDisplay.from_estimator(
        clustering, clustering.spaces, method=map_method, random_state=random_state
    )
    return Content(
        title=title,
        facts=_facts(clustering, sizes, confidence, stability),
        doubt=_doubt(stability),
        pictures=[
            _map(cluster_map, sizes),
            *_confidence(confidence),
            *_restarts(clustering.estimator),
            *_selection(selection),
        ],
        clusters=_clusters(clustering, sizes, confidence, texts, images, n_representatives),
    )


def _facts(clustering, sizes, confidence, stability):
    n_empty = int((sizes == 0).sum())
    spaces = [f"{name} ({matrix.shape[1]})" for name, matrix in clustering.spaces.items()]
    facts = {
        "Samples": f"{len(clustering.labels):,}",
        "Clusters": f"{len(sizes):,}" + (f" ({n_empty} empty)" if n_empty else ""),
        "Sizes": f"{sizes.min():,} to {sizes.max():,}, median {np.median(sizes):,g}",
        "Spaces (features)": ", ".join(spaces),
    }
    if confidence is not None:
        facts["Mean confidence"] = f"{confidence.mean():.2f}"
    if np.isfinite(stability):
        facts["Stability"] = f"{stability:.2f}"
    if hasattr(clustering.estimator, "n_iter_"):
        facts["Outer steps"] = f"{clustering.estimator.n_iter_:,}"
    return facts


def _doubt(stability):
    if not stability < LOW_STABILITY:
        return None
    return (
        f"The restarts hardly agree (stability {stability:.2f}): data without any clusters give as "
        "much. Do not trust this labeling."
    )


def _map(display, sizes):
    shown = len(display.rows)
    which = "All samples" if shown == sizes.sum() else f"{shown:,} of {sizes.sum():,} samples"
    return Picture(
        "Map",
        "Samples that are alike lie close together. Colors and numbers are those of the clusters; "
        "fainter points are less certain.",
        f"{which} in the plane, colored by their {np.count_nonzero(sizes)} clusters.",
        drawing(display, rasterized=True),  # thousands of points as shapes would be large
    )


def _confidence(confidence):
    if confidence is None:
        return
    yield Picture(
        "Confidence",
        "Probability of the cluster of each sample.",
        f"Histogram: {np.mean(confidence >= 0.9):.0%} of the samples have a probability of at "
        f"least 0.9, {np.mean(confidence < 0.5):.0%} of less than 0.5.",
        drawing(ConfidenceDisplay(confidence)),
    )


def _restarts(estimator):
    """Training curves and agreement, of an estimator that knows of its restarts."""
    curves = getattr(estimator, "restart_loss_curves_", np.empty((0, 0)))
    if curves.size > 0:
        n_steps, n_restarts = curves.shape
        yield Picture(
            "Training curves",
            "Loss of each restart over its steps, on mini-batches. All should fall and level off.",
            f"Losses of {n_restarts} restarts over {n_steps} steps: the mean goes from "
            f"{np.nanmean(curves[0]):.2f} to {np.nanmean(curves[-1]):.2f}.",
            drawing(LossCurvesDisplay(curves)),
        )
    agreement = getattr(estimator, "agreement_", np.empty((0, 0)))
    if len(agreement) > 1:
        pairs = agreement[np.triu_indices(len(agreement), 1)]
        yield Picture(
            "Agreement of the restarts",
            "Adjusted Rand index of each pair of restarts; 1 where they find the same clusters. "
            "Blocks are several solutions. The mean of the pairs is the stability.",
            f"Agreement of the pairs of {len(agreement)} restarts: from {pairs.min():.2f} to "
            f"{pairs.max():.2f}, {pairs.mean():.2f} in the mean.",
            drawing(AgreementDisplay(agreement)),
        )


def _selection(selection):
    if selection is None:
        return
    chosen = selection.candidates.tolist().index(selection.n_clusters)
    yield Picture(
        "Number of clusters",
        "How much a labeling says times how reliable it is, for each number of clusters that was "
        "tried: restarts agree on it, and classifiers tell its clusters apart.",
        f"{len(selection.candidates)} numbers from {selection.candidates.min()} to "
        f"{selection.candidates.max()} were tried; {selection.n_clusters} was chosen, with an "
        f"agreement of {selection.stability[chosen]:.2f} and an accuracy of "
        f"{selection.accuracy[chosen]:.2f}.",
        drawing(NClustersDisplay(selection)),
    )


def _clusters(clustering, sizes, confidence, texts, images, n_representatives):
    if n_representatives == "auto":
        share = MOST_REPRESENTATIVES // len(sizes)
        n_representatives = max(1, min(REPRESENTATIVES, share))
    representatives = cluster_representatives(clustering, clustering.spaces, n_representatives)
    clusters = []
    for cluster, rows in enumerate(representatives):
        mean_confidence = None
        if confidence is not None and sizes[cluster] > 0:
            mean_confidence = float(confidence[clustering.labels == cluster].mean())
        clusters.append(
            Cluster(
                clustering.names[cluster],
                int(sizes[cluster]),
                mean_confidence,
                [_sample(row, texts, images) for row in rows.tolist()],
            )
        )
    return clusters


def _sample(row, texts, images):
    caption, text, image = f"sample {row}", None, None
    if texts is not None:
        text = " ".join(str(_safe_indexing(texts, row)).split())
        if len(text) > MOST_CHARACTERS:
            text = text[:MOST_CHARACTERS].rstrip() + "…"
    if images is not None:
        given = _safe_indexing(images, row)
        if isinstance(given, (str, Path)):
            caption = Path(given).name
        image = small_image(given)
    return Sample(caption, text, image)
