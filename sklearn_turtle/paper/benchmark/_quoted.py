"""Figures that others published, which stand beside measured ones and are marked as quoted."""

from dataclasses import dataclass

_PAGE = "authors' project page, https://brbiclab.epfl.ch/projects/turtle/"
_LISTING = "result listings of the paper, arXiv:2406.07236"
_TWO_SPACES = "two spaces (CLIP ViT-L/14 and DINOv2)"


@dataclass(frozen=True)
class QuotedFigure:
    """A published figure, which was not measured here.

    Parameters
    ----------
    quantity : {"accuracy", "NMI", "ARI", "difference to zero-shot", "correlation with the probe"}
        What it is.
    value : float
        Its value; accuracies and differences are shares, not per cent.
    setting : str
        Of which method and spaces it is.
    source : str
        Where it was published.
    dataset : str or None, default=None
        Name of the dataset; None for the mean over the 26.

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


def _accuracy(dataset, value, source):
    return QuotedFigure("accuracy", value, f"TURTLE, {_TWO_SPACES}", source, dataset)


def _difference(value, spaces, dataset=None):
    return QuotedFigure("difference to zero-shot", value, f"TURTLE, {spaces}", _PAGE, dataset)


#: What the paper, its project page and its result listings report.
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
