"""Published figures that appear next to measured ones, marked as quoted."""

from dataclasses import dataclass

import numpy as np

from sklearn_turtle.datasets import DATASETS
from sklearn_turtle.paper.benchmark._protocol import Results

_PAGE = "authors' project page, https://brbiclab.epfl.ch/projects/turtle/"
_LISTING = "result listings of the paper, arXiv:2406.07236"
_TWO_SPACES = "two spaces (CLIP ViT-L/14 and DINOv2)"


@dataclass(frozen=True)
class QuotedFigure:
    """A published figure, which was not measured here.

    Parameters
    ----------
    quantity : {"accuracy", "NMI", "ARI", "difference to zero-shot", "correlation with the probe"}
        The quantity.
    value : float
        Its value. Accuracies and differences are fractions, not percentages.
    setting : str
        Method and spaces of the figure.
    source : str
        Publication of the figure.
    dataset : str or None, default=None
        Name of the dataset; None for the mean over the 26 datasets of the paper.

    Examples
    --------
    >>> from sklearn_turtle.paper.benchmark import QUOTED_FIGURES
    >>> next(f.value for f in QUOTED_FIGURES if f.dataset == "imagenet")
    0.729
    """

    quantity: str
    value: float
    setting: str
    source: str
    dataset: str | None = None


def _accuracy(dataset: str, value: float, source: str) -> QuotedFigure:
    return QuotedFigure("accuracy", value, f"TURTLE, {_TWO_SPACES}", source, dataset)


def _difference(value: float, spaces: str, dataset: str | None = None) -> QuotedFigure:
    return QuotedFigure("difference to zero-shot", value, f"TURTLE, {spaces}", _PAGE, dataset)


#: Figures from the paper, its project page and its result listings.
QUOTED_FIGURES = [
    _accuracy("imagenet", 0.729, _PAGE),
    _accuracy("cifar10", 0.995, _LISTING),
    _accuracy("birdsnap", 0.681, _LISTING),
    _accuracy("caltech101", 0.898, _LISTING),
    _accuracy("food101", 0.922, _LISTING),
    QuotedFigure("NMI", 0.985, f"TURTLE, {_TWO_SPACES}", _LISTING, "cifar10"),
    QuotedFigure("ARI", 0.989, f"TURTLE, {_TWO_SPACES}", _LISTING, "cifar10"),
    _difference(0.35, _TWO_SPACES, "eurosat"),
    _difference(0.21, _TWO_SPACES, "mnist"),
    _difference(0.20, _TWO_SPACES, "flowers"),
    _difference(0.04, _TWO_SPACES),
    _difference(0.07, "two spaces, CLIP ViT-B/16"),
    _difference(0.09, "two spaces, CLIP ViT-B/32"),
    _difference(0.12, "two spaces, CLIP ResNet50"),
    _difference(0.10, "two spaces, CLIP ResNet101"),
    _difference(0.10, "two spaces, CLIP ResNet50x4"),
    _difference(0.06, "two spaces, CLIP ResNet50x16"),
    _difference(0.03, "two spaces, CLIP ResNet50x64"),
    QuotedFigure("correlation with the probe", 0.87, "TURTLE", _PAGE),
]


def comparable_figures(results: Results) -> list[QuotedFigure]:
    """Select the figures whose quantity and dataset were measured.

    The means over the datasets of the paper are included if one of these datasets was measured.

    Parameters
    ----------
    results : Results
        The measured figures.

    Returns
    -------
    list of QuotedFigure
    """
    quantities = {"accuracy", "NMI", "ARI"}
    if np.isfinite(results.difference_to_zero_shot()).any():
        quantities.add("difference to zero-shot")
    if results.compare_with_probe() is not None:
        quantities.add("correlation with the probe")
    datasets: set[str | None] = set(results.datasets)
    if datasets & set(DATASETS):
        datasets.add(None)
    return [f for f in QUOTED_FIGURES if f.quantity in quantities and f.dataset in datasets]


def quoted_by_dataset(results: Results, quantity: str | None) -> dict[str, float]:
    """Published figures of a quantity for the datasets that were measured."""
    return {
        figure.dataset: figure.value
        for figure in comparable_figures(results)
        if figure.quantity == quantity and figure.dataset is not None
    }
