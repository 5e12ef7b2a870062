"""What TurtleClustering computes, and what it keeps."""

import pickle
import random

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering, stack_spaces
from tests.support.two_spaces import WIDTHS, small_turtle, two_spaces

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


@pytest.fixture(scope="module")
def data():
    return two_spaces()


@pytest.fixture(scope="module")
def fitted(data):
    return small_turtle().fit(data[0])


def test_finds_the_clusters_and_describes_them(data, fitted):
    _, y = data
    assert adjusted_rand_score(y, fitted.labels_) > 0.9
    assert fitted.labels_.dtype == np.int32
    assert [coef.shape for coef in fitted.coef_] == [(4, 12), (4, 8)]
    assert [intercept.shape for intercept in fitted.intercept_] == [(4,), (4,)]
    assert fitted.n_iter_ == len(fitted.loss_curve_) == 220  # of the search, and of four phases
    assert fitted.n_features_in_ == 20
    assert fitted.space_names_ == ["space0", "space1"]
    assert 0.5 < fitted.stability_ <= 1


@pytest.mark.parametrize("reject_below", [0.0, 0.6, 1.0])
def test_uncertain_samples_may_be_rejected(reject_below, data, fitted):
    spaces, _ = data
    labels = fitted.predict(spaces, reject_below=reject_below)
    rejected = fitted.predict_proba(spaces).max(1) < reject_below
    np.testing.assert_array_equal(labels == -1, rejected)
    np.testing.assert_array_equal(labels[~rejected], fitted.labels_[~rejected])
    assert labels.dtype == fitted.labels_.dtype
    with pytest.raises(ValueError, match="reject_below"):
        fitted.predict(spaces, reject_below=1.5)


def test_predictions_agree_with_each_other_and_with_the_equation(data, fitted):
    spaces, _ = data
    probabilities = fitted.predict_proba(spaces)
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-6)
    np.testing.assert_array_equal(probabilities.argmax(1), fitted.predict(spaces))
    np.testing.assert_array_equal(fitted.labels_, fitted.predict(spaces))
    by_hand = 0
    for X, coef, intercept in zip(spaces, fitted.coef_, fitted.intercept_, strict=True):
        logits = X.astype(float) @ coef.T.astype(float) + intercept
        exponentials = np.exp(logits - logits.max(1, keepdims=True))
        by_hand += exponentials / exponentials.sum(1, keepdims=True) / 2
    by_hand **= 1 / fitted.temperature_
    by_hand /= by_hand.sum(1, keepdims=True)
    np.testing.assert_allclose(probabilities, by_hand, atol=1e-4)


def test_fit_predict_is_fit_then_labels(data, fitted):
    np.testing.assert_array_equal(small_turtle().fit_predict(data[0]), fitted.labels_)


def test_assigns_new_samples(data, fitted):
    X, y = two_spaces(n_samples=480)
    assert adjusted_rand_score(y, small_turtle().fit([x[:240] for x in X]).predict(X)) > 0.9


def test_labels_are_contiguous_and_the_largest_cluster_comes_first():
    rng = np.random.default_rng(0)
    centers = np.repeat(rng.normal(size=(3, 5)) * 10, [20, 120, 60], axis=0)
    X = centers + rng.normal(size=centers.shape)
    labels = small_turtle(n_clusters=3, gamma=1.0).fit(X).labels_
    assert list(np.bincount(labels)) == sorted(np.bincount(labels), reverse=True)


