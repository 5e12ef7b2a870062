"""
A clustering as an HTML page
============================

Write names, sizes, typical images, a map and the confidence of the clusters of the handwritten
digits to one HTML file that opens without a network.
"""

import tempfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.report import write_report

digits = load_digits()
images = (digits.images * 15).astype(np.uint8)
turtle = TurtleClustering(n_clusters=10, random_state=0).fit(digits.data)

path = Path(tempfile.mkdtemp(), "digits.html")
write_report(
    path,
    turtle,
    digits.data,
    images=images,
    title="Handwritten digits",
    map_method="pca",  # the default, t-SNE or UMAP, takes longer
)
print(f"Open {path} in a browser: {path.stat().st_size / 1e6:.2f} MB.")
