"""scikit-learn's suite of checks, of the classifiers that start from class embeddings.

The checks fit data of many widths, while class embeddings have one. The classifiers are
therefore run with one liberty: their class embeddings are drawn at the width of ``X``. All else
that the checks see is the classifiers' own.
"""

import numpy as np
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_turtle._input._class_embeddings import read_class_embeddings
from sklearn_turtle.paper.baselines import GDA, POUF, UPL, ZeroShotClassifier

THREE_CLASSES = [[1], [2], [3]]

# y is not read: the classes come with their embeddings, and are not learned
ABOUT_Y = {
    "check_classifiers_classes": "expects the classes of y",
    "check_classifiers_one_label": "expects the one class of y",
    "check_classifiers_regression_target": "expects y to be refused",
    "check_classifiers_train": "expects classes that are learned from y",
    "check_supervised_y_2d": "expects y to be warned of",
    "check_supervised_y_no_nan": "expects y to be refused",
}


class AnyWidth:
    def _class_embeddings(self, name, n_features):
        drawn = np.random.default_rng(0).normal(size=(len(self.class_embeddings), n_features))
        return read_class_embeddings(drawn, self.classes)


class AnyWidthZeroShotClassifier(AnyWidth, ZeroShotClassifier):
    pass


class AnyWidthUPL(AnyWidth, UPL):
    pass


class AnyWidthPOUF(AnyWidth, POUF):
    pass


class AnyWidthGDA(AnyWidth, GDA):
    pass


@parametrize_with_checks(
    [
        AnyWidthZeroShotClassifier(THREE_CLASSES, device="cpu"),
        AnyWidthUPL(THREE_CLASSES, ensemble_size=2, n_epochs=3, device="cpu"),
        AnyWidthPOUF(THREE_CLASSES, max_iter=5, device="cpu"),
        AnyWidthGDA(THREE_CLASSES, device="cpu"),
    ],
    expected_failed_checks=lambda estimator: ABOUT_Y,
)
def test_estimator_checks(estimator, check):
    check(estimator)
