"""Regroup a labeling along the graph of neighbors, so that cluster sizes follow the data.

The restarts look for clusters of equal size: they cut large clusters and join small ones. If Y is
the label of a row and Y' that of one of its neighbors, regrouping raises

    J = I(Y; Y') - H(Y | Y') = 2 I(Y; Y') - H(Y),

the information that a label gives about the labels of the neighbors, less the uncertainty that it
leaves. The first term alone prefers clusters of equal size, the second alone prefers few large
ones. With P(a, b) the share of the links that join clusters a and b, and p(a) its sum over b,

    J = 2 sum P log P - 3 sum p log p.

There are two kinds of moves. One joins two clusters and cuts another one (or their union) in two;
the other gives single rows the label that raises J most.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_array, tril
from scipy.special import xlogy

from sklearn_turtle._solver.rows._chunks import row_chunks

# Each of the best joins is tried with as many of the best cuts. A round ends once as many joins
# have raised J with none of them.
N_TRIED = 3
# Moves of clusters are taken back if together they raise J by less than this share of its largest
# value, log C: so small a rise is found in labelings of the right sizes, too.
SMALLEST_GAIN = 0.01
# Differences below this are due to rounding.
ROUNDING = 1e-9
# Rounds in which single rows move. Labels spread along the graph, so few rounds suffice.
N_ROW_ROUNDS = 3
# Links that are added to those between two clusters, so that all logarithms are finite.
SMOOTHING = 0.1
# Steps of the random walk that finds where to cut a cluster.
N_WALK_STEPS = 50


def regrouped(
    labels: torch.Tensor,
    neighbors: torch.Tensor,
    n_clusters: int,
    *,
    joins: bool = True,
    rows: bool = True,
) -> torch.Tensor:
    """Regroup a labeling until no move raises J.

    An empty cluster takes a part of another one, whatever may move.

    Parameters
    ----------
    labels : tensor of shape (n_rows,), int64
        Cluster of each row.
    neighbors : tensor of shape (n_rows, n_neighbors), int64
        Neighbors of each row.
    n_clusters : int
        Number of clusters, C.
    joins : bool, default=True
        Whether clusters are joined.
    rows : bool, default=True
        Whether single rows move.

    Returns
    -------
    tensor of shape (n_rows,), int64
    """
    if neighbors.numel() == 0:  # a single row
        return labels
    grouping = Grouping(labels.cpu().numpy(), neighbors.cpu().numpy(), n_clusters)
    while grouping.empty and grouping.move_clusters():
        pass
    if joins:
        before = grouping.labels, grouping.shares
        while grouping.move_clusters():
            pass
        gain = information(grouping.shares) - information(before[1])
        if gain < SMALLEST_GAIN * math.log(n_clusters):
            grouping.labels, grouping.shares = before
    for _ in range(N_ROW_ROUNDS if rows else 0):
        if not grouping.move_rows():
            break
    return torch.from_numpy(grouping.labels).to(labels.device)


@dataclass(frozen=True)
class _Cut:
    """A division of the rows of a cluster, or of two, into two parts.

    Attributes
    ----------
    rows : ndarray of int
        The rows.
    side : ndarray of bool
        The part of each row.
    gain : float
        The rise of J, links to other clusters left aside.
    """

    rows: np.ndarray
    side: np.ndarray
    gain: float


class Grouping:
    """Labels, and the links between clusters.

    Attributes
    ----------
    labels : ndarray of shape (n_rows,), int64
        Cluster of each row.
    shares : ndarray of shape (C, C)
        P(a, b), the share of the links that join clusters a and b.
    """

    def __init__(self, labels: np.ndarray, neighbors: np.ndarray, n_clusters: int) -> None:
        n_rows, n_neighbors = neighbors.shape
        starts = np.arange(n_rows + 1) * n_neighbors
        links = csr_array((np.ones(neighbors.size), neighbors.ravel(), starts), (n_rows, n_rows))
        self._links = csr_array(links + links.T)
        self._neighbors = neighbors
        self._n_links = 2 * neighbors.size  # each in both directions
        self._n_clusters = n_clusters
        self.labels = labels.astype(np.int64)
        self.shares = self._shares_of(self.labels)
        self._cuts: dict[int, _Cut] = {}

    @property
    def empty(self) -> list[int]:
        """The clusters without rows."""
        empty: list[int] = np.flatnonzero(self.shares.sum(0) == 0).tolist()
        return empty

    def move_clusters(self) -> int:
        """Join and cut clusters, each at most once; returns the number of moves."""
        n_moves = n_failed = 0
        touched: set[int] = set()
        for c in range(self._n_clusters):
            if c not in self._cuts:
                self._cuts[c] = self._cut(np.flatnonzero(self.labels == c))
        by_gain = sorted(self._cuts, key=lambda c: -self._cuts[c].gain)
        for a, b in self._joins():
            if n_failed == N_TRIED:
                break
            if a in touched or b in touched:
                continue
            joined = np.flatnonzero((self.labels == a) | (self.labels == b))
            others = [c for c in by_gain if c not in touched and c not in (a, b)]
            cuts = [*(self._cuts[c] for c in others[:N_TRIED]), self._cut(joined)]
            moved = next((cut for cut in cuts if self._join_and_cut(a, b, joined, cut)), None)
            if moved is None:
                n_failed += 1
            else:
                n_moves += 1
                touched |= {a, b, int(self.labels[moved.rows[~moved.side][0]])}
        for c in touched:
            del self._cuts[c]
        return n_moves

    def move_rows(self) -> bool:
        """Give each row the label that raises J most; False if J would not rise."""
        smoothed = self.shares + SMOOTHING / self._n_links
        margin = self.shares.sum(0)
        log_margin = np.where(margin > 0, np.log(smoothed.sum(0)), np.inf)  # empty ones stay empty
        indicators = _indicators(self.labels, self._n_clusters)
        labels = np.empty_like(self.labels)
        for rows in row_chunks(len(labels), self._n_clusters):
            links = self._links[rows.start : rows.stop]
            of_neighbors = (links @ indicators).toarray() / links.sum(1)[:, None]
            # the gradient of J in P and in p, along the links of the row
            labels[rows] = (4 * of_neighbors @ np.log(smoothed) - 3 * log_margin).argmax(1)
        return self._accept(labels)

    def _join_and_cut(self, a: int, b: int, joined: np.ndarray, cut: _Cut) -> bool:
        """Move the rows of ``b`` to ``a``, and one side of the cut to ``b``, if J rises."""
        if cut.gain == -np.inf:
            return False
        labels = self.labels.copy()
        labels[joined] = a
        labels[cut.rows[cut.side]] = b
        return self._accept(labels)

    def _accept(self, labels: np.ndarray) -> bool:
        """Take the labels if J rises and no further cluster is empty."""
        shares = self._shares_of(labels)
        if information(shares) <= information(self.shares) + ROUNDING:
            return False
        if (shares.sum(0) == 0).sum() > len(self.empty):
            return False
        self.labels, self.shares = labels, shares
        return True

    def _joins(self) -> list[tuple[int, int]]:
        """Pairs of clusters to join, the best first; an empty cluster is joined with itself."""
        if self.empty:
            return [(c, c) for c in self.empty]
        shares, margin = self.shares, self.shares.sum(0)
        between = shares - np.diag(np.diag(shares))
        partners = np.argsort(-between, axis=1, kind="stable")[:, :N_TRIED]
        pairs = {
            (min(a, b), max(a, b))
            for a, of_cluster in enumerate(partners.tolist())
            for b in of_cluster
            if a != b
        }
        a, b = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
        # what changes in J: the rows and columns of both clusters, and their margins
        own = np.arange(len(a))
        rows = shares[a] + shares[b]
        change = _plogp(rows) - _plogp(shares[a]) - _plogp(shares[b])
        change[own, a] = change[own, b] = 0
        both = shares[a, a] + shares[b, b] + 2 * shares[a, b]
        within = _plogp(both) - _plogp(shares[a, a]) - _plogp(shares[b, b])
        within -= 2 * _plogp(shares[a, b])
        margins = _plogp(margin[a] + margin[b]) - _plogp(margin[a]) - _plogp(margin[b])
        gains = 2 * (2 * change.sum(1) + within) - 3 * margins
        order = np.argsort(-gains, kind="stable")
        return list(zip(a[order].tolist(), b[order].tolist(), strict=True))

    def _shares_of(self, labels: np.ndarray) -> np.ndarray:
        n_clusters = self._n_clusters
        pairs = labels[:, None] * n_clusters + labels[self._neighbors]
        counts = np.bincount(pairs.ravel(), minlength=n_clusters**2)
        counts = counts.reshape(n_clusters, n_clusters)
        shares: np.ndarray = (counts + counts.T) / self._n_links
        return shares

    def _cut(self, rows: np.ndarray) -> _Cut:
        """Cut rows where a random walk between them is slowest, so that J rises most."""
        # the links of fewer rows lead out of their part, wherever they lie
        fewest = max(1, self._neighbors.shape[1] // 2)
        if len(rows) < 2 * fewest:
            return _Cut(rows, np.zeros(len(rows), dtype=bool), -np.inf)
        links = self._links[rows][:, rows]
        order = np.argsort(_slowest_mode(links), kind="stable")
        degree = links.sum(1)[order]
        earlier = tril(links[order][:, order], -1).sum(1)
        # for each first row of the second part, in shares of all links
        across = np.cumsum(degree - 2 * earlier)[:-1] / self._n_links
        first = np.cumsum(degree)[:-1] / self._n_links
        whole = degree.sum() / self._n_links
        second = whole - first
        joint = _plogp(first - across) + _plogp(second - across) + 2 * _plogp(across)
        gains = 2 * (joint - _plogp(whole)) - 3 * (_plogp(first) + _plogp(second) - _plogp(whole))
        best = fewest - 1 + int(gains[fewest - 1 : len(rows) - fewest].argmax())
        side = np.zeros(len(rows), dtype=bool)
        side[order[: best + 1]] = True
        return _Cut(rows, side, float(gains[best]))


def _slowest_mode(links: csr_array) -> np.ndarray:
    """A function on the rows that a random walk along the links levels out most slowly."""
    degree = np.maximum(links.sum(1), np.finfo(float).tiny)
    mode = np.random.default_rng(0).normal(size=len(degree))
    for _ in range(N_WALK_STEPS):
        mode -= degree @ mode / degree.sum()
        mode = 0.5 * (mode + links @ mode / degree)
        mode /= np.abs(mode).max() + np.finfo(float).tiny
    return mode


def _indicators(labels: np.ndarray, n_clusters: int) -> csr_array:
    n_rows = len(labels)
    return csr_array((np.ones(n_rows), labels, np.arange(n_rows + 1)), (n_rows, n_clusters))


def information(shares: np.ndarray) -> float:
    """J of the shares of the links between clusters."""
    return float(2 * _plogp(shares).sum() - 3 * _plogp(shares.sum(0)).sum())


def _plogp(p: np.ndarray | float) -> np.ndarray:
    result: np.ndarray = xlogy(np.maximum(p, 0.0), np.maximum(p, np.finfo(float).tiny))
    return result
