"""The interface between the results of a benchmark and their tables."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from sklearn_turtle.metrics import ProbeComparison


class Results(Protocol):
    """The part of :class:`BenchmarkResults` that its tables are made from."""

    records: Sequence[dict[str, Any]]
    datasets: list[str]
    methods: list[str]

    @property
    def failed(self) -> list[dict[str, Any]]:
        """Records of the cells that failed."""

    def score(self, name: str, reduce: Callable[[Any], Any] = ...) -> np.ndarray:
        """Compute a score of each method on each dataset."""

    def difference_to_zero_shot(self) -> np.ndarray:
        """Compute the accuracy of each method minus that of zero-shot transfer."""

    def compare_with_probe(self) -> ProbeComparison | None:
        """Compare the accuracy of TURTLE with that of the linear probe."""
