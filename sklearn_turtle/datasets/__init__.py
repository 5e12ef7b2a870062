"""The 26 image datasets of the paper, and scikit-learn's digits in two feature spaces."""

from sklearn_turtle.datasets._archives import extract_archives
from sklearn_turtle.datasets._digits import load_digit_spaces
from sklearn_turtle.datasets._images import ImageDataset
from sklearn_turtle.datasets._info import DatasetInfo
from sklearn_turtle.datasets._load import load_dataset
from sklearn_turtle.datasets._registry import DATASETS

__all__ = [
    "DATASETS",
    "DatasetInfo",
    "ImageDataset",
    "extract_archives",
    "load_dataset",
    "load_digit_spaces",
]
