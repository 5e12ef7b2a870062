"""The estimators of several spaces accept the same input as TurtleClustering."""

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone

from sklearn_turtle import stack_spaces
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.paper.baselines import LinearProbe, SpacesKMeans
from tests.support.small_hume import noisy_directions, quick_hume

SPACES, Y = noisy_directions(120)
X, WIDTHS = stack_spaces(SPACES)

ESTIMATORS = [
    quick_hume(max_iter=5, n_seeds=2),
    SpacesKMeans(4, n_init=2, random_state=0),
    LinearProbe(Cs=[0.01, 0.1], random_state=0),
]


@pytest.fixture(params=ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def estimator(request):
    return clone(request.param)


def predictions(estimator, given, **parameters):
    return clone(estimator).set_params(**parameters).fit(given, Y).predict(given)


def read_only_map(tmp_path):
    np.save(tmp_path / "x.npy", X)
    return np.load(tmp_path / "x.npy", mmap_mode="r")


def test_any_container(estimator, tmp_path):
    expected = predictions(estimator, SPACES)
    frame = pd.DataFrame(X, columns=[f"{k}__{i}" for k in "ab" for i in range(WIDTHS[k == "b"])])
    for given, spaces in (
        (dict(zip("ab", SPACES, strict=True)), None),
        ([torch.from_numpy(x) for x in SPACES], None),
        (X, WIDTHS),
        (read_only_map(tmp_path), WIDTHS),
        (X[:, ::-1], [list(range(55, 23, -1)), list(range(23, -1, -1))]),
        (frame, "prefix"),
    ):
        assert clustering_accuracy(expected, predictions(estimator, given, spaces=spaces)) > 0.97


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_any_dtype(estimator, dtype):
    given = [torch.from_numpy(x).to(dtype) for x in SPACES]
    expected = predictions(estimator, [x.float() for x in given])
    assert clustering_accuracy(expected, predictions(estimator, given)) > 0.95


def test_other_spaces_at_predict_are_refused(estimator):
    estimator.fit(SPACES, Y)
    with pytest.raises(ValueError, match="Space 'space1' has 32 features"):
        estimator.predict([SPACES[0], SPACES[0]])
    with pytest.raises(ValueError, match="fit saw 2"):
        estimator.predict(SPACES[:1])


def test_feature_names(estimator):
    frames = {name: pd.DataFrame(x).add_prefix("f") for name, x in zip("ab", SPACES, strict=True)}
    estimator.fit(frames, Y)
    assert estimator.feature_names_in_[:2].tolist() == ["a__f0", "a__f1"]
    assert estimator.n_features_in_ == 56
