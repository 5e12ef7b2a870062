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
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle import stack_spaces
from tests.support.two_spaces import WIDTHS, clear_spaces, small_turtle

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
SPACES, Y = clear_spaces()
X, _ = stack_spaces(SPACES)
FRAME = pd.DataFrame(X, columns=[f"a__{j}" for j in range(12)] + [f"b__{j}" for j in range(8)])


def estimator(**parameters):
    """An estimator that takes few steps, which suffice for clear clusters."""
    return small_turtle(**{"max_iter": 40, "polish_iter": 10, **parameters})


@pytest.fixture(scope="module")
def fitted():
    return estimator().fit(SPACES)


class TestResult:
    def test_attributes_describe_the_clusters(self, fitted):
        assert adjusted_rand_score(Y, fitted.labels_) > 0.9
        assert fitted.labels_.dtype == np.int32
        assert [coef.shape for coef in fitted.coef_] == [(4, 12), (4, 8)]
        assert [intercept.shape for intercept in fitted.intercept_] == [(4,), (4,)]
        assert fitted.n_iter_ == len(fitted.loss_curve_) > 40
        assert fitted.restart_loss_curves_.shape == (40, 8)
        assert fitted.agreement_.shape == (8, 8)
        assert fitted.n_features_in_ == 20
        assert fitted.space_names_ == ["space0", "space1"]
        assert 0.5 < fitted.stability_ <= 1

    def test_fit_predict_returns_the_labels(self, fitted):
        assert_array_equal(estimator().fit_predict(SPACES), fitted.labels_)

    def test_new_samples_are_assigned(self):
        turtle = estimator().fit([x[:120] for x in SPACES])
        assert adjusted_rand_score(Y, turtle.predict(SPACES)) > 0.9

    # the small cluster may be empty
    @pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
    def test_the_largest_cluster_comes_first(self):
        rng = np.random.default_rng(0)
        centers = np.repeat(rng.normal(size=(3, 5)) * 10, [20, 120, 60], axis=0)
        unequal = centers + rng.normal(size=centers.shape)
        sizes = np.bincount(estimator(n_clusters=3, gamma=1.0).fit(unequal).labels_)
        assert list(sizes) == sorted(sizes, reverse=True)

    def test_empty_clusters_come_last(self):
        distinct = np.random.default_rng(0).normal(size=(3, 2)).round()
        repeated = np.tile(distinct, (10, 1))  # three distinct rows cannot fill six clusters
        with pytest.warns(ConvergenceWarning, match=r"[345] of 6 clusters are empty"):
            labels = estimator(n_clusters=6).fit(repeated).labels_
        assert_array_equal(np.unique(labels), np.arange(labels.max() + 1))

    # a single restart may leave a cluster empty
    @pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
    def test_a_single_restart_has_no_stability(self):
        turtle = estimator(n_init=1).fit(SPACES)
        assert turtle.coef_[0].shape == (4, 12)
        assert np.isnan(turtle.stability_)
        assert turtle.temperature_ == 1

    def test_a_single_cluster_holds_all_samples(self):
        assert set(estimator(n_clusters=1).fit(SPACES).labels_) == {0}

    def test_state_is_numpy_and_plain_python(self, fitted):
        def leaves(value):
            if isinstance(value, (list, tuple)):
                for entry in value:
                    yield from leaves(entry)
            else:
                yield value

        for name in vars(fitted).keys() - fitted.get_params().keys():
            for leaf in leaves(vars(fitted)[name]):
                assert isinstance(leaf, (np.ndarray, str, int, float, slice))

    def test_pickle_and_joblib_keep_the_fit(self, fitted, tmp_path):
        joblib.dump(fitted, tmp_path / "turtle")
        for restored in (pickle.loads(pickle.dumps(fitted)), joblib.load(tmp_path / "turtle")):
            assert_array_equal(restored.predict_proba(SPACES), fitted.predict_proba(SPACES))

    def test_clones_are_not_fitted(self, fitted):
        copy = clone(fitted)
        assert copy.get_params() == fitted.get_params()
        assert not [name for name in vars(copy) if name.endswith("_")]


