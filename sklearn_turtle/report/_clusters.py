"""The clusters of a report, with the samples that represent them."""

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.utils import _safe_indexing

from sklearn_turtle.exploration import cluster_representatives
from sklearn_turtle.report._clustering import ReportedClustering
from sklearn_turtle.report._content import Cluster, Sample
from sklearn_turtle.report._images import encode_thumbnail

# By default, show this number of samples per cluster, and at most about this number in total.
REPRESENTATIVES, MAX_REPRESENTATIVES = 8, 640
MAX_CHARACTERS = 300


def describe_clusters(
    clustering: ReportedClustering, texts: Any, images: Any, n_representatives: int | str
) -> list[Cluster]:
    """Describe all clusters in the order of their numbers; parameters as in ``write_report``.

    Returns
    -------
    list of Cluster
    """
    sizes, confidence = clustering.sizes, clustering.confidence
    if n_representatives == "auto":
        share = MAX_REPRESENTATIVES // len(sizes)
        n_representatives = max(1, min(REPRESENTATIVES, share))
    representatives = cluster_representatives(clustering, clustering.spaces, n_representatives)
    clusters = []
    for cluster, rows in enumerate(representatives):
        mean_confidence = None
        if confidence is not None and sizes[cluster] > 0:
            mean_confidence = float(np.mean(confidence[clustering.labels == cluster]))
        clusters.append(
            Cluster(
                clustering.names[cluster],
                int(sizes[cluster]),
                mean_confidence,
                [_sample(row, texts, images) for row in rows.tolist()],
            )
        )
    return clusters


def _sample(row: int, texts: Any, images: Any) -> Sample:
    caption, text, image = f"sample {row}", None, None
    if texts is not None:
        text = " ".join(str(_safe_indexing(texts, row)).split())
        if len(text) > MAX_CHARACTERS:
            text = text[:MAX_CHARACTERS].rstrip() + "…"
    if images is not None:
        given = _safe_indexing(images, row)
        if isinstance(given, (str, Path)):
            caption = Path(given).name
        image = encode_thumbnail(given)
    return Sample(caption, text, image)
