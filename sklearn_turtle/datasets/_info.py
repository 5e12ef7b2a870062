"""What the benchmark knows of a dataset."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class DatasetInfo:
    """What one of the 26 datasets is, and where it comes from.

    Parameters
    ----------
    name : str
        Name of the dataset in the files of the authors' released code.
    title : str
        Name of the dataset.
    n_classes : int
        Number of classes, which is the number of clusters [1]_.
    n_train, n_val : int
        Number of samples that methods are fitted on, and scored on [1]_.
    clip_metric : {"accuracy", "mean per class", "ROC AUC", "mean of top 1 and top 5"} or None
        Metric of CLIP's linear probes [2]_; None where it could not be confirmed. TURTLE's
        metric, and that of the benchmark here, is the accuracy on all datasets [1]_, for
        clusterings under the best matching of clusters to classes.
    license : str or None
        License of the images; None where it could not be confirmed.
    source : str
        Where the dataset comes from.
    how_to_get : str
        Steps that make the folder that :func:`load_dataset` reads.
    marker : str
        Path of a file or folder by which the folder of the dataset is known.
    read : callable
        Reads one split of that folder.
    torchvision : str or None
        The class of ``torchvision.datasets`` that downloads that folder, where there is one.

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
    read: Callable = field(repr=False)
    torchvision: str | None = None
