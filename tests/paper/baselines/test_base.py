"""The behavior that the four classifiers of class embeddings share."""

import joblib
import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_turtle import stack_spaces
from sklearn_turtle._input._class_embeddings import read_class_embeddings
from sklearn_turtle.paper.baselines import GDA, POUF, UPL, ZeroShotClassifier
from tests.support.class_embeddings import digits_with_class_embeddings, small_problem

X, Y, TEXTS = small_problem()
NAMES = np.array(["newt", "ant", "cow"])  # not in alphabetical order
OTHER = np.random.default_rng(1).normal(size=(len(X), 4))
QUICK = {
    ZeroShotClassifier: {},
    UPL: {"ensemble_size": 2, "n_epochs": 4, "random_state": 0},
    POUF: {"max_iter": 20, "random_state": 0},
    GDA: {},
}


# The classifiers ignore y: the classes come with their embeddings.
EXPECTED_FAILURES = {
    "check_classifiers_classes": "expects the classes of y",
    "check_classifiers_one_label": "expects the one class of y",
    "check_classifiers_regression_target": "expects an error about y",
    "check_classifiers_train": "expects classes that are learned from y",
    "check_supervised_y_2d": "expects a warning about y",
    "check_supervised_y_no_nan": "expects an error about y",
}


class AnyWidth:
    """Draws class embeddings with the width of ``X``, since the checks use several widths."""

    def _read_class_embeddings(self, name, n_features):
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
        AnyWidthZeroShotClassifier([[1], [2], [3]], device="cpu"),
        AnyWidthUPL([[1], [2], [3]], ensemble_size=2, n_epochs=3, device="cpu"),
        AnyWidthPOUF([[1], [2], [3]], max_iter=5, device="cpu"),
        AnyWidthGDA([[1], [2], [3]], device="cpu"),
    ],
    expected_failed_checks=lambda estimator: EXPECTED_FAILURES,
)
def test_estimator_checks(estimator, check):
    check(estimator)


@pytest.fixture(params=QUICK, ids=lambda cls: cls.__name__)
def make(request):
    """A function that makes one of the classifiers, with quick settings and on the CPU."""

    def make(class_embeddings=TEXTS, **parameters):
        defaults = {"logit_scale": 10.0, "device": "cpu", **QUICK[request.param]}
        return request.param(class_embeddings, **{**defaults, **parameters})

    return make


def test_classes_have_names(make):
    classifier = make(classes=NAMES).fit(X)
    assert classifier.classes_.tolist() == ["ant", "cow", "newt"]
    assert classifier.score(X, NAMES[Y]) > 0.8
    assert classifier.coef_.shape == (3, 6)
    assert classifier.intercept_.shape == (3,)


def test_predictions_and_probabilities_agree(make):
    classifier = make(classes=NAMES).fit(X)
    probabilities = classifier.predict_proba(X)
    np.testing.assert_allclose(probabilities.sum(1), 1)
    most_likely = classifier.classes_[probabilities.argmax(1)]
    assert np.array_equal(classifier.predict(X), most_likely)
    logits = X / np.linalg.norm(X, axis=1, keepdims=True) @ classifier.coef_.T
    logits += classifier.intercept_
    expected = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    np.testing.assert_allclose(probabilities, expected)


def test_order_of_classes_does_not_matter(make):
    order = [2, 0, 1]
    classifier = make(classes=NAMES).fit(X)
    permuted = make(TEXTS[order], classes=NAMES[order]).fit(X)
    assert np.array_equal(classifier.classes_, permuted.classes_)
    np.testing.assert_allclose(classifier.predict_proba(X), permuted.predict_proba(X))


def test_norms_do_not_matter(make):
    factors = np.random.default_rng(2).uniform(1e-3, 1e3, size=(len(X), 1))
    classifier = make().fit(X)
    scaled = make(TEXTS * [[1e-3], [1], [1e3]]).fit(X * factors)
    np.testing.assert_allclose(classifier.predict_proba(X), scaled.predict_proba(X), rtol=1e-6)


def test_several_templates_per_class(make):
    templates = np.stack([TEXTS + 0.1, 3 * TEXTS - 0.2], axis=1)
    units = templates / np.linalg.norm(templates, axis=2, keepdims=True)
    expected = make(units.mean(1)).fit(X).predict_proba(X)
    np.testing.assert_allclose(make(templates).fit(X).predict_proba(X), expected)
    np.testing.assert_allclose(make(torch.tensor(templates)).fit(X).predict_proba(X), expected)


def test_one_of_several_spaces(make):
    expected = make().fit(X).predict_proba(X)
    stacked, widths = stack_spaces([OTHER, X])
    for spaces, parameters in [
        ([OTHER, X], {"space": 1}),
        ([OTHER, X], {"space": -1}),
        ({"dino": OTHER, "clip": X}, {"space": "clip"}),
        (stacked, {"spaces": widths, "space": "space1"}),
        ([X], {}),
    ]:
        classifier = make(**parameters).fit(spaces)
        np.testing.assert_array_equal(classifier.predict_proba(spaces), expected)
    by_name = make(space="clip").fit({"dino": OTHER, "clip": X})
    np.testing.assert_array_equal(by_name.predict_proba({"clip": X, "dino": OTHER}), expected)
    assert by_name.space_name_ == "clip"
    assert by_name.n_features_in_ == 10


