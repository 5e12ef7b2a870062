"""The content of a report, independent of its layout."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A sample that represents its cluster.

    Attributes
    ----------
    caption : str
        Its row or file name.
    text : str or None
        The beginning of its text.
    image : str or None
        Data URL of its thumbnail.
    """

    caption: str
    text: str | None
    image: str | None


@dataclass(frozen=True)
class Cluster:
    """A cluster.

    Attributes
    ----------
    name : str
        Its name.
    size : int
        Number of samples.
    confidence : float or None
        Mean probability of the cluster over its samples; None if it has no samples or the
        clustering has no probabilities.
    representatives : list of Sample
        Samples closest to its mean, the closest first.
    """

    name: str
    size: int
    confidence: float | None
    representatives: list[Sample]


@dataclass(frozen=True)
class Plot:
    """A plot of the whole clustering.

    Attributes
    ----------
    title : str
        Its title.
    caption : str
        How to read it.
    description : str
        Text alternative, for readers who cannot see the plot.
    source : str
        Data URL of the image.
    """

    title: str
    caption: str
    description: str
    source: str


@dataclass(frozen=True)
class Content:
    """Everything that a report shows.

    Attributes
    ----------
    title : str
        Title of the report.
    facts : dict of str to str
        Key figures of the clustering.
    warning : str or None
        Why the labeling is unreliable; None if there is no sign of that.
    plots : list of Plot
        Plots of the whole clustering.
    clusters : list of Cluster
        In the order of their numbers.
    """

    title: str
    facts: dict[str, str]
    warning: str | None
    plots: list[Plot]
    clusters: list[Cluster]
