"""The callbacks of scikit-learn, if it has them."""

try:
    from sklearn.callback import CallbackSupportMixin
except ImportError:  # scikit-learn < 1.9

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """Replaces the mixin of scikit-learn."""


__all__ = ["CallbackSupportMixin"]
