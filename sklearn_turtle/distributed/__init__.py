"""Fit and predict on several processes, GPUs and machines."""

from sklearn_turtle.distributed._fit import fit_sharded
from sklearn_turtle.distributed._frames import predict_frame

__all__ = ["fit_sharded", "predict_frame"]
