"""How far the restarts agree, pair by pair."""

from sklearn.utils.validation import check_is_fitted

from sklearn_turtle.display._base import Display


class AgreementDisplay(Display):
    """Adjusted Rand index of each pair of restarts.

    Restarts that fall into several modes show as blocks.

    Parameters
    ----------
    agreement : ndarray of shape (n_restarts, n_restarts)
        Agreement of each pair, as :func:`~sklearn_turtle.metrics.agreement_matrix` gives it.

    Attributes
    ----------
    image_ : matplotlib AxesImage
        The image, once drawn.
    ax_ : matplotlib Axes
        The axes, once drawn.
    figure_ : matplotlib Figure
        The figure of the axes, once drawn.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.display import AgreementDisplay
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> AgreementDisplay.from_estimator(turtle).agreement.shape
    (32, 32)
    """

    def __init__(self, agreement):
        self.agreement = agreement

    @classmethod
    def from_estimator(cls, estimator):
        """Of the restarts of a fit.

        Parameters
        ----------
        estimator : TurtleClustering
            Fitted.

        Returns
        -------
        AgreementDisplay
            Not drawn yet: call ``plot``.
        """
        check_is_fitted(estimator)
        return cls(estimator.agreement_)

    def _draw(self, ax, **style):
        self.image_ = ax.imshow(self.agreement, **({"vmax": 1.0} | style))
        ax.figure.colorbar(self.image_, ax=ax, label="adjusted Rand index")
        ax.set(xlabel="Restart", ylabel="Restart")
