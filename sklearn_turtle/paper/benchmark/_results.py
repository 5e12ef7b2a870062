"""What came out of a benchmark."""

import numpy as np

from sklearn_turtle.metrics import ProbeComparison
from sklearn_turtle.paper.benchmark._tables import markdown

# Names of methods that others are compared with.
ZERO_SHOT = "zero-shot"
PROBE = "linear-probe"
TURTLE = "turtle"


class BenchmarkResults:
    """Scores of methods on datasets.

    Parameters
    ----------
    records : list of dict
        A record a cell, as :func:`run_benchmark` writes them.

    Attributes
    ----------
    datasets : list of str
        Names of the datasets.
    methods : list of str
        Names of the methods, with that of the space where they ran on each by itself.

    See Also
    --------
    run_benchmark : Makes them.

    Examples
    --------
    >>> from sklearn_turtle.paper.benchmark import BenchmarkResults
    >>> cell = {"dataset": "pets", "method": "kmeans", "label": "kmeans", "error": None}
    >>> results = BenchmarkResults([cell | {"accuracy": 0.5}, cell | {"accuracy": 0.75}])
    >>> results.score("accuracy")
    array([[0.625]])
    """

    def __init__(self, records):
        self.records = records
        self.datasets = list(dict.fromkeys(record["dataset"] for record in records))
        order = list(dict.fromkeys(record["method"] for record in records))
        labels = sorted({(order.index(record["method"]), record["label"]) for record in records})
        self.methods = [label for _, label in labels]

    @property
    def failed(self):
        """Records of the cells that failed."""
        return [record for record in self.records if record["error"] is not None]

    def score(self, name, reduce=np.mean):
        """A score of every method on every dataset, over the seeds.

        Parameters
        ----------
        name : {"accuracy", "NMI", "ARI", "seconds"}
            Which score.
        reduce : callable, default=np.mean
            Makes one number of those of the seeds.

        Returns
        -------
        ndarray of shape (n_datasets, n_methods)
            NaN where no cell was run or all failed.
        """
        scores = np.full((len(self.datasets), len(self.methods)), np.nan)
        for row, dataset in enumerate(self.datasets):
            for column, label in enumerate(self.methods):
                of_seeds = [record[name] for record in self._done(dataset, label)]
                if of_seeds:
                    scores[row, column] = reduce(of_seeds)
        return scores

    def difference_to_zero_shot(self):
        """Accuracy of every method less that of zero-shot transfer.

        Where zero-shot transfer ran in several spaces, that of the first space counts that a
        method has, too.

        Returns
        -------
        ndarray of shape (n_datasets, n_methods)
            NaN where there is no zero-shot transfer in a space of the method.
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

    def compare_with_probe(self, method=TURTLE, probe=PROBE):
        """Accuracy of a method beside that of the supervised linear probe.

        Parameters
        ----------
        method : str, default="turtle"
            One of ``methods``.
        probe : str, default="linear-probe"
            Another one.

        Returns
        -------
        ProbeComparison or None
            Of the datasets on which both were run; None where there is none.
        """
        if method not in self.methods or probe not in self.methods:
            return None
        accuracy = self.score("accuracy")
        pair = accuracy[:, [self.methods.index(method), self.methods.index(probe)]]
        both = np.isfinite(pair).all(1)
        if not both.any():
            return None
        names = [name for name, there in zip(self.datasets, both, strict=True) if there]
        unsupervised, supervised = pair[both].T
        return ProbeComparison(
            names, unsupervised, supervised, float(unsupervised.mean()), float(supervised.mean())
        )

    def to_markdown(self):
        """Write the tables in Markdown.

        Returns
        -------
        str
            Accuracy, difference to zero-shot transfer and time, by dataset and method; the
            comparison with the probe; published figures, marked as quoted; and what failed.
        """
        return markdown(self)

    def _done(self, dataset, label):
        return [
            record
            for record in self.records
            if record["error"] is None and (record["dataset"], record["label"]) == (dataset, label)
        ]
