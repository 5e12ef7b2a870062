"""No state of torch that a user may have set changes a result."""

import dask
import dask.array as da
import numpy as np
import pytest
import torch

from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering, predict_to_file, select_n_clusters
from sklearn_turtle.display import ClusterMapDisplay
from sklearn_turtle.exploration import (
    cluster_linkage,
    name_clusters,
    outlier_samples,
    refit_from_labels,
    split_cluster,
)
from sklearn_turtle.metrics import compare_with_probe, generalization_score
from sklearn_turtle.model_selection import TurtleSearch
from sklearn_turtle.paper.baselines import GDA, POUF, UPL, LinearProbe, ZeroShotClassifier
from sklearn_turtle.persistence import save_labeling
from tests.support.small_hume import quick_hume
from tests.support.torch_states import TORCH_STATES, torch_state
from tests.support.two_spaces import clear_spaces

(FIRST, SECOND), Y = clear_spaces(80)
SPACES = [torch.from_numpy(FIRST), SECOND]
CLASSES = np.stack([FIRST[label == Y].mean(0) for label in range(4)])
SMALL = {"n_init": 2, "max_iter": 5, "polish_iter": 2, "random_state": 0, "device": "cpu"}


def small(**parameters):
    return TurtleClustering(4, **{**SMALL, **parameters})


@pytest.fixture(scope="module")
def turtle():
    return small().fit(SPACES)


def fitted(estimator):
    return *estimator.coef_, estimator.predict_proba(SPACES)


def streamed(turtle):
    return *small().partial_fit(SPACES).partial_fit(SPACES).coef_, fitted(small().fit(SPACES))[0]


def lazily_predicted(turtle):
    with dask.config.set(scheduler="synchronous"):
        lazy = turtle.predict_proba([da.from_array(x, chunks=(30, -1)) for x in (FIRST, SECOND)])
        return lazy.compute()


def from_files(turtle, folder):
    predict_to_file(turtle, SPACES, folder / "labels.npy")
    save_labeling(turtle, folder / "labeling.pt")
    again = TurtleClustering.from_labeling(folder / "labeling.pt", device="cpu")
    return np.load(folder / "labels.npy"), again.predict_proba(SPACES)


def searched(turtle):
    search = TurtleSearch(small(), {"gamma": [5.0, 10.0]}).fit(SPACES)
    return search.cv_results_["mean_test_score"]


def counted(turtle):
    estimator = small(max_iter=2, polish_iter=1)
    few = [x[:40] for x in SPACES]
    return select_n_clusters(few, [4], estimator=estimator, n_init=2, random_state=0).score


def named(turtle):
    named = name_clusters(turtle, SPACES, class_embeddings=CLASSES, classes=list("abcd"), space=0)
    return named.scores


def baseline(estimator):
    return estimator.set_params(device="cpu").fit(SPACES).predict_proba(SPACES)


WORK = {
    "fit": lambda turtle: fitted(small().fit(SPACES)),
    "fit without neighbors": lambda turtle: fitted(
        small(n_neighbors=0, cluster_prior=0.5, precision="bfloat16").fit(SPACES)
    ),
    "fit as released": lambda turtle: fitted(
        small(**RELEASED_SETTINGS | {"max_iter": 5}).fit(SPACES)
    ),
    "partial_fit": streamed,
    "predict": lambda turtle: (turtle.predict(SPACES), turtle.predict_proba(SPACES)),
    "predict with Dask": lazily_predicted,
    "score": lambda turtle: turtle.score(SPACES),
    "select_n_clusters": counted,
    "TurtleSearch": searched,
    "generalization_score": lambda turtle: generalization_score(Y, [FIRST, SECOND.astype(float)]),
    "compare_with_probe": lambda turtle: compare_with_probe(Y, SPACES, Y).supervised,
    "refit_from_labels": lambda turtle: fitted(refit_from_labels(turtle, SPACES, Y)),
    "split_cluster": lambda turtle: split_cluster(turtle, SPACES, 0).predict_proba(SPACES),
    "outlier_samples": lambda turtle: outlier_samples(turtle, SPACES),
    "cluster_linkage": lambda turtle: cluster_linkage(turtle, SPACES),
    "name_clusters": named,
    "map": lambda turtle: (
        ClusterMapDisplay.from_estimator(turtle, SPACES, method="pca").coordinates
    ),
    "HUME": lambda turtle: baseline(quick_hume(n_seeds=1, max_iter=2)),
    "zero-shot": lambda turtle: baseline(ZeroShotClassifier(CLASSES, space=0)),
    "GDA": lambda turtle: baseline(GDA(CLASSES, space=0)),
    "POUF": lambda turtle: baseline(POUF(CLASSES, space=0, max_iter=3, random_state=0)),
    "UPL": lambda turtle: baseline(
        UPL(CLASSES, space=0, ensemble_size=1, n_epochs=1, random_state=0)
    ),
    "LinearProbe": lambda turtle: (
        LinearProbe(Cs=3, random_state=0).fit(SPACES, Y).predict_proba(SPACES)
    ),
}


def as_tuple(result):
    return result if isinstance(result, tuple) else (result,)


def check_in_every_state(work):
    expected = as_tuple(work())
    for name, state in TORCH_STATES.items():
        with state():
            before = torch_state()
            found = work()
            assert torch_state() == before, name
        for result, wanted in zip(as_tuple(found), expected, strict=True):
            np.testing.assert_array_equal(result, wanted, err_msg=name)


# small fits may leave clusters empty, and few steps make restarts differ
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.filterwarnings("ignore:The restarts hardly agree")
@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_results_do_not_depend_on_the_state_of_torch(work, turtle):
    check_in_every_state(lambda: work(turtle))


def test_files_do_not_depend_on_the_state_of_torch(turtle, tmp_path):
    check_in_every_state(lambda: from_files(turtle, tmp_path))


def test_tensors_of_inference_mode_are_features_like_others():
    expected = fitted(small().fit(SPACES))
    with torch.inference_mode():
        made_there = [SPACES[0].clone(), SECOND]
    for result, wanted in zip(fitted(small().fit(made_there)), expected, strict=True):
        np.testing.assert_array_equal(result, wanted)
    pouf = POUF(CLASSES, space=0, max_iter=3, random_state=0, device="cpu")
    np.testing.assert_array_equal(pouf.fit(made_there).coef_, pouf.fit(SPACES).coef_)


def test_an_error_leaves_the_state_as_it_is():
    bad = FIRST.copy()
    bad[3, 1] = np.nan
    for name, state in TORCH_STATES.items():
        with state():
            before = torch_state()
            with pytest.raises(ValueError, match="row 3"):
                small().fit([bad, SECOND])
            assert torch_state() == before, name
