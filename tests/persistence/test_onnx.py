"""The exported model predicts what the estimator does."""

import numpy as np
import pytest

from sklearn_turtle.persistence import export_onnx
from tests.support.two_spaces import small_turtle, two_spaces

onnxruntime = pytest.importorskip("onnxruntime")
SPACES, _ = two_spaces()


@pytest.mark.parametrize("n_spaces", [1, 2])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_predictions(tmp_path, n_spaces, dtype):
    spaces = {f"model {k}": SPACES[k].astype(dtype) for k in range(n_spaces)}
    turtle = small_turtle(n_init=4, max_iter=12, polish_iter=0).fit(spaces)
    turtle.temperature_ = 1.7  # restarts that agree have none
    export_onnx(turtle, tmp_path / "m.onnx", dtype=dtype)
    labels, probabilities = onnxruntime.InferenceSession(tmp_path / "m.onnx").run(None, spaces)
    expected = turtle.predict_proba(spaces)
    assert probabilities.dtype == expected.dtype
    assert labels.dtype == np.int32
    np.testing.assert_allclose(probabilities, expected, atol=1e-5, rtol=0)
    np.testing.assert_array_equal(labels, turtle.predict(spaces))


def test_certain_probabilities_stay_finite(tmp_path):
    turtle = small_turtle(n_init=1, max_iter=12, polish_iter=0).fit(SPACES[0])
    turtle.temperature_ = 2.0
    X = SPACES[0] * np.float32(1e4)
    export_onnx(turtle, tmp_path / "m.onnx")
    (probabilities,) = onnxruntime.InferenceSession(tmp_path / "m.onnx").run(
        ["probabilities"], {"space0": X}
    )
    expected = turtle.predict_proba(X)
    certain = expected.max(1) > 1 - 1e-6
    assert certain.mean() > 0.9
    np.testing.assert_allclose(probabilities[certain], expected[certain], atol=1e-5, rtol=0)
    # between two clusters, the rounding of logits of some 1e4 shows, which is some 1e-3
    np.testing.assert_allclose(probabilities, expected, atol=1e-3, rtol=0)


def test_any_number_of_rows(tmp_path):
    turtle = small_turtle(n_init=1, max_iter=12, polish_iter=0).fit(SPACES[0])
    export_onnx(turtle, tmp_path / "m.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "m.onnx")
    for n_rows in (1, 7):
        (labels,) = session.run(["labels"], {"space0": SPACES[0][:n_rows]})
        np.testing.assert_array_equal(labels, turtle.labels_[:n_rows])


def test_refused(tmp_path):
    turtle = small_turtle(n_init=1, max_iter=12, polish_iter=0).fit({"labels": SPACES[0]})
    with pytest.raises(ValueError, match=r"name of an output of the model: \['labels'\]"):
        export_onnx(turtle, tmp_path / "m.onnx")
    with pytest.raises(ValueError, match="dtype='int8' must be one of float16"):
        export_onnx(turtle, tmp_path / "m.onnx", dtype="int8")
    assert not list(tmp_path.iterdir())
