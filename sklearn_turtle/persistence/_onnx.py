"""Export a labeling as an ONNX model."""

import os
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._extras import import_extra

# Operator set 13 introduced the present softmax. It and version 8 of the file format are old enough
# for every runtime in use.
OPSET = 13
IR_VERSION = 8
DTYPES = ("float16", "float32", "float64")

OUTPUTS = ("labels", "probabilities")
# Prefix of the names inside the graph, which must differ from the names of the spaces.
PREFIX = "TurtleClustering/"


def export_onnx(estimator: Any, path: os.PathLike[str] | str, *, dtype: str = "float32") -> None:
    """Write the predictions of an estimator to an ONNX file, which runs without Python.

    The file is written atomically: if that fails, an existing file is left unchanged.

    Parameters
    ----------
    estimator : TurtleClustering
        Fitted estimator.
    path : str or path-like
        The file. By convention, its name ends in ``.onnx``.
    dtype : {"float16", "float32", "float64"}, default="float32"
        Dtype of the features that the model takes. The model computes in float64 for float64
        features and in float32 otherwise, as ``predict_proba`` does.

    Raises
    ------
    ImportError
        If onnx is not installed.
    sklearn.exceptions.NotFittedError
        If the estimator is not fitted.
    TypeError
        If the estimator is not a TurtleClustering.
    ValueError
        If ``dtype`` is unknown, or a space has the same name as an output.
    OSError
        If the file cannot be written.

    See Also
    --------
    sklearn_turtle.TurtleClustering.save : Save the whole estimator.

    Notes
    -----
    The model has one input per space, with the name of the space and shape (n_samples, n_features
    of the space). Its outputs are ``labels`` of shape (n_samples,), int32, and ``probabilities``
    of shape (n_samples, n_clusters). It does not check that the features are finite.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import onnxruntime
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.persistence import export_onnx
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, n_init=8, random_state=0).fit(X)
    >>> with TemporaryDirectory() as folder:
    ...     export_onnx(turtle, f"{folder}/blobs.onnx")
    ...     session = onnxruntime.InferenceSession(f"{folder}/blobs.onnx")
    >>> (labels,) = session.run(["labels"], {"space0": X.astype("float32")})
    >>> bool((labels == turtle.labels_).all())
    True
    """
    check_is_fitted(estimator)
    if not hasattr(estimator, "coef_"):  # such as an EditedClustering, which is not linear
        raise TypeError(f"estimator must be a TurtleClustering, not {estimator!r}.")
    if dtype not in DTYPES:
        raise ValueError(f"unknown dtype {dtype!r}; choose from {', '.join(DTYPES)}.")
    taken = set(OUTPUTS) & set(estimator.space_names_)
    if taken:
        raise ValueError(
            f"spaces must not have the names of outputs: rename {', '.join(sorted(taken))}."
        )
    onnx = import_extra("onnx", "onnx", "onnx", "Exporting to ONNX")
    model = onnx.helper.make_model(
        _graph(onnx, estimator, dtype),
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="sklearn-turtle",
    )
    onnx.checker.check_model(model)
    with replacing(path) as file:
        file.write(model.SerializeToString())


def _graph(onnx: Any, estimator: Any, dtype: str) -> Any:
    computed = np.dtype("float64" if dtype == "float64" else "float32")
    parts = _GraphParts(onnx, computed)
    _add_predictions(parts, estimator)
    onnx_type = onnx.helper.np_dtype_to_tensor_dtype
    value_info = onnx.helper.make_tensor_value_info
    n_clusters = len(estimator.intercept_[0])
    return onnx.helper.make_graph(
        parts.nodes,
        "TurtleClustering",
        [
            value_info(name, onnx_type(np.dtype(dtype)), ["n_samples", coef.shape[1]])
            for name, coef in zip(estimator.space_names_, estimator.coef_, strict=True)
        ],
        [
            value_info("labels", onnx.TensorProto.INT32, ["n_samples"]),
            value_info("probabilities", onnx_type(computed), ["n_samples", n_clusters]),
        ],
        parts.constants,
    )


class _GraphParts:
    """Nodes and constants of a graph, in the order in which they are added.

    Parameters
    ----------
    onnx : module
        The onnx package.
    dtype : numpy dtype
        Dtype of the constants and of the computations.
    """

    def __init__(self, onnx: Any, dtype: np.dtype) -> None:
        self.onnx = onnx
        self.dtype = dtype
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: Any) -> str:
        """Add a constant and return its full name."""
        full_name = f"{PREFIX}{name}"
        value = np.asarray(value, dtype=self.dtype)
        self.constants.append(self.onnx.numpy_helper.from_array(value, full_name))
        return full_name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add an operator and return the full name of its output."""
        full_name = output if output in OUTPUTS else f"{PREFIX}{output}"
        self.nodes.append(self.onnx.helper.make_node(operator, inputs, [full_name], **attributes))
        return full_name


def _add_predictions(parts: _GraphParts, estimator: Any) -> None:
    """Add Eq. 9, the temperature and the most probable cluster."""
    constant, node = parts.constant, parts.node
    computed = parts.onnx.helper.np_dtype_to_tensor_dtype(parts.dtype)
    of_spaces = []
    for k, (name, coef, intercept) in enumerate(
        zip(estimator.space_names_, estimator.coef_, estimator.intercept_, strict=True)
    ):
        features = node("Cast", [name], f"features {k}", to=computed)
        inputs = [features, constant(f"coef {k}", coef), constant(f"intercept {k}", intercept)]
        logits = node("Gemm", inputs, f"logits {k}", transB=1)
        of_spaces.append(node("Softmax", [logits], f"probabilities {k}", axis=1))
    # Runtimes do not implement Mean for float64.
    total = node("Sum", of_spaces, "sum over the spaces")
    mean = node("Div", [total, constant("number of spaces", len(of_spaces))], "mean")
    tiny = constant("tiny", np.finfo(parts.dtype).tiny)
    log = node("Log", [node("Max", [mean, tiny], "at least tiny")], "logarithms")
    temperature = constant("temperature", estimator.temperature_)
    tempered = node("Div", [log, temperature], "tempered")
    probabilities = node("Softmax", [tempered], "probabilities", axis=1)
    label = node("ArgMax", [probabilities], "label", axis=1, keepdims=0)
    node("Cast", [label], "labels", to=parts.onnx.TensorProto.INT32)