@pytest.mark.parametrize("space", [None, 2, -3, "clip"])
def test_unknown_space(make, space):
    with pytest.raises(ValueError, match=r"does not name one of the spaces of X.*space0"):
        make(space=space).fit([OTHER, X])


def test_dtypes_and_containers(make):
    expected = make().fit(X.astype(np.float32)).predict_proba(X.astype(np.float32))
    assert expected.dtype == np.float32
    assert make().fit(X).predict_proba(X).dtype == np.float64
    for narrow in (X.astype(np.float16), torch.tensor(X, dtype=torch.bfloat16)):
        assert np.abs(make().fit(narrow).predict_proba(narrow) - expected).max() < 0.1
    frame = pd.DataFrame(X, columns=[f"clip{i}" for i in range(6)])
    classifier = make().fit(frame)
    assert classifier.feature_names_in_.tolist() == list(frame.columns)
    np.testing.assert_allclose(classifier.predict_proba(frame), expected, atol=1e-4)


def test_scikit_learn_tools(make):
    assert cross_val_score(make(classes=NAMES), X, NAMES[Y], cv=3).min() > 0.7
    search = GridSearchCV(make(), {"logit_scale": [1.0, 10.0]}, cv=2).fit(X, Y)
    assert search.best_score_ > 0.7
    assert make_pipeline(MaxAbsScaler(), make()).fit(X).predict(X).shape == (90,)
    with pytest.raises(ValueError, match="stack_spaces"):
        cross_val_score(make(space=0), [X, X], [0, 0], cv=2)


def test_fits_are_reproducible(make):
    state = torch.get_rng_state()
    probabilities = make().fit(X).predict_proba(X)
    np.testing.assert_array_equal(clone(make()).fit(X).predict_proba(X), probabilities)
    with torch.no_grad():
        np.testing.assert_array_equal(make().fit(X).predict_proba(X), probabilities)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"class_embeddings": TEXTS[0]}, "Expected 2D array"),
        ({"class_embeddings": TEXTS[None, None]}, "must have the shape"),
        ({"class_embeddings": np.empty((3, 0, 6))}, "0 feature|not be empty"),
        ({"class_embeddings": TEXTS[:, :5]}, "have 5 features, but space 'space0' of X has 6"),
        (
            {"class_embeddings": TEXTS * [[1], [0], [1]]},
            r"class_embeddings\[1\] has no direction: it is zero",
        ),
        ({"class_embeddings": np.stack([TEXTS, -TEXTS], 1)}, r"\[0\] has no direction"),
        ({"class_embeddings": TEXTS * np.nan}, "class_embeddings contains NaN"),
        ({"classes": ["ant", "bee"]}, "classes has 2 entries, but class_embeddings has 3"),
        ({"classes": ["ant", "bee", "ant"]}, "not distinct"),
        ({"logit_scale": 0.0}, "logit_scale"),
        ({"device": "nowhere"}, "device='nowhere' cannot be used"),
    ],
)
def test_invalid_parameters_are_refused_and_the_last_fit_is_kept(make, parameters, message):
    classifier = make().fit(X)
    before = joblib.hash({**vars(classifier), **parameters})
    classifier.set_params(**parameters)
    with pytest.raises(ValueError, match=message):
        classifier.fit(X)
    assert joblib.hash(vars(classifier)) == before


def test_features_must_be_finite(make):
    broken = X.copy()
    broken[7, 2] = np.nan
    with pytest.raises(ValueError, match="Input X contains NaN: space 'space0', first in row 7"):
        make().fit(broken)
    with pytest.raises(ValueError, match="row 7"):
        make().fit(X).predict(broken)


@pytest.mark.parametrize("seed", [0, 1])
def test_unlabeled_digits_improve_on_zero_shot(seed):
    pixels, digits, class_embeddings = digits_with_class_embeddings(noise=0.6, seed=seed)

    def accuracy(classifier):
        classifier.set_params(device="cpu")
        return classifier.fit(pixels).score(pixels, digits)

    zero_shot = accuracy(ZeroShotClassifier(class_embeddings))
    assert 0.6 < zero_shot < 0.85
    assert accuracy(UPL(class_embeddings, ensemble_size=2, random_state=0)) > zero_shot + 0.01
    assert accuracy(POUF(class_embeddings, max_iter=300, random_state=0)) > zero_shot + 0.05
    assert accuracy(GDA(class_embeddings)) > zero_shot + 0.05


def test_nearly_perfect_class_embeddings_are_not_spoiled():
    pixels, digits, class_embeddings = digits_with_class_embeddings(noise=0.1, seed=0)
    zero_shot = ZeroShotClassifier(class_embeddings).fit(pixels).score(pixels, digits)
    for classifier in (
        UPL(class_embeddings, ensemble_size=2, random_state=0),
        POUF(class_embeddings, max_iter=300, random_state=0),
        GDA(class_embeddings),
    ):
        assert classifier.fit(pixels).score(pixels, digits) > zero_shot - 0.01
