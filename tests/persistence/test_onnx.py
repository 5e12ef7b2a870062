"""Exported ONNX models."""

import numpy as np
import pytest

from sklearn_turtle.persistence import export_onnx
from tests.support.two_spaces import small_turtle, two_spaces

onnxruntime = pytest.importorskip("onnxruntime")
SPACES, _ = two_spaces()


def run(path, outputs, spaces):
    return onnxruntime.InferenceSession(path).run(outputs, spaces)


@pytest.fixture(scope="module")
def of_one_space():
    return small_turtle(n_init=1, max_iter=12, polish_iter=0).fit(SPACES[0])


@pytest.mark.parametrize("n_spaces", [1, 2])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_predictions(tmp_path, n_spaces, dtype):
    spaces = {f"model {k}": SPACES[k].astype(dtype) for k in range(n_spaces)}
    turtle = small_turtle(n_init=4, max_iter=12, polish_iter=0).fit(spaces)
    turtle.temperature_ = 1.7
    export_onnx(turtle, tmp_path / "m.onnx", dtype=dtype)
    labels, probabilities = run(tmp_path / "m.onnx", None, spaces)
    expected = turtle.predict_proba(spaces)
    assert probabilities.dtype == expected.dtype
    assert labels.dtype == np.int32
    np.testing.assert_allclose(probabilities, expected, atol=1e-5, rtol=0)
    np.testing.assert_array_equal(labels, turtle.predict(spaces))


def test_certain_probabilities_stay_finite(tmp_path, of_one_space, monkeypatch):
    monkeypatch.setattr(of_one_space, "temperature_", 2.0)
    X = SPACES[0] * np.float32(1e4)
    export_onnx(of_one_space, tmp_path / "m.onnx")
    (probabilities,) = run(tmp_path / "m.onnx", ["probabilities"], {"space0": X})
    expected = of_one_space.predict_proba(X)
    certain = expected.max(1) > 1 - 1e-6
    assert certain.mean() > 0.9
    np.testing.assert_allclose(probabilities[certain], expected[certain], atol=1e-5, rtol=0)
    # Between two clusters, rounding of logits of about 1e4 changes probabilities by about 1e-3.
    np.testing.assert_allclose(probabilities, expected, atol=1e-3, rtol=0)


def test_any_number_of_rows(tmp_path, of_one_space):
    export_onnx(of_one_space, tmp_path / "m.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "m.onnx")
    for n_rows in (1, 7):
        (labels,) = session.run(["labels"], {"space0": SPACES[0][:n_rows]})
        np.testing.assert_array_equal(labels, of_one_space.labels_[:n_rows])


def test_errors(tmp_path, of_one_space, monkeypatch):
    with pytest.raises(ValueError, match="unknown dtype 'int8'; choose from float16"):
        export_onnx(of_one_space, tmp_path / "m.onnx", dtype="int8")
    monkeypatch.setattr(of_one_space, "space_names_", ["labels"])
    with pytest.raises(ValueError, match="must not have the names of outputs: rename labels"):
        export_onnx(of_one_space, tmp_path / "m.onnx")
    assert not list(tmp_path.iterdir())
