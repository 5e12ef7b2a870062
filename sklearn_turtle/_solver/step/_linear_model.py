"""The labeling as a linear model, applied to any number of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch

from sklearn_turtle._solver.rows._chunks import in_chunks, spread_rows
from sklearn_turtle._solver.rows._feature_space import FeatureSpace, Space
from sklearn_turtle._solver.rows._reading import read_ahead
from sklearn_turtle._solver.step._products import logits
from sklearn_turtle._solver.step._softmax import softmax
from sklearn_turtle._solver.step._workspace import Workspace

# Restarts are compared on at most this many rows.
LABELED_ROWS = 100_000


@dataclass(frozen=True)
class LinearModel:
    """Weights (d, R * C) and biases (R * C,) of the task encoder, one per space.

    Attributes
    ----------
    weights : list of tensor of shape (d, R * C)
        Weight of each space, the restarts side by side.
    biases : list of tensor of shape (R * C,)
        Bias of each space.
    n_clusters : int
        Number of clusters, C.
    """

    weights: list[torch.Tensor]
    biases: list[torch.Tensor]
    n_clusters: int

    @property
    def n_restarts(self) -> int:
        """Number of restarts, R."""
        return len(self.biases[0]) // self.n_clusters

    def restart(self, r: int) -> LinearModel:
        """The model of restart ``r`` alone."""
        return self.restarts(r, r + 1)

    def restarts(self, start: int, stop: int) -> LinearModel:
        """The model of the restarts from ``start`` to before ``stop``."""
        columns = slice(start * self.n_clusters, stop * self.n_clusters)
        return LinearModel(
            [weight[:, columns] for weight in self.weights],
            [bias[columns] for bias in self.biases],
            self.n_clusters,
        )

    def for_raw_features(self, spaces: Sequence[FeatureSpace]) -> LinearModel:
        """The same labeling as a float64 model of features that are not standardized.

        Parameters
        ----------
        spaces : list of FeatureSpace
            The spaces that this model was trained on: ``((x - shift) * scale) @ W + b`` is
            ``x @ (scale * W) + (b - shift @ (scale * W))``.
        """
        weights, biases = [], []
        for space, weight, bias in zip(spaces, self.weights, self.biases, strict=True):
            weight, bias = weight.cpu().double() * space.scale, bias.cpu().double()
            if space.shift is not None:
                bias = bias - space.shift.cpu().double() @ weight
            weights.append(weight)
            biases.append(bias)
        return LinearModel(weights, biases, self.n_clusters)

    def for_standardized_features(self, spaces: Sequence[FeatureSpace]) -> LinearModel:
        """The inverse of :meth:`for_raw_features`, as float32 on the device of the spaces."""
        weights, biases = [], []
        for space, weight, bias in zip(spaces, self.weights, self.biases, strict=True):
            if space.shift is not None:
                bias = bias + space.shift.cpu().double() @ weight
            weights.append((weight / space.scale).to(space.device, torch.float32))
            biases.append(bias.to(space.device, torch.float32))
        return LinearModel(weights, biases, self.n_clusters)

    def reordered(self, order: torch.Tensor) -> LinearModel:
        """One restart with its clusters in the given order of their numbers."""
        return LinearModel(
            [weight[:, order] for weight in self.weights],
            [bias[order] for bias in self.biases],
            self.n_clusters,
        )


def side_by_side(models: Sequence[LinearModel]) -> LinearModel:
    """One LinearModel of the restarts of several."""
    if len(models) == 1:
        return models[0]
    return LinearModel(
        [torch.cat(of_space, 1) for of_space in zip(*(m.weights for m in models), strict=True)],
        [torch.cat(of_space) for of_space in zip(*(m.biases for m in models), strict=True)],
        models[0].n_clusters,
    )


@torch.no_grad()
def label_probabilities(
    model: LinearModel,
    read: Callable[[int, slice], torch.Tensor],
    n_samples: int,
    out: Callable[[slice, torch.Tensor], None],
    *,
    ahead: bool = False,
    weights: Sequence[float] | None = None,
) -> None:
    """Compute the labeling of all rows (Eq. 9), chunk by chunk, so that memory is bounded.

    Parameters
    ----------
    model : LinearModel
        The labeling.
    read : callable
        ``read(k, rows)`` returns the rows (a slice) of space ``k``, on the device of the model.
    n_samples : int
        Number of rows.
    out : callable
        Called as ``out(rows, probabilities)`` with a slice of rows and their probabilities, of
        shape (n_rows, R, C).
    ahead : bool, default=False
        True if a thread reads the next chunk during the work on the current one.
    weights : list of float or None, default=None
        Weight of each space in the labeling, with the sum 1; None for equal ones.
    """
    widest = max(len(weight) for weight in model.weights)
    n_values = widest + (2 + len(model.biases)) * len(model.biases[0])

    def read_spaces(rows: slice) -> tuple[slice, list[torch.Tensor]]:
        return rows, [read(k, rows) for k in range(len(model.weights))]

    def label(chunks: Iterator[slice]) -> Iterator[slice]:
        workspace = Workspace(model.biases[0].device)
        for rows, features in read_ahead(read_spaces, chunks, ahead=ahead):
            probabilities = []
            for x, weight, bias in zip(features, model.weights, model.biases, strict=True):
                of_space = logits(x, weight, bias, model.n_clusters, workspace)
                probabilities.append(softmax(of_space, out=torch.empty_like(of_space)))
            if weights is None:
                labeling = torch.stack(probabilities).mean(0)
            else:
                weighted = [v * p for v, p in zip(weights, probabilities, strict=True)]
                labeling = torch.stack(weighted).sum(0)
            out(rows, labeling)
            yield rows

    in_chunks(label, n_samples, n_values)


def restart_labels(
    model: LinearModel,
    spaces: Sequence[Space],
    max_rows: int = LABELED_ROWS,
    weights: Sequence[float] | None = None,
) -> torch.Tensor:
    """Labels of at most ``max_rows`` rows, evenly spread over the data, in each restart.

    All processes get the labels of all these rows. The weights of the spaces are those of
    :func:`label_probabilities`.

    Returns
    -------
    tensor of shape (R, n_rows), int32
    """
    shard = spaces[0].shard
    chosen = spread_rows(shard.n_samples, max_rows)
    here = shard.own(chosen)
    labels = torch.empty(len(here), model.n_restarts, dtype=torch.int32, device=spaces[0].device)

    def write(rows: slice, probabilities: torch.Tensor) -> None:
        labels[rows] = probabilities.argmax(-1).to(torch.int32)

    label_probabilities(
        model, lambda k, rows: spaces[k].batch(here[rows]), len(here), write, weights=weights
    )
    return shard.gather(chosen, labels).T.contiguous()
