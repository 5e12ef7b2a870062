"""Saved estimators."""

import json
import pickle
from pathlib import Path
from tempfile import TemporaryDirectory

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from sklearn.exceptions import NotFittedError

import sklearn_turtle
from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle.persistence import _model_file, save_labeling
from sklearn_turtle.persistence._container import read_container, write_container
from tests.support.traps import Trap
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()
X, WIDTHS = stack_spaces(SPACES)
# A file from the first version with this format, and its predictions. All later versions read it.
OF_FIRST_VERSION = Path(__file__).parent / "format_1.safetensors"


@pytest.fixture(scope="module")
def saved(tmp_path_factory, turtle):
    path = tmp_path_factory.mktemp("saved") / "model.safetensors"
    turtle.save(path)
    return path


def assert_same(loaded, turtle):
    assert type(loaded) is type(turtle)
    assert set(vars(loaded)) == set(vars(turtle))
    assert joblib.hash(vars(loaded)) == joblib.hash(vars(turtle))
    np.testing.assert_array_equal(loaded.predict_proba(X), turtle.predict_proba(X))


def test_round_trip(saved, turtle):
    assert_same(TurtleClustering.load(saved), turtle)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_columns_by_name(tmp_path, dtype):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X.astype(dtype), columns=[f"c{j}" for j in range(20)])
    columns = {"odd": ["c1", "c5", "c3"], "rest": slice(6, None)}
    turtle = small_turtle(n_init=1, max_iter=20, polish_iter=0, spaces=columns).fit(frame)
    turtle.save(tmp_path / "m.safetensors")
    loaded = TurtleClustering.load(tmp_path / "m.safetensors")
    assert loaded.spaces == columns
    assert [str(names) for names in loaded.feature_names_in_] == list(frame.columns)
    np.testing.assert_array_equal(loaded.predict_proba(frame), turtle.predict_proba(frame))
    assert loaded.predict_proba(frame).dtype == turtle.predict_proba(frame).dtype


def test_estimator_from_label_file(tmp_path, turtle):
    save_labeling(turtle, tmp_path / "m.pt")
    released = TurtleClustering.from_labeling(tmp_path / "m.pt")
    released.save(tmp_path / "m.safetensors")
    assert_same(TurtleClustering.load(tmp_path / "m.safetensors"), released)


def test_single_restart_has_no_stability(tmp_path):
    turtle = small_turtle(n_init=1, max_iter=20, polish_iter=0).fit(SPACES)
    turtle.save(tmp_path / "m.safetensors")
    assert np.isnan(TurtleClustering.load(tmp_path / "m.safetensors").stability_)


def test_header(saved):
    with safe_open(saved, framework="np") as file:
        metadata = file.metadata()
    content = json.loads(metadata["content"])
    assert metadata["format_version"] == "1"
    assert content["library_version"] == sklearn_turtle.__version__
    assert content["parameters"]["n_clusters"] == 4
    assert [(space["name"], space["width"]) for space in content["spaces"]] == [
        ("clip", 12),
        ("dino", 8),
    ]


def test_fit_after_loading(saved, turtle):
    assert_same(TurtleClustering.load(saved).fit({"clip": SPACES[0], "dino": SPACES[1]}), turtle)


def test_missing_device(saved, turtle, tmp_path):
    content, arrays = read_container(saved, _model_file.KIND, 1)
    content["parameters"]["device"] = "cuda:77"
    write_container(tmp_path / "cuda", _model_file.KIND, 1, content, arrays)
    loaded = TurtleClustering.load(tmp_path / "cuda")
    np.testing.assert_array_equal(loaded.predict(SPACES), turtle.labels_)


def test_file_of_first_version():
    expected = np.load(OF_FIRST_VERSION.with_suffix(".npz"))
    turtle = TurtleClustering.load(OF_FIRST_VERSION)
    assert turtle.space_names_ == ["clip", "dino"]
    assert turtle.get_params()["gamma"] == 7.5
    probabilities = turtle.predict_proba([expected["clip"], expected["dino"]])
    np.testing.assert_allclose(probabilities, expected["probabilities"], atol=1e-6)
    np.testing.assert_array_equal(turtle.labels_, expected["labels"])


