"""Statistics of the features of a space."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch

from sklearn_turtle._solver.rows._chunks import Features, in_chunks, is_lazy, select, spread_rows
from sklearn_turtle._solver.rows._processes import Shard
from sklearn_turtle._solver.rows._reading import read_ahead

# The mean L1 norm is estimated on at most this many rows, evenly spread. All rows are used if these
# are constant up to NEARLY_CONSTANT, a share of the mean that rounding may leave.
NORM_ROWS = 100_000
NEARLY_CONSTANT = 1e-6


@dataclass(frozen=True)
class Statistics:
    """Mean and size of the features of a space.

    Attributes
    ----------
    mean : tensor of shape (n_features,), float64
        Mean of each feature.
    mean_l1_norm : float
        Mean L1 norm of the centered rows, over all rows or NORM_ROWS of them; 0 for a constant
        space.
    """

    mean: torch.Tensor
    mean_l1_norm: float

    @classmethod
    def of(cls, features: Features, shard: Shard | None = None) -> Statistics:
        """Statistics of features of shape (n_samples, n_features).

        The sums are float64: one value that is not finite makes the mean not finite. If the rows
        are a shard, the statistics are those of all rows.
        """
        shard = Shard(features.shape[0]) if shard is None else shard
        # float64 if the device has it (MPS has not)
        wide = torch.float32 if features.device.type == "mps" else torch.float64
        narrow = torch.float64 if features.dtype == torch.float64 else torch.float32

        def mean_over_rows(
            sum_of_chunk: Callable[[torch.Tensor], torch.Tensor],
            shape: tuple[int, ...],
            chosen: torch.Tensor | None = None,
        ) -> torch.Tensor:
            total = torch.zeros(shape, dtype=wide, device=features.device)
            _add_chunks(features, sum_of_chunk, total, shard.own(chosen))
            n_rows = shard.n_samples if chosen is None else len(chosen)
            return shard.processes.sum_(total) / n_rows

        def l1_norm_of(chunk: torch.Tensor) -> torch.Tensor:
            centered = chunk.to(narrow) - mean.to(narrow)
            return centered.abs_().sum(dtype=wide)

        mean = mean_over_rows(lambda chunk: chunk.sum(0, dtype=wide), (features.shape[1],))
        some = spread_rows(shard.n_samples, NORM_ROWS) if shard.n_samples > NORM_ROWS else None
        l1_norm = mean_over_rows(l1_norm_of, (), some)
        if some is not None and l1_norm <= NEARLY_CONSTANT * mean.abs().sum():
            l1_norm = mean_over_rows(l1_norm_of, ())
        return cls(mean.cpu().double(), l1_norm.item())


def _add_chunks(
    features: Features,
    of_chunk: Callable[[torch.Tensor], torch.Tensor],
    total: torch.Tensor,
    chosen: torch.Tensor | None = None,
) -> None:
    """Add ``of_chunk(rows)`` of all chunks of all rows, or of the chosen ones, to ``total``."""

    def read(rows: slice) -> tuple[slice, torch.Tensor]:
        return rows, select(features, rows if chosen is None else chosen[rows])

    def add(chunks: Iterator[slice]) -> Iterator[slice]:
        for rows, chunk in read_ahead(read, chunks, ahead=is_lazy(features)):
            total.add_(of_chunk(chunk))
            yield rows

    n_rows = features.shape[0] if chosen is None else len(chosen)
    in_chunks(add, n_rows, features.shape[1])
