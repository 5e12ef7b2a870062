"""Regroup a labeling along the graph of neighbors, so that cluster sizes follow the data.

The restarts look for clusters of equal size: they cut large clusters and join small ones. If Y is
the label of a row and Y' that of one of its neighbors, regrouping raises

    J = I(Y; Y') - H(Y | Y') = 2 I(Y; Y') - H(Y),

the information that a label gives about the labels of the neighbors, less the uncertainty that it
leaves. The first term alone prefers clusters of equal size, the second alone prefers few large
ones. With P(a, b) the share of the links that join clusters a and b, and p(a) its sum over b,

    J = 2 sum P log P - 3 sum p log p.

There are two kinds of moves. One joins two clusters and cuts another one (or their union) in two;
the other gives single rows the label that raises J most. If the sizes of the clusters are known, no
move may take them further from these.
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_array
from scipy.special import rel_entr, xlogy

from sklearn_turtle._solver.rows._chunks import row_chunks

# Each of the best joins is tried with as many of the best cuts. A round ends once as many joins
# have raised J with none of them.
N_TRIED = 3
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
    log_prior: torch.Tensor | None = None,
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
    log_prior : tensor of shape (C,) or None, default=None
        Log proportions of the clusters from the largest to the smallest, if they are known.

    Returns
    -------
    tensor of shape (n_rows,), int64
    """
    if neighbors.numel() == 0:  # a single row
        return labels
    prior = None if log_prior is None else log_prior.double().exp().cpu().numpy()
    grouping = Grouping(labels.cpu().numpy(), neighbors.cpu().numpy(), n_clusters, prior)
    grouping.fill()
    while joins and grouping.move_clusters():
        pass
    for _ in range(N_ROW_ROUNDS):
        if not grouping.move_rows():
            break
    return torch.from_numpy(grouping.labels).to(labels.device)


