"""Saved estimators: what comes back, and what is refused."""

import json
import pickle
from pathlib import Path
from tempfile import TemporaryDirectory

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import save_file
from sklearn.exceptions import NotFittedError

import sklearn_turtle
from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle.persistence import _model_file
from sklearn_turtle.persistence._container import read_container, write_container
from sklearn_turtle.persistence._values import decode, encode
from tests.support.traps import Trap
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()
X, WIDTHS = stack_spaces(SPACES)
# what the first version that saves wrote, and what it predicted: every later version reads it
OF_FIRST_VERSION = Path(__file__).parent / "format_1.safetensors"


@pytest.fixture(scope="module")
def turtle():
    return small_turtle(n_init=4, max_iter=50, polish_iter=0).fit(
        {"clip": SPACES[0], "dino": SPACES[1]}
    )


@pytest.fixture
def path(tmp_path, turtle):
    turtle.save(tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


def assert_same(back, turtle):
    assert type(back) is type(turtle)
    assert set(vars(back)) == set(vars(turtle))
    assert joblib.hash(vars(back)) == joblib.hash(vars(turtle))
    np.testing.assert_array_equal(back.predict_proba(X), turtle.predict_proba(X))


def test_everything_comes_back(path, turtle):
    assert_same(TurtleClustering.load(path), turtle)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_one_space_of_names(tmp_path, dtype):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X.astype(dtype), columns=[f"c{j}" for j in range(20)])
    columns = {"odd": ["c1", "c5", "c3"], "rest": slice(6, None)}
    turtle = small_turtle(n_init=1, max_iter=20, polish_iter=0, spaces=columns).fit(frame)
    turtle.save(tmp_path / "m.safetensors")
    back = TurtleClustering.load(tmp_path / "m.safetensors")
    assert back.spaces == columns
    assert [str(names) for names in back.feature_names_in_] == list(frame.columns)
    np.testing.assert_array_equal(back.predict_proba(frame), turtle.predict_proba(frame))
    assert back.predict_proba(frame).dtype == turtle.predict_proba(frame).dtype


def test_estimator_of_a_released_label_file(tmp_path, turtle):
    sklearn_turtle.persistence.save_labeling(turtle, tmp_path / "m.pt")
    released = TurtleClustering.from_labeling(tmp_path / "m.pt")
    released.save(tmp_path / "m.safetensors")
    assert_same(TurtleClustering.load(tmp_path / "m.safetensors"), released)


def test_single_restart_has_no_stability(tmp_path):
    turtle = small_turtle(n_init=1, max_iter=20, polish_iter=0).fit(SPACES)
    turtle.save(tmp_path / "m.safetensors")
    assert np.isnan(TurtleClustering.load(tmp_path / "m.safetensors").stability_)


def test_header_tells_what_the_file_holds(path):
    with safe_open(path, framework="np") as file:
        metadata = file.metadata()
    content = json.loads(metadata["content"])
    assert metadata["format_version"] == "1"
    assert content["library_version"] == sklearn_turtle.__version__
    assert content["parameters"]["n_clusters"] == 4
    assert [(space["name"], space["width"]) for space in content["spaces"]] == [
        ("clip", 12),
        ("dino", 8),
    ]


def test_fit_goes_on_after_loading(path, turtle):
    assert_same(TurtleClustering.load(path).fit({"clip": SPACES[0], "dino": SPACES[1]}), turtle)


def test_device_that_is_not_there(path, turtle, tmp_path):
    content, arrays = read_container(path, _model_file.KIND, 1)
    content["parameters"]["device"] = "cuda:77"
    write_container(tmp_path / "cuda", _model_file.KIND, 1, content, arrays)
    back = TurtleClustering.load(tmp_path / "cuda")
    np.testing.assert_array_equal(back.predict(SPACES), turtle.labels_)


def test_file_of_the_first_version():
    expected = np.load(OF_FIRST_VERSION.with_suffix(".npz"))
    turtle = TurtleClustering.load(OF_FIRST_VERSION)
    assert turtle.space_names_ == ["clip", "dino"]
    assert turtle.get_params()["gamma"] == 7.5
    probabilities = turtle.predict_proba([expected["clip"], expected["dino"]])
    np.testing.assert_allclose(probabilities, expected["probabilities"], atol=1e-6)
    np.testing.assert_array_equal(turtle.labels_, expected["labels"])