def test_same_random_state_same_bits_and_another_one_other_bits(data):
    X, _ = data
    first, second, other = (
        small_turtle(random_state=seed, batch_size=50).fit(X) for seed in (3, 3, 4)
    )
    for a, b in zip(first.coef_, second.coef_, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(first.coef_[0], other.coef_[0])


def test_random_state_may_be_a_generator_that_moves_on(data):
    X, _ = data
    rng = np.random.RandomState(0)
    first, second = (small_turtle(random_state=rng).fit(X).coef_[0] for _ in range(2))
    assert not np.array_equal(first, second)


def test_leaves_all_global_state_alone(data):
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    torch.manual_seed(0)
    before = (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist())  # noqa: NPY002
    settings_before = (torch.get_num_threads(), torch.get_default_dtype(), torch.is_grad_enabled())
    small_turtle(n_init=2, batch_size=50).fit(data[0]).predict(data[0])
    after = (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist())  # noqa: NPY002
    assert before == after
    assert settings_before == (
        torch.get_num_threads(),
        torch.get_default_dtype(),
        torch.is_grad_enabled(),
    )


# features that are not scaled may leave a cluster empty, which is not what is tested here
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("n_components", [None, 512])
def test_does_not_change_its_input(data, n_components):
    X = [x.copy() for x in data[0]]
    small_turtle(scaling=None, n_components=n_components, batch_size=10**6).fit(X).predict(X)
    for x, original in zip(X, data[0], strict=True):
        np.testing.assert_array_equal(x, original)


def read_only(x):
    x = x.copy()
    x.flags.writeable = False
    return x


@pytest.mark.parametrize(
    "convert",
    [
        lambda x: x.astype(np.float16),
        lambda x: x.astype(np.float64),
        lambda x: (x * 100).astype(np.int16),
        lambda x: (x * 100).astype(np.int64),
        lambda x: (x * 100 + 10_000).astype(np.uint16),
        lambda x: x.astype(">f4"),
        lambda x: x.astype(np.longdouble),
        np.asfortranarray,
        lambda x: np.repeat(x, 2, axis=0)[::2],
        lambda x: x[::-1].copy()[::-1],
        read_only,
        lambda x: x.tolist(),
        lambda x: pd.DataFrame(x, columns=[f"f{j}" for j in range(x.shape[1])]),
        lambda x: pl.DataFrame(x, schema=[f"f{j}" for j in range(x.shape[1])]),
        torch.from_numpy,
        lambda x: torch.from_numpy(x).double(),
        lambda x: torch.from_numpy(x).bfloat16(),
        lambda x: torch.from_numpy(x).requires_grad_(),
    ],
)
@pytest.mark.parametrize("stacked", [False, True])
def test_takes_every_kind_of_matrix(data, convert, stacked):
    spaces, y = data
    X = convert(np.hstack(spaces)) if stacked else [convert(x) for x in spaces]
    turtle = small_turtle(spaces=WIDTHS if stacked else None).fit(X)
    assert adjusted_rand_score(y, turtle.labels_) > 0.9
    np.testing.assert_array_equal(turtle.predict(X), turtle.labels_)
    assert type(turtle.labels_) is np.ndarray


def test_takes_a_read_only_memory_map(data, tmp_path):
    spaces, _ = data
    paths = [tmp_path / f"{k}.npy" for k in range(2)]
    for path, x in zip(paths, spaces, strict=True):
        np.save(path, x)
    mapped = [np.load(path, mmap_mode="r") for path in paths]
    np.testing.assert_array_equal(
        small_turtle().fit(mapped).coef_[0], small_turtle().fit(spaces).coef_[0]
    )


def test_all_ways_to_pass_the_same_spaces_give_the_same_fit(data):
    spaces, _ = data
    X, widths = stack_spaces(spaces)
    frame = pd.DataFrame(X, columns=[f"a__{j}" for j in range(12)] + [f"b__{j}" for j in range(8)])
    expected = small_turtle().fit(spaces)
    for turtle in (
        small_turtle().fit(tuple(spaces)),
        small_turtle().fit({"a": spaces[0], "b": spaces[1]}),
        small_turtle(spaces=widths).fit(X),
        small_turtle(spaces=[slice(0, 12), list(range(12, 20))]).fit(X),
        small_turtle(spaces={"a": slice(12), "b": slice(12, None)}).fit(X),
        small_turtle(spaces="prefix").fit(frame),
        small_turtle(spaces={"a": list(frame.columns[:12]), "b": list(frame.columns[12:])}).fit(
            frame
        ),
    ):
        for a, b in zip(turtle.coef_, expected.coef_, strict=True):
            np.testing.assert_array_equal(a, b)
        Xs = frame if hasattr(turtle, "feature_names_in_") else X
        np.testing.assert_array_equal(turtle.predict(Xs), expected.labels_)


@pytest.mark.parametrize("n_spaces", [1, 2, 3, 5])
def test_any_number_of_spaces(n_spaces):
    spaces, y = two_spaces()
    turtle = small_turtle().fit([spaces[k % 2] for k in range(n_spaces)])
    assert len(turtle.coef_) == n_spaces
    assert adjusted_rand_score(y, turtle.labels_) > 0.9


@pytest.mark.parametrize("norm", ["unit", "large", "shifted", "tiny", "huge"])
def test_defaults_work_whatever_the_norm(data, norm):
    spaces, y = data
    X = [x / np.linalg.norm(x, axis=1, keepdims=True) if norm == "unit" else x for x in spaces]
    factor = {"large": 1e3, "tiny": 1e-30, "huge": 1e30}.get(norm, 1)
    X = [x * np.float32(factor) + np.float32(100 * (norm == "shifted")) for x in X]
    assert adjusted_rand_score(y, small_turtle().fit(X).labels_) > 0.85


def test_float64_beyond_the_range_of_float32():
    spaces, y = two_spaces(dtype=np.float64)
    for factor in (1e-200, 1e200):
        turtle = small_turtle().fit([x * factor for x in spaces])
        assert adjusted_rand_score(y, turtle.labels_) > 0.9
        assert all(np.isfinite(coef).all() for coef in turtle.coef_)


def test_scaling_makes_the_fit_invariant_to_scale_and_shift(data):
    spaces, _ = data
    moved = [x.astype(np.float64) * 8 + 3 for x in spaces]
    np.testing.assert_array_equal(
        small_turtle().fit(moved).labels_, small_turtle().fit(spaces).labels_
    )


def test_released_settings_are_those_of_the_released_code(data):
    turtle = TurtleClustering(4, **RELEASED_SETTINGS)
    expected = {
        "gamma": 10,
        "max_iter": 6000,
        "inner_steps": 10,
        "inner_lr": 1e-3,
        "outer_lr": 1e-3,
        "batch_size": 10_000,
        "inner_start": "cold",
        "schedule": "constant",
        "scaling": None,
        "n_init": 1,
        "polish_iter": 0,
        "precision": "float32",
    }
    assert {name: turtle.get_params()[name] for name in expected} == expected
    turtle.set_params(max_iter=3, device="cpu", random_state=0).fit(data[0])
    assert turtle.n_iter_ == 3


@pytest.mark.parametrize(
    "parameters", [{"inner_start": "cold", "inner_lr": 0.01}, {"inner_steps": 3}]
)
def test_other_settings_find_the_clusters_too(data, parameters):
    spaces, y = data
    assert adjusted_rand_score(y, small_turtle(**parameters).fit(spaces).labels_) > 0.9


def test_tol_ends_the_fit_once_the_labels_settle(data):
    spaces, y = data
    turtle = small_turtle(max_iter=500, polish_iter=500, tol=0.01).fit(spaces)
    assert turtle.n_iter_ < 600
    assert turtle.n_iter_ == len(turtle.loss_curve_)
    assert adjusted_rand_score(y, turtle.labels_) > 0.9


def test_one_restart_has_no_stability(data):
    turtle = small_turtle(n_init=1).fit(data[0])
    assert turtle.coef_[0].shape == (4, 12)
    assert np.isnan(turtle.stability_)


def test_one_cluster_is_everything(data):
    turtle = small_turtle(n_clusters=1).fit(data[0])
    assert set(turtle.labels_) == {0}


def test_warns_of_empty_clusters_and_numbers_them_last():
    X = np.random.default_rng(0).normal(size=(30, 2)).round()
    X = np.tile(X[:3], (10, 1))  # three distinct rows cannot fill six clusters
    with pytest.warns(ConvergenceWarning, match=r"[345] of 6 clusters are empty"):
        labels = small_turtle(n_clusters=6).fit(X).labels_
    assert np.array_equal(np.unique(labels), np.arange(labels.max() + 1))


@pytest.mark.filterwarnings("ignore:The restarts hardly agree")
def test_score_is_high_for_real_clusters_and_low_for_noise(data):
    spaces, _ = data
    noise = np.random.default_rng(0).normal(size=(240, 20)).astype(np.float32)
    assert small_turtle().fit(spaces).score(spaces) > small_turtle().fit(noise).score(noise) + 0.02


def test_survives_pickle_clone_and_joblib(data, fitted, tmp_path):
    spaces, _ = data
    for restored in (
        pickle.loads(pickle.dumps(fitted)),
        joblib.load(joblib.dump(fitted, tmp_path / "t")[0]),
    ):
        np.testing.assert_array_equal(restored.predict_proba(spaces), fitted.predict_proba(spaces))
    assert not hasattr(clone(fitted), "coef_")


def test_fitted_state_is_numpy_and_plain_python(fitted):
    def leaves(value):
        if isinstance(value, (list, tuple)):
            for entry in value:
                yield from leaves(entry)
        else:
            yield value

    state = {name: value for name, value in vars(fitted).items() if name not in fitted.get_params()}
    for value in state.values():
        for leaf in leaves(value):
            assert isinstance(leaf, (np.ndarray, str, int, float, slice))


def test_predicts_where_the_device_of_the_fit_is_missing(data, fitted):
    moved = pickle.loads(pickle.dumps(fitted)).set_params(device="cuda:7")
    np.testing.assert_array_equal(moved.predict(data[0]), fitted.labels_)


@pytest.mark.parametrize("device", DEVICES)
def test_tensors_on_a_device_give_the_fit_of_arrays(data, fitted, device):
    spaces, _ = data
    tensors = [torch.from_numpy(x).to(device) for x in spaces]
    turtle = small_turtle(device=device).fit(tensors)
    assert adjusted_rand_score(turtle.labels_, fitted.labels_) > 0.99
    np.testing.assert_array_equal(turtle.predict(tensors), turtle.labels_)


def test_prediction_in_many_chunks_is_that_in_one(data, fitted, monkeypatch):
    spaces, _ = data
    expected = fitted.predict_proba(spaces)
    turtle = small_turtle(batch_size=len(spaces[0]))
    labels = turtle.fit(spaces).labels_
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 300)
    np.testing.assert_allclose(fitted.predict_proba(spaces), expected, rtol=1e-5)
    np.testing.assert_array_equal(turtle.fit(spaces).labels_, labels)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.filterwarnings("ignore:The restarts hardly agree")
