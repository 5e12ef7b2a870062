"""What the TURTLE paper compares with, as scikit-learn estimators."""

from sklearn_turtle.baselines._gda import GDA
from sklearn_turtle.baselines._pouf import POUF
from sklearn_turtle.baselines._upl import UPL
from sklearn_turtle.baselines._zero_shot import ZeroShotClassifier

__all__ = ["GDA", "POUF", "UPL", "ZeroShotClassifier"]
