"""Fits and predictions over several processes, GPUs and machines."""

from sklearn_turtle.distributed._fit import fit_sharded

__all__ = ["fit_sharded"]
