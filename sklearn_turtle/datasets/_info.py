"""Metadata of a dataset."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sklearn_turtle.datasets._images import ImageDataset


@dataclass(frozen=True)
class DatasetInfo:
    """Metadata of one of the 26 datasets of the paper.

    Parameters
    ----------
    name : str
        Name of the dataset in the files of the authors' released code.
    title : str
        Name of the dataset in tables and messages.
    n_classes : int
        Number of classes, which is also the number of clusters [1]_.
    n_train, n_val : int
        Number of samples for fitting and for scoring [1]_.
    clip_metric : {"accuracy", "mean per class", "ROC AUC", "mean of top 1 and top 5"} or None
        Metric of CLIP's linear probes [2]_. None if it could not be confirmed. TURTLE and the
        benchmark of this package use the accuracy for all datasets [1]_, under the best matching
        of clusters to classes.
    license : str or None
        License of the images. None if it could not be confirmed.
    source : str
        Address of the dataset.
    how_to_get : str
        Steps that create the folder that :func:`load_dataset` reads.
    marker : str
        Path of a file or folder that identifies the folder of the dataset.
    read : callable
        Function of that folder and of a split, "train" or "val", that returns an
        :class:`ImageDataset`.
    torchvision : str or None, default=None
        Class in ``torchvision.datasets`` that downloads that folder, if any.

    References
    ----------
    .. [1] The authors' released code, https://github.com/mlbio-epfl/turtle: ``utils.py`` and
       ``evaluate.py``.
    .. [2] A. Radford et al., "Learning Transferable Visual Models From Natural Language
       Supervision", ICML 2021; metrics of the first twelve datasets as in S. Kornblith et al.,
       "Do Better ImageNet Models Transfer Better?", CVPR 2019.

    Examples
    --------
    >>> from sklearn_turtle.datasets import DATASETS
    >>> DATASETS["eurosat"].n_classes
    10
    >>> sum(info.n_train for info in DATASETS.values()) > 2_000_000
    True
    """

    name: str
    title: str
    n_classes: int
    n_train: int
    n_val: int
    clip_metric: str | None
    license: str | None
    source: str
    how_to_get: str
    marker: str
    read: Callable[[Path, str], ImageDataset] = field(repr=False)
    torchvision: str | None = None
