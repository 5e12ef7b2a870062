"""The 26 image datasets of the paper: what they are, and how to read them."""

from sklearn_turtle.datasets._archives import extract_archives
from sklearn_turtle.datasets._images import ImageDataset
from sklearn_turtle.datasets._info import DatasetInfo
from sklearn_turtle.datasets._load import load_dataset
from sklearn_turtle.datasets._registry import DATASETS

__all__ = ["DATASETS", "DatasetInfo", "ImageDataset", "extract_archives", "load_dataset"]
