"""The labeling as an ONNX model."""

import numpy as np
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._extras import import_extra

# Operator set 13 is the first of today's softmax, and old enough for any runtime in use; version 8
# of the file format came with it or soon after.
OPSET = 13
IR_VERSION = 8
DTYPES = ("float16", "float32", "float64")

OUTPUTS = ("labels", "probabilities")
# What stands before the names inside the graph, which must differ from those of the spaces.
INNER = "TurtleClustering/"


def export_onnx(estimator, path, *, dtype="float32"):
    """Write the predictions of an estimator to an ONNX file, which needs no Python to run.

    The file is written atomically: where that fails, a file that was there before is left as it
    was.

    Parameters
    ----------
    estimator : TurtleClustering
        Fitted.
    path : str or path-like
        The file; its name ends in ``.onnx`` by convention.
    dtype : {"float16", "float32", "float64"}, default="float32"
        Dtype of the features that the model takes. It computes in float64 for features of
        float64, else in float32, as ``predict_proba`` does.

    Raises
    ------
    ImportError
        If onnx is not installed.
    sklearn.exceptions.NotFittedError
        If the estimator is not fitted.
    ValueError
        If ``dtype`` is none of the three, or a space has the name of an output.
    OSError
        If the file cannot be written.

    See Also
    --------
    sklearn_turtle.TurtleClustering.save : Keep the whole estimator.

    Notes
    -----
    The model has one input a space, of shape (n_samples, n_features of the space) and under the
    name of the space, and the outputs ``labels`` of shape (n_samples,), int32, and
    ``probabilities`` of shape (n_samples, n_clusters). It does not check that features are finite.

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
    if dtype not in DTYPES:
        raise ValueError(f"dtype={dtype!r} must be one of {', '.join(DTYPES)}.")
    taken = set(OUTPUTS) & set(estimator.space_names_)
    if taken:
        raise ValueError(f"A space has the name of an output of the model: {sorted(taken)}.")
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


def _graph(onnx, estimator, dtype):
    """Eq. 9 and the temperature as nodes of a graph."""
    computed = np.dtype("float64" if dtype == "float64" else "float32")
    onnx_type = onnx.helper.np_dtype_to_tensor_dtype
    nodes, constants = [], []

    def constant(name, value):
        value = np.asarray(value, dtype=computed)
        constants.append(onnx.numpy_helper.from_array(value, f"{INNER}{name}"))
        return constants[-1].name

    def node(operator, inputs, output, **attributes):
        output = output if output in OUTPUTS else f"{INNER}{output}"
        nodes.append(onnx.helper.make_node(operator, inputs, [output], **attributes))
        return output

    of_spaces = []
    for k, (name, coef, intercept) in enumerate(
        zip(estimator.space_names_, estimator.coef_, estimator.intercept_, strict=True)
    ):
        features = node("Cast", [name], f"features {k}", to=onnx_type(computed))
        inputs = [features, constant(f"coef {k}", coef), constant(f"intercept {k}", intercept)]
        logits = node("Gemm", inputs, f"logits {k}", transB=1)
        of_spaces.append(node("Softmax", [logits], f"probabilities {k}", axis=1))
    # runtimes have no Mean of float64
    total = node("Sum", of_spaces, "sum over the spaces")
    mean = node("Div", [total, constant("number of spaces", len(of_spaces))], "mean")
    tiny = constant("tiny", np.finfo(computed).tiny)
    log = node("Log", [node("Max", [mean, tiny], "at least tiny")], "logarithms")
    temperature = constant("temperature", estimator.temperature_)
    probabilities = node(
        "Softmax", [node("Div", [log, temperature], "tempered")], "probabilities", axis=1
    )
    label = node("ArgMax", [probabilities], "label", axis=1, keepdims=0)
    node("Cast", [label], "labels", to=onnx.TensorProto.INT32)
    return onnx.helper.make_graph(
        nodes,
        "TurtleClustering",
        [
            onnx.helper.make_tensor_value_info(
                name, onnx_type(np.dtype(dtype)), ["n_samples", coef.shape[1]]
            )
            for name, coef in zip(estimator.space_names_, estimator.coef_, strict=True)
        ],
        [
            onnx.helper.make_tensor_value_info("labels", onnx.TensorProto.INT32, ["n_samples"]),
            onnx.helper.make_tensor_value_info(
                "probabilities", onnx_type(computed), ["n_samples", len(coef)]
            ),
        ],
        constants,
    )