class TestRandomState:
    def test_an_integer_determines_every_bit(self):
        first, second, other = (
            estimator(random_state=seed, batch_size=50).fit(SPACES) for seed in (3, 3, 4)
        )
        for a, b in zip(first.coef_, second.coef_, strict=True):
            assert_array_equal(a, b)
        assert not np.array_equal(first.coef_[0], other.coef_[0])

    def test_a_generator_advances(self):
        rng = np.random.RandomState(0)
        turtle = estimator(random_state=rng)
        first, second = (turtle.fit(SPACES).coef_[0] for _ in range(2))
        assert not np.array_equal(first, second)

    def test_global_state_does_not_change(self):
        def global_state():
            return (
                random.getstate(),
                np.random.get_state()[1].tolist(),  # noqa: NPY002
                torch.get_rng_state().tolist(),
                torch.get_num_threads(),
                torch.get_default_dtype(),
                torch.is_grad_enabled(),
            )

        before = global_state()
        estimator(batch_size=50).fit(SPACES).predict(SPACES)
        assert global_state() == before


def read_only(x):
    x = x.copy()
    x.flags.writeable = False
    return x


class TestInput:
    # features that are not scaled may leave a cluster empty
    @pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
    @pytest.mark.parametrize("n_components", [None, 512])
    def test_input_does_not_change(self, n_components):
        features = [x.copy() for x in SPACES]
        turtle = estimator(scaling=None, n_components=n_components, batch_size=10**6)
        turtle.fit(features).predict(features)
        for x, original in zip(features, SPACES, strict=True):
            assert_array_equal(x, original)

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
    def test_matrices_of_every_kind(self, convert, stacked):
        features = convert(X) if stacked else [convert(x) for x in SPACES]
        turtle = estimator(spaces=WIDTHS if stacked else None)
        turtle.fit(features)
        assert adjusted_rand_score(Y, turtle.labels_) > 0.9
        assert_array_equal(turtle.predict(features), turtle.labels_)
        assert type(turtle.labels_) is np.ndarray

    def test_read_only_memory_maps(self, fitted, tmp_path):
        mapped = []
        for k, x in enumerate(SPACES):
            np.save(tmp_path / f"{k}.npy", x)
            mapped.append(np.load(tmp_path / f"{k}.npy", mmap_mode="r"))
        turtle = estimator().fit(mapped)
        assert adjusted_rand_score(fitted.labels_, turtle.labels_) > 0.98
        assert_array_equal(turtle.predict(mapped), turtle.labels_)

    @pytest.mark.parametrize(
        ("spaces", "matrices"),
        [
            (None, tuple(SPACES)),
            (None, dict(zip("ab", SPACES, strict=True))),
            (WIDTHS, X),
            ([slice(0, 12), list(range(12, 20))], X),
            ({"a": slice(12), "b": slice(12, None)}, X),
            ("prefix", FRAME),
            ({"a": list(FRAME.columns[:12]), "b": list(FRAME.columns[12:])}, FRAME),
        ],
        ids=["tuple", "dict", "widths", "columns", "named columns", "prefix", "names"],
    )
    def test_spaces_may_be_given_in_many_ways(self, spaces, matrices):
        turtle = estimator(spaces=spaces).fit(matrices)
        assert [coef.shape for coef in turtle.coef_] == [(4, 12), (4, 8)]
        assert adjusted_rand_score(Y, turtle.labels_) > 0.9
        assert_array_equal(turtle.predict(matrices), turtle.labels_)

    @pytest.mark.parametrize("n_spaces", [1, 2, 3, 5])
    def test_any_number_of_spaces(self, n_spaces):
        turtle = estimator().fit([SPACES[k % 2] for k in range(n_spaces)])
        assert len(turtle.coef_) == n_spaces
        assert adjusted_rand_score(Y, turtle.labels_) > 0.9

    @pytest.mark.parametrize("device", DEVICES)
    def test_tensors_on_a_device(self, fitted, device):
        tensors = [torch.from_numpy(x).to(device) for x in SPACES]
        turtle = estimator(device=device).fit(tensors)
        assert adjusted_rand_score(turtle.labels_, fitted.labels_) > 0.98
        assert_array_equal(turtle.predict(tensors), turtle.labels_)

    def test_rows_in_small_chunks(self, fitted, monkeypatch):
        monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 300)
        turtle = estimator().fit(SPACES)
        assert adjusted_rand_score(turtle.labels_, fitted.labels_) > 0.98


