"""Predictions of a clustering with edits, chunk by chunk."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from sklearn_turtle._input._clustered_rows import n_clusters_of
from sklearn_turtle._input._rows import row_reader
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._linear._prediction import Labeling
from sklearn_turtle._solver import row_chunks
from sklearn_turtle.exploration._edits import Edit, Split

CPU = torch.device("cpu")


@dataclass(frozen=True)
class EstimatedLabeling:
    """The labeling of any fitted clustering with ``predict_proba``; see :class:`Labeling`.

    Attributes
    ----------
    estimator : estimator
        The clustering.
    """

    estimator: Any

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        n_clusters: int = n_clusters_of(self.estimator)
        return n_clusters

    @property
    def device(self) -> Any:
        """Device of predictions."""
        return getattr(self.estimator, "device", CPU)

    def for_each_chunk(self, spaces: Spaces, write: Callable[[slice, torch.Tensor], None]) -> None:
        """Compute the probabilities of all rows, chunk by chunk."""
        _, read = row_reader(spaces, CPU)
        n_spaces = len(spaces.names)
        for rows in row_chunks(spaces.n_samples, sum(spaces.widths) + self.n_clusters):
            features = [read(k, rows).numpy() for k in range(n_spaces)]
            # estimators of other packages take one matrix
            given = features[0] if n_spaces == 1 else features
            with warnings.catch_warnings():
                # the names have been compared
                warnings.filterwarnings("ignore", "X does not have valid feature names")
                probabilities = self.estimator.predict_proba(given)
            write(rows, torch.from_numpy(probabilities))


@dataclass(frozen=True)
class EditedLabeling:
    """The labeling of a clustering with edits; see :class:`Labeling`.

    Attributes
    ----------
    estimator : estimator
        The clustering that was fitted.
    edits : tuple of Edit
        The edits, in the order in which they are applied.
    """

    estimator: Any
    edits: tuple[Edit, ...]

    @property
    def n_clusters(self) -> int:
        """Number of clusters after the edits."""
        return self._before.n_clusters + sum(edit.n_added for edit in self.edits)

    @property
    def device(self) -> Any:
        """Device of predictions."""
        return self._before.device

    @property
    def _before(self) -> Labeling:
        labeling: Labeling | None = getattr(self.estimator, "_labeling", None)
        return EstimatedLabeling(self.estimator) if labeling is None else labeling

    def for_each_chunk(self, spaces: Spaces, write: Callable[[slice, torch.Tensor], None]) -> None:
        """Compute the probabilities of all rows, chunk by chunk."""
        _, read = row_reader(spaces, CPU)
        # merging needs no features, and reading them again may be slow
        names = spaces.names if any(isinstance(edit, Split) for edit in self.edits) else []

        def write_edited(rows: slice, probabilities: torch.Tensor) -> None:
            edited = probabilities.cpu().numpy()
            named_spaces = {name: read(k, rows).numpy() for k, name in enumerate(names)}
            for edit in self.edits:
                edited = edit.edited(edited, named_spaces)
            write(rows, torch.from_numpy(edited).clamp_(max=1))  # sums round to more than 1

        self._before.for_each_chunk(spaces, write_edited)
