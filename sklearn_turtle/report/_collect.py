"""Collect the content of a report."""

from typing import Any

import numpy as np

from sklearn_turtle._estimator._warnings import LOW_STABILITY
from sklearn_turtle._io._extras import import_extra
from sklearn_turtle.model_selection import NClustersSelection
from sklearn_turtle.report._clustering import ReportedClustering
from sklearn_turtle.report._clusters import describe_clusters
from sklearn_turtle.report._content import Content
from sklearn_turtle.report._plots import plot_clustering


def collect_content(
    clustering: ReportedClustering,
    *,
    texts: Any,
    images: Any,
    n_representatives: int | str,
    selection: NClustersSelection | None,
    title: str,
    map_method: str,
    random_state: Any,
) -> Content:
    """Collect the content of a report; parameters as in ``write_report``.

    Returns
    -------
    Content
    """
    import_extra("matplotlib", "matplotlib", "plot", "A report")
    n_samples = len(clustering.labels)
    for name, items in (("texts", texts), ("images", images)):
        if items is not None and len(items) != n_samples:
            raise ValueError(f"{name} has {len(items)} entries, but X has {n_samples} samples.")
    stability = getattr(clustering.estimator, "stability_", np.nan)
    return Content(
        title=title,
        facts=_facts(clustering, stability),
        warning=_warning(stability),
        plots=list(plot_clustering(clustering, selection, map_method, random_state)),
        clusters=describe_clusters(clustering, texts, images, n_representatives),
    )


def _facts(clustering: ReportedClustering, stability: float) -> dict[str, str]:
    sizes, confidence = clustering.sizes, clustering.confidence
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


def _warning(stability: float) -> str | None:
    if not stability < LOW_STABILITY:
        return None
    return (
        f"The restarts hardly agree (stability {stability:.2f}). They agree as much on data "
        "without any clusters. Do not trust this labeling."
    )