def tells_more(
    labels: torch.Tensor, others: torch.Tensor, neighbors: torch.Tensor, n_clusters: int
) -> bool:
    """Whether labels have a larger J than others, and no more empty clusters."""
    if neighbors.numel() == 0:  # a single row
        return False
    first, second = (
        Grouping(one.cpu().numpy(), neighbors.cpu().numpy(), n_clusters) for one in (labels, others)
    )
    if len(first.empty) > len(second.empty):
        return False
    return information(first.shares) > information(second.shares)


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
        The rise of J, links to other clusters left aside; minus infinity for no division.
    conductance : float
        Share of the links of the smaller part that lead to the other one.
    """

    rows: np.ndarray
    side: np.ndarray
    gain: float
    conductance: float


class Grouping:
    """Labels, and the links between clusters.

    Attributes
    ----------
    labels : ndarray of shape (n_rows,), int64
        Cluster of each row.
    shares : ndarray of shape (C, C)
        P(a, b), the share of the links that join clusters a and b.
    """

    labels: np.ndarray
    shares: np.ndarray

    def __init__(
        self,
        labels: np.ndarray,
        neighbors: np.ndarray,
        n_clusters: int,
        prior: np.ndarray | None = None,
    ) -> None:
        n_rows, n_neighbors = neighbors.shape
        starts = np.arange(n_rows + 1) * n_neighbors
        links = csr_array((np.ones(neighbors.size), neighbors.ravel(), starts), (n_rows, n_rows))
        self._links = csr_array(links + links.T)
        self._fewest = max(1, n_neighbors // 2)  # rows of a part of a cluster
        self._n_links = 2 * neighbors.size  # each in both directions
        self._n_clusters = n_clusters
        self._prior = prior
        self._replace(labels.astype(np.int64))
        self._cuts: dict[int, _Cut] = {}

    @property
    def empty(self) -> list[int]:
        """The clusters without rows."""
        empty: list[int] = np.flatnonzero(self.shares.sum(0) == 0).tolist()
        return empty

    def fill(self) -> None:
        """Give each empty cluster a part of another one, where the fewest links are cut."""
        for c in self.empty:
            self._find_cuts()
            best = min(self._cuts, key=lambda c: self._cuts[c].conductance)
            cut = self._cuts.pop(best)
            if cut.gain == -np.inf:
                break
            del self._cuts[c]
            labels = self.labels.copy()
            labels[cut.rows[cut.side]] = c
            self._replace(labels)

    def move_clusters(self) -> int:
        """Join and cut clusters, each at most once; returns the number of moves."""
        n_moves = n_failed = 0
        touched: set[int] = set()
        self._find_cuts()
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
        before, n_empty, misfit = (self.labels, self.shares), len(self.empty), self._misfit()
        self._replace(labels)
        rises = information(self.shares) > information(before[1]) + ROUNDING
        if rises and len(self.empty) <= n_empty and self._misfit() <= misfit:
            return True
        self.labels, self.shares = before
        return False

    def _replace(self, labels: np.ndarray) -> None:
        self.labels = labels
        every = np.arange(len(labels))
        self.shares = self._shares_of(every, np.arange(self._n_clusters))

    def _join_and_cut(self, a: int, b: int, joined: np.ndarray, cut: _Cut) -> bool:
        """Move the rows of ``b`` to ``a``, and one side of the cut to ``b``, if J rises."""
        if cut.gain == -np.inf:
            return False
        rows = np.union1d(joined, cut.rows)
        before, misfit = self.labels[rows], self._misfit()
        changed = np.unique([a, b, *before])
        self.labels[joined] = a
        self.labels[cut.rows[cut.side]] = b
        shares = self._shares_of(rows, changed)
        gain = _part(shares, changed) - _part(self.shares[changed], changed)
        n_empty = (shares.sum(1) == 0).sum() - (self.shares[changed].sum(1) == 0).sum()
        if gain <= ROUNDING or n_empty > 0 or self._misfit() > misfit:
            self.labels[rows] = before
            return False
        self.shares[changed] = shares
        self.shares[:, changed] = shares.T
        return True

    def _misfit(self) -> float:
        """Divergence of the sizes of the clusters from those that are known; 0 if none are."""
        if self._prior is None:
            return 0.0
        sizes = np.sort(np.bincount(self.labels, minlength=self._n_clusters))[::-1]
        return float(rel_entr(sizes / len(self.labels), self._prior).sum())

    def _joins(self) -> list[tuple[int, int]]:
        """Pairs of clusters to join, the best first."""
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
        plogp = _plogp(shares)
        change = _plogp(shares[a] + shares[b]) - plogp[a] - plogp[b]
        change[own, a] = change[own, b] = 0
        within = _plogp(shares[a, a] + shares[b, b] + 2 * shares[a, b])
        within -= plogp[a, a] + plogp[b, b] + 2 * plogp[a, b]
        margins = _plogp(margin[a] + margin[b]) - _plogp(margin[a]) - _plogp(margin[b])
        gains = 2 * (2 * change.sum(1) + within) - 3 * margins
        order = np.argsort(-gains, kind="stable")
        return list(zip(a[order].tolist(), b[order].tolist(), strict=True))

    def _shares_of(self, rows: np.ndarray, clusters: np.ndarray) -> np.ndarray:
        """P(a, b) for some clusters a, of shape (len(clusters), C), given all of their rows."""
        links = self._links[rows]
        own = np.repeat(np.searchsorted(clusters, self.labels[rows]), np.diff(links.indptr))
        pairs = own * self._n_clusters + self.labels[links.indices]
        counts = np.bincount(pairs, links.data, minlength=len(clusters) * self._n_clusters)
        shares: np.ndarray = counts.reshape(-1, self._n_clusters) / self._n_links
        return shares

    def _find_cuts(self) -> None:
        """Find the cuts of all clusters that have none."""
        missing = [c for c in range(self._n_clusters) if c not in self._cuts]
        rows = np.flatnonzero(np.isin(self.labels, missing))
        modes = np.empty(len(self.labels))
        modes[rows] = _slowest_modes(self._links[rows][:, rows], self.labels[rows])
        rows = rows[np.argsort(self.labels[rows], kind="stable")]
        bounds = np.searchsorted(self.labels[rows], [*missing, self._n_clusters])
        for c, start, stop in zip(missing, bounds[:-1], bounds[1:], strict=True):
            of_cluster = rows[start:stop]
            self._cuts[c] = self._cut(of_cluster, modes[of_cluster])

    def _cut(self, rows: np.ndarray, mode: np.ndarray | None = None) -> _Cut:
        """Cut rows where a random walk between them is slowest, so that J rises most."""
        if len(rows) < 2 * self._fewest:
            return _Cut(rows, np.zeros(len(rows), dtype=bool), -np.inf, np.inf)
        links = self._links[rows][:, rows]
        if mode is None:
            mode = _slowest_modes(links, np.zeros(len(rows), dtype=np.int64))
        order = np.argsort(mode, kind="stable")
        degree = links.sum(1)[order]
        rank = np.empty(len(rows), dtype=np.int64)
        rank[order] = np.arange(len(rows))
        own = np.repeat(rank, np.diff(links.indptr))
        to_earlier = links.data * (rank[links.indices] < own)
        earlier = np.bincount(own, to_earlier, minlength=len(rows))
        # for each first row of the second part, in shares of all links
        across = np.cumsum(degree - 2 * earlier)[:-1] / self._n_links
        first = np.cumsum(degree)[:-1] / self._n_links
        whole = degree.sum() / self._n_links
        second = whole - first
        joint = _plogp(first - across) + _plogp(second - across) + 2 * _plogp(across)
        gains = 2 * (joint - _plogp(whole)) - 3 * (_plogp(first) + _plogp(second) - _plogp(whole))
        # the links of fewer rows lead out of their part, wherever they lie
        best = self._fewest - 1 + int(gains[self._fewest - 1 : len(rows) - self._fewest].argmax())
        side = np.zeros(len(rows), dtype=bool)
        side[order[: best + 1]] = True
        smaller = max(min(first[best], second[best]), np.finfo(float).tiny)
        conductance = across[best] / smaller
        return _Cut(rows, side, float(gains[best]), float(conductance))


def _slowest_modes(links: csr_array, labels: np.ndarray) -> np.ndarray:
    """In each cluster, a function on the rows that a random walk levels out most slowly.

    The walk follows the links between rows of the cluster.
    """
    own = np.repeat(labels, np.diff(links.indptr))
    weights = np.where(own == labels[links.indices], links.data, 0.0)
    within = csr_array((weights, links.indices, links.indptr), links.shape)
    tiny = np.finfo(float).tiny
    degree = np.maximum(within.sum(1), tiny)
    total = np.maximum(np.bincount(labels, degree), tiny)
    mode = np.random.default_rng(0).normal(size=len(labels))
    for _ in range(N_WALK_STEPS):
        mode -= (np.bincount(labels, degree * mode) / total)[labels]
        mode = 0.5 * (mode + within @ mode / degree)
        mode /= np.sqrt(np.bincount(labels, mode**2) + tiny)[labels]
    return mode


def _indicators(labels: np.ndarray, n_clusters: int) -> csr_array:
    n_rows = len(labels)
    return csr_array((np.ones(n_rows), labels, np.arange(n_rows + 1)), (n_rows, n_clusters))


def information(shares: np.ndarray) -> float:
    """J of the shares of the links between clusters."""
    return _part(shares, np.arange(len(shares)))


def _part(shares: np.ndarray, clusters: np.ndarray) -> float:
    """The terms of J that depend on some clusters, from their rows of the shares."""
    joint = 2 * _plogp(shares).sum() - _plogp(shares[:, clusters]).sum()
    return float(2 * joint - 3 * _plogp(shares.sum(1)).sum())


def _plogp(p: np.ndarray | float) -> np.ndarray:
    result: np.ndarray = xlogy(np.maximum(p, 0.0), np.maximum(p, np.finfo(float).tiny))
    return result