class TestErrors:
    def test_truncated_file(self, saved, tmp_path):
        path = tmp_path / "m.safetensors"
        path.write_bytes(saved.read_bytes()[:-1])
        with pytest.raises(ValueError, match=r"m\.safetensors: not a safetensors file, or a dam"):
            TurtleClustering.load(path)

    @settings(deadline=None, max_examples=30)
    @given(st.data())
    def test_flipped_bit(self, data):
        flipped = bytearray(OF_FIRST_VERSION.read_bytes())
        position = data.draw(st.integers(0, len(flipped) - 1))
        flipped[position] ^= 1 << data.draw(st.integers(0, 7))
        with TemporaryDirectory() as folder:
            path = Path(folder, "flipped")
            path.write_bytes(flipped)
            with pytest.raises(ValueError, match="/flipped: "):
                TurtleClustering.load(path)

    @pytest.mark.parametrize("dump", [pickle.dump, joblib.dump])
    def test_pickle_is_not_loaded(self, tmp_path, dump):
        with open(tmp_path / "m.safetensors", "wb") as file:
            dump(Trap(str(tmp_path / "sprung")), file)
        with pytest.raises(ValueError, match=r"m\.safetensors: .* could run code"):
            TurtleClustering.load(tmp_path / "m.safetensors")
        assert not (tmp_path / "sprung").exists()

    def test_missing_file(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="nowhere"):
            TurtleClustering.load(tmp_path / "nowhere")

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (lambda content, arrays: arrays.pop("coef_.1"), "coef_.1"),
            (lambda content, arrays: content.pop("spaces"), "spaces"),
            (
                lambda content, arrays: content["spaces"][1].update(width=3),
                "inconsistent shapes in space 'dino'",
            ),
            (
                lambda content, arrays: content.update(n_features_in_=19),
                "inconsistent shapes in space 'dino'",
            ),
            (
                lambda content, arrays: arrays["coef_.0"].fill(np.nan),
                "coefficients of space 'clip' are not finite",
            ),
            (lambda content, arrays: content["parameters"].update(n_clusters=0), "n_clusters"),
            (lambda content, arrays: content["parameters"].update(newer=1), "newer"),
        ],
        ids=["array", "entry", "width", "features", "finite", "parameter", "new parameter"],
    )
    def test_inconsistent_content(self, tmp_path, saved, change, message):
        content, arrays = read_container(saved, _model_file.KIND, 1)
        change(content, arrays)
        write_container(tmp_path / "m", _model_file.KIND, 1, content, arrays)
        with pytest.raises(ValueError, match=f"/m: .*{message}"):
            TurtleClustering.load(tmp_path / "m")

    def test_not_fitted(self, tmp_path):
        with pytest.raises(NotFittedError):
            small_turtle().save(tmp_path / "m")
        assert not list(tmp_path.iterdir())

    def test_parameter_of_unsupported_type(self, tmp_path, turtle):
        odd = pickle.loads(pickle.dumps(turtle)).set_params(verbose=object())
        with pytest.raises(TypeError, match="cannot save the parameter verbose: unsupported type"):
            odd.save(tmp_path / "m")
        assert not list(tmp_path.iterdir())


def test_pickle_and_joblib(tmp_path, turtle):
    joblib.dump(turtle, tmp_path / "m.joblib")
    for loaded in (pickle.loads(pickle.dumps(turtle)), joblib.load(tmp_path / "m.joblib")):
        assert_same(loaded, turtle)


def test_only_the_estimator_is_untrusted_in_skops(turtle):
    skops_io = pytest.importorskip("skops.io")
    dumped = skops_io.dumps(turtle)
    untrusted = skops_io.get_untrusted_types(data=dumped)
    assert untrusted == ["sklearn_turtle._turtle.TurtleClustering"]
    loaded = skops_io.loads(dumped, trusted=untrusted)
    np.testing.assert_array_equal(loaded.predict_proba(X), turtle.predict_proba(X))
