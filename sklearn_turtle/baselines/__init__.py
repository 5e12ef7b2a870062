"""Methods that TURTLE is compared with, on the same spaces."""

from sklearn_turtle.baselines._hume import HUME
from sklearn_turtle.baselines._kmeans import SpacesKMeans
from sklearn_turtle.baselines._linear_probe import LinearProbe

__all__ = ["HUME", "LinearProbe", "SpacesKMeans"]