class TestRefused:
    def test_every_truncation(self, path):
        whole = path.read_bytes()
        for size in {0, 1, 7, 8, 9, 100, len(whole) // 2, len(whole) - 1}:
            path.write_bytes(whole[:size])
            with pytest.raises(ValueError, match=r"model\.safetensors: is no safetensors file"):
                TurtleClustering.load(path)

    @given(st.data())
    def test_any_flipped_bit(self, data):
        flipped = bytearray(OF_FIRST_VERSION.read_bytes())
        position = data.draw(st.integers(0, len(flipped) - 1))
        flipped[position] ^= 1 << data.draw(st.integers(0, 7))
        with TemporaryDirectory() as folder:
            path = Path(folder, "flipped")
            path.write_bytes(flipped)
            with pytest.raises(ValueError, match="/flipped: "):
                TurtleClustering.load(path)

    @pytest.mark.parametrize("dump", [pickle.dump, joblib.dump])
    def test_pickle_is_not_run(self, tmp_path, dump):
        with open(tmp_path / "m.safetensors", "wb") as file:
            dump(Trap(str(tmp_path / "sprung")), file)
        with pytest.raises(ValueError, match=r"m\.safetensors: .* could run code"):
            TurtleClustering.load(tmp_path / "m.safetensors")
        assert not (tmp_path / "sprung").exists()

    def test_foreign_safetensors(self, tmp_path):
        save_file({"weight": np.ones(3)}, tmp_path / "m.safetensors")
        with pytest.raises(ValueError, match=r"m\.safetensors: is a safetensors file, but no"):
            TurtleClustering.load(tmp_path / "m.safetensors")

    def test_later_format(self, tmp_path):
        write_container(tmp_path / "m", _model_file.KIND, 2, {}, {"a": np.ones(2)})
        with pytest.raises(ValueError, match=r"/m: is of version 2 .* update sklearn-turtle"):
            TurtleClustering.load(tmp_path / "m")

    def test_missing(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="nowhere"):
            TurtleClustering.load(tmp_path / "nowhere")

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (lambda content, arrays: arrays.pop("coef_.1"), "coef_.1"),
            (lambda content, arrays: content.pop("spaces"), "spaces"),
            (lambda content, arrays: content["spaces"][1].update(width=3), "do not fit"),
            (lambda content, arrays: content.update(n_features_in_=19), "do not fit"),
            (lambda content, arrays: arrays["coef_.0"].fill(np.nan), "not finite"),
            (
                lambda content, arrays: content["parameters"].update(n_clusters=0),
                "parameters are not understood: .*n_clusters",
            ),
            (
                lambda content, arrays: content["parameters"].update(newer=1),
                "parameters are not understood: .*newer",
            ),
        ],
        ids=["array", "entry", "width", "features", "finite", "parameter", "new parameter"],
    )
    def test_contradictions(self, tmp_path, path, change, message):
        content, arrays = read_container(path, _model_file.KIND, 1)
        change(content, arrays)
        write_container(tmp_path / "m", _model_file.KIND, 1, content, arrays)
        with pytest.raises(ValueError, match=f"/m: .*{message}"):
            TurtleClustering.load(tmp_path / "m")


def test_not_fitted(tmp_path):
    with pytest.raises(NotFittedError):
        small_turtle().save(tmp_path / "m")
    assert not list(tmp_path.iterdir())


def test_parameter_that_cannot_be_saved(tmp_path, turtle):
    odd = pickle.loads(pickle.dumps(turtle)).set_params(verbose=object())
    with pytest.raises(TypeError, match="The parameter verbose cannot be saved"):
        odd.save(tmp_path / "m")


def test_pickle_and_joblib(tmp_path, turtle):
    joblib.dump(turtle, tmp_path / "m.joblib")
    for back in (pickle.loads(pickle.dumps(turtle)), joblib.load(tmp_path / "m.joblib")):
        assert_same(back, turtle)


def test_skops_trusts_all_but_the_estimator_itself(turtle):
    skops_io = pytest.importorskip("skops.io")
    dumped = skops_io.dumps(turtle)
    own = skops_io.get_untrusted_types(data=dumped)
    assert own == ["sklearn_turtle._turtle.TurtleClustering"]
    back = skops_io.loads(dumped, trusted=own)
    np.testing.assert_array_equal(back.predict_proba(X), turtle.predict_proba(X))


def test_random_state_draws_what_it_would_have_drawn():
    random_state = np.random.RandomState(3)
    random_state.normal()
    back = decode(json.loads(json.dumps(encode(random_state))))
    assert back.randint(1000, size=5).tolist() == random_state.randint(1000, size=5).tolist()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
)


@given(VALUES)
def test_values_come_back(value):
    assert decode(json.loads(json.dumps(encode(value), allow_nan=False))) == value


@pytest.mark.parametrize(
    ("value", "back"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.array([0.25, 0.75]), [0.25, 0.75]),
        ((1, range(2)), [1, [0, 1]]),
        ([slice(None, np.int64(4)), slice(4, 9, 2)], [slice(None, 4), slice(4, 9, 2)]),
        ({"slice": [1]}, {"slice": [1]}),
    ],
)
def test_values_of_other_kinds(value, back):
    assert decode(json.loads(json.dumps(encode(value)))) == back
