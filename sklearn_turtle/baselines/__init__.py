"""Methods that TURTLE is compared with, on the same spaces."""

from sklearn_turtle.baselines._gda import GDA
from sklearn_turtle.baselines._pouf import POUF
from sklearn_turtle.baselines._upl import UPL
from sklearn_turtle.baselines._zero_shot import ZeroShotClassifier

__all__ = ["GDA", "POUF", "UPL", "ZeroShotClassifier"]
