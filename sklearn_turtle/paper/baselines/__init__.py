"""Methods that the TURTLE paper compares with, as scikit-learn estimators of several spaces."""

from sklearn_turtle.paper.baselines._gda import GDA
from sklearn_turtle.paper.baselines._hume import HUME
from sklearn_turtle.paper.baselines._kmeans import SpacesKMeans
from sklearn_turtle.paper.baselines._linear_probe import LinearProbe
from sklearn_turtle.paper.baselines._pouf import POUF
from sklearn_turtle.paper.baselines._upl import UPL
from sklearn_turtle.paper.baselines._zero_shot import ZeroShotClassifier

__all__ = ["GDA", "HUME", "POUF", "UPL", "LinearProbe", "SpacesKMeans", "ZeroShotClassifier"]