class TestScaling:
    @pytest.mark.parametrize("norm", ["unit", "large", "shifted", "tiny", "huge"])
    def test_features_of_any_norm(self, norm):
        features = SPACES
        if norm == "unit":
            features = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in features]
        factor = np.float32({"large": 1e3, "tiny": 1e-30, "huge": 1e30}.get(norm, 1))
        shift = np.float32(100 if norm == "shifted" else 0)
        turtle = estimator().fit([x * factor + shift for x in features])
        assert adjusted_rand_score(Y, turtle.labels_) > 0.9

    @pytest.mark.parametrize("factor", [1e-200, 1e200])
    def test_float64_features_beyond_the_range_of_float32(self, factor):
        turtle = estimator().fit([x.astype(np.float64) * factor for x in SPACES])
        assert adjusted_rand_score(Y, turtle.labels_) > 0.9
        assert all(np.isfinite(coef).all() for coef in turtle.coef_)

    def test_scale_and_shift_do_not_matter(self, fitted):
        moved = [x.astype(np.float64) * 8 + 3 for x in SPACES]
        # rounding may move a sample, and then clusters of nearly equal size swap their numbers
        assert adjusted_rand_score(estimator().fit(moved).labels_, fitted.labels_) > 0.97


class TestParameters:
    @pytest.mark.parametrize(
        "parameters",
        [
            {"inner_start": "cold", "inner_lr": 0.01},
            {"inner_start": "warm"},
            {"inner_steps": 3},
            {"schedule": "constant"},
            {"n_components": 5},
            {"n_components": None},
            {"precision": "bfloat16"},
            {"polish_iter": 0},
        ],
        ids=str,
    )
    def test_other_settings_find_the_clusters_too(self, parameters):
        assert adjusted_rand_score(Y, estimator(**parameters).fit(SPACES).labels_) > 0.9

    def test_components_limit_the_rank_of_the_coefficients(self):
        turtle = estimator(n_components=3, polish_iter=0).fit(SPACES)
        for coef in turtle.coef_:
            assert np.linalg.matrix_rank(coef, tol=1e-4 * np.abs(coef).max()) <= 3

    def test_calibration_changes_probabilities_only(self):
        digits = load_digits().data[:500]  # on which restarts disagree
        parameters = {"n_clusters": 10, "max_iter": 60}
        calibrated, raw = (
            estimator(calibrate=calibrate, **parameters).fit(digits) for calibrate in (True, False)
        )
        assert calibrated.temperature_ != 1 == raw.temperature_
        assert_array_equal(calibrated.labels_, raw.labels_)
        certainties = [turtle.predict_proba(digits).max(1).mean() for turtle in (calibrated, raw)]
        assert (certainties[0] < certainties[1]) == (calibrated.temperature_ > 1)
        assert certainties[0] != pytest.approx(certainties[1], abs=1e-3)

    @pytest.mark.parametrize("name", list(estimator().get_params()))
    def test_invalid_values_are_refused(self, name):
        turtle = estimator().set_params(**{name: object()})
        with pytest.raises(ValueError, match=f"The '{name}' parameter of TurtleClustering"):
            turtle.fit(SPACES)
        assert not hasattr(turtle, "labels_")


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
def test_any_data_give_a_complete_model(n_samples, widths, n_clusters, dtype, seed):
    rng = np.random.default_rng(seed)
    spaces = [(rng.normal(size=(n_samples, width)) * 20).astype(dtype) for width in widths]
    turtle = estimator(n_clusters=n_clusters, max_iter=3, polish_iter=3, random_state=seed)
    labels = turtle.fit(spaces).labels_
    assert labels.shape == (n_samples,)
    assert_array_equal(np.unique(labels), np.arange(labels.max() + 1))
    assert (np.diff(np.bincount(labels)) <= 0).all()
    probabilities = turtle.predict_proba(spaces)
    assert np.isfinite(probabilities).all()
    assert_array_equal(probabilities.argmax(1), labels)
    assert_array_equal(turtle.predict(stack_spaces(spaces)[0]), labels)