@settings(max_examples=25, deadline=None)
@given(
    n_samples=st.integers(5, 40),
    widths=st.lists(st.integers(1, 6), min_size=1, max_size=3),
    n_clusters=st.integers(1, 5),
    dtype=st.sampled_from([np.float16, np.float32, np.float64, np.int8]),
    seed=st.integers(0, 100),
)
def test_any_data_gives_a_whole_model(n_samples, widths, n_clusters, dtype, seed):
    rng = np.random.default_rng(seed)
    X = [(rng.normal(size=(n_samples, width)) * 20).astype(dtype) for width in widths]
    turtle = small_turtle(n_clusters=n_clusters, max_iter=3, random_state=seed).fit(X)
    labels = turtle.labels_
    assert labels.shape == (n_samples,)
    assert np.array_equal(np.unique(labels), np.arange(labels.max() + 1))
    assert (np.diff(np.bincount(labels)) <= 0).all()
    probabilities = turtle.predict_proba(X)
    assert np.isfinite(probabilities).all()
    np.testing.assert_array_equal(probabilities.argmax(1), labels)
    np.testing.assert_array_equal(turtle.predict(stack_spaces(X)[0]), labels)


def test_warns_where_restarts_hardly_agree():
    noise = np.random.default_rng(0).normal(size=(2000, 64))
    with pytest.warns(UserWarning, match="hardly agree"):
        turtle = small_turtle(n_clusters=10, cluster_prior="uniform").fit(noise)
    assert turtle.stability_ < 0.3
