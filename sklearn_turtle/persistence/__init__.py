"""Save fitted estimators in files without code, and read the label files of the paper."""

from sklearn_turtle.persistence._label_files import load_labeling, save_labeling
from sklearn_turtle.persistence._onnx import export_onnx

__all__ = ["export_onnx", "load_labeling", "save_labeling"]
