"""
Compare methods on your own features
====================================

``run_benchmark`` fits methods on folders of features and resumes where it was stopped. In this
example, the folder holds the handwritten digits in two spaces. The second part writes a labeling to
a file that the authors' code can read.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.paper.benchmark import QUOTED_FIGURES, Method, run_benchmark, write_figures
from sklearn_turtle.persistence import load_labeling, save_labeling

# a part of the digits, so that the example is quick
spaces, digits = load_digit_spaces()
spaces, digits = {name: X[:500] for name, X in spaces.items()}, digits[:500]


def make_quick(n_clusters, seed):
    return TurtleClustering(n_clusters, n_init=1, random_state=seed)


with TemporaryDirectory() as folder:
    features = Path(folder, "features", "digits")
    features.mkdir(parents=True)
    np.save(features / "labels.npy", digits)
    for name, X in spaces.items():
        np.save(features / f"{name}.npy", X)
    results = run_benchmark(
        features.parent,
        Path(folder, "results"),
        methods=["turtle", "turtle-1", Method("one restart", make_quick), "kmeans"],
        turtle_parameters={"n_init": 8},
    )
    print(results.to_markdown())
    for figure in write_figures(results, Path(folder, "results")):  # needs matplotlib
        print("figure:", figure.name)
    print(len(QUOTED_FIGURES), "published figures can be shown with the measured ones")

    # %%
    # Write and read a labeling in the format of the authors' released files.
    file = Path(folder, "digits.pt")
    turtle = TurtleClustering(10, n_init=8, random_state=0).fit(spaces)
    save_labeling(turtle, file)
    for space, (coef, intercept) in load_labeling(file).items():
        print(space, coef.shape, intercept.shape)
    again = TurtleClustering.from_labeling(file, space_names=list(spaces))
    print("same labels:", bool((again.predict(spaces) == turtle.labels_).all()))
