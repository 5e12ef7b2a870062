"""Fitted estimators in files that hold no code, and the label files of the authors of TURTLE."""

from sklearn_turtle.persistence._label_files import load_labeling, save_labeling
from sklearn_turtle.persistence._onnx import export_onnx

__all__ = ["export_onnx", "load_labeling", "save_labeling"]
