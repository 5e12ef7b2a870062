"""The results of a benchmark."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sklearn_turtle.metrics import ProbeComparison
from sklearn_turtle.paper.benchmark._markdown import markdown

# Names of the methods in comparisons.
ZERO_SHOT = "zero-shot"
PROBE = "linear-probe"
TURTLE = "turtle"


class BenchmarkResults:
    """Scores of methods on datasets.

    Parameters
    ----------
    records : list of dict
        One record per cell, as :func:`run_benchmark` writes them.

    Attributes
    ----------
    datasets : list of str
        Names of the datasets.
    methods : list of str
        Names of the methods, followed by the space if a method ran on each space separately.

    See Also
    --------
    run_benchmark : Run a benchmark.

    Examples
    --------
    >>> from sklearn_turtle.paper.benchmark import BenchmarkResults
    >>> cell = {"dataset": "pets", "method": "kmeans", "label": "kmeans", "error": None}
    >>> results = BenchmarkResults([cell | {"accuracy": 0.5}, cell | {"accuracy": 0.75}])
    >>> results.score("accuracy")
    array([[0.625]])
    """

    def __init__(self, records: Sequence[dict[str, Any]]) -> None:
        self.records = records
        self.datasets = list(dict.fromkeys(record["dataset"] for record in records))
        order = list(dict.fromkeys(record["method"] for record in records))
        labels = sorted({(order.index(record["method"]), record["label"]) for record in records})
        self.methods = [label for _, label in labels]

    @property
    def failed(self) -> list[dict[str, Any]]:
        """Records of the cells that failed."""
        return [record for record in self.records if record["error"] is not None]

    def score(self, name: str, reduce: Callable[[Any], Any] = np.mean) -> np.ndarray:
        """Compute a score of each method on each dataset, reduced over the seeds.

        Parameters
        ----------
        name : {"accuracy", "NMI", "ARI", "seconds"}
            The score.
        reduce : callable, default=np.mean
            Reduces the list of the scores of all seeds to one number.

        Returns
        -------
        ndarray of shape (n_datasets, n_methods)
            NaN if no cell ran or all cells failed.
        """
        scores = np.full((len(self.datasets), len(self.methods)), np.nan)
        for row, dataset in enumerate(self.datasets):
            for column, label in enumerate(self.methods):
                of_seeds = [record[name] for record in self._done(dataset, label)]
                if of_seeds:
                    scores[row, column] = reduce(of_seeds)
        return scores

    def difference_to_zero_shot(self) -> np.ndarray:
        """Compute the accuracy of each method minus that of zero-shot transfer.

        If zero-shot transfer ran in several spaces, a method is compared with the first of its
        own spaces in which it ran.

        Returns
        -------
        ndarray of shape (n_datasets, n_methods)
            NaN if zero-shot transfer did not run in a space of the method.
        """
        accuracy = self.score("accuracy")
        difference = np.full_like(accuracy, np.nan)
        for row, dataset in enumerate(self.datasets):
            zero_shot = {
                record["spaces"][0]: accuracy[row, self.methods.index(record["label"])]
                for record in self.records
                if record["dataset"] == dataset and record["method"] == ZERO_SHOT
            }
            for column, label in enumerate(self.methods):
                spaces = [s for record in self._done(dataset, label) for s in record["spaces"]]
                reference = next((zero_shot[s] for s in spaces if s in zero_shot), np.nan)
                difference[row, column] = accuracy[row, column] - reference
        return difference

    def compare_with_probe(
        self, method: str = TURTLE, probe: str = PROBE
    ) -> ProbeComparison | None:
        """Compare the accuracy of a method with that of the supervised linear probe.

        Parameters
        ----------
        method : str, default="turtle"
            One of ``methods``.
        probe : str, default="linear-probe"
            Another one.

        Returns
        -------
        ProbeComparison or None
            The datasets on which both ran; None if there are none.
        """
        if method not in self.methods or probe not in self.methods:
            return None
        accuracy = self.score("accuracy")
        pair = accuracy[:, [self.methods.index(method), self.methods.index(probe)]]
        both = np.isfinite(pair).all(1)
        if not both.any():
            return None
        names = [name for name, ran in zip(self.datasets, both, strict=True) if ran]
        unsupervised, supervised = pair[both].T
        return ProbeComparison(
            names, unsupervised, supervised, float(unsupervised.mean()), float(supervised.mean())
        )

    def to_markdown(self) -> str:
        """Write the tables in Markdown.

        Returns
        -------
        str
            Accuracy, difference to zero-shot transfer and time, for each dataset and method; the
            comparison with the probe; published figures, marked as quoted; warnings and errors.
        """
        return markdown(self)

    def _done(self, dataset: str, label: str) -> list[dict[str, Any]]:
        return [
            record
            for record in self.records
            if record["error"] is None and (record["dataset"], record["label"]) == (dataset, label)
        ]
