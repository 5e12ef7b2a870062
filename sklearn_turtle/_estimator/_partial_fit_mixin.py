"""The method that continues a labeling on chunks of a stream."""

from typing import Any, TypeVar

from sklearn.base import _fit_context

from sklearn_turtle._estimator._fitted import replace_fitted
from sklearn_turtle._estimator._stream import attributes_after_chunk

Self = TypeVar("Self", bound="PartialFitMixin")


class PartialFitMixin:
    """Fits an estimator chunk by chunk."""

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self: Self, X: Any, y: Any = None) -> Self:
        """Continue the labeling on a chunk of a stream.

        A chunk gives all restarts as many outer steps as it has mini-batches of ``batch_size``
        rows, and is not needed again. The restarts continue from chunk to chunk, and are merged
        anew after each. A stream should give some hundreds of steps. Its chunks should be mixed: on
        a sorted stream, the labeling follows the latest rows. Each chunk should have at least ten
        rows per cluster, because every step balances the clusters of its mini-batch according to
        ``cluster_prior``; "auto" stands for equal sizes here.

        Prefer :meth:`fit` if all rows are available. This method neither projects the spaces nor
        polishes the labeling, and ``outer_lr`` does not decay: ``n_components``, ``max_iter``,
        ``polish_iter``, ``schedule`` and ``verbose`` have no effect. The first chunk determines how
        the spaces are scaled. After :meth:`fit`, the fitted labeling continues as a single restart,
        scaled by the next chunk.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features of the rows of the chunk, as for :meth:`fit`. The first chunk has at least
            ``n_clusters`` rows.

        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : TurtleClustering
            The estimator after the chunk. ``labels_``, the loss curves, ``agreement_`` and
            ``stability_`` are those of this chunk; ``n_iter_`` counts the steps of all chunks.
            Clusters keep their numbers, which the first chunk assigns by size. If ``partial_fit``
            raises, the estimator does not change.

        Raises
        ------
        ValueError
            As :meth:`fit` for the first chunk, as :meth:`predict` for those that follow; if
            ``n_clusters`` has changed; or if it is "auto" for the first chunk.
        TypeError
            If a matrix is sparse.
        """
        replace_fitted(self, attributes_after_chunk(self, X))
        return self
