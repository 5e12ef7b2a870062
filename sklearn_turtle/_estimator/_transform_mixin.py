"""The method that makes features of the clusters."""

from typing import Any

from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._input._clustered_rows import read_spaces
from sklearn_turtle._linear._on_dask import lazy_log_odds


class TransformMixin(ClassNamePrefixFeaturesOutMixin, TransformerMixin):
    """Transforms samples to the log-odds of the clusters, with scikit-learn's ``set_output``."""

    def transform(self: Any, X: Any) -> Any:
        """Log-odds of each cluster for each sample, as features for a further step.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces of ``fit``, as a collection or stacked.

        Returns
        -------
        log_odds : ndarray of shape (n_samples, n_clusters)
            ``log(p / (1 - p))`` of the probabilities ``p`` of :meth:`predict_proba`, in their
            dtype. They are finite: the logarithms of 0 are those of the smallest positive number,
            -87 in float32. ``set_output`` chooses DataFrames instead. If all spaces are Dask
            arrays, a Dask array, which is computed on demand.

        Raises
        ------
        ValueError
            As :meth:`predict`.
        """
        check_is_fitted(self)
        return lazy_log_odds(self._labeling, read_spaces(self, X))

    @property
    def _n_features_out(self: Any) -> int:
        n_clusters: int = self.n_clusters_
        return n_clusters
