"""Fitted estimators and fits in progress, in files that hold no code."""

from sklearn_turtle.persistence._onnx import export_onnx

__all__ = ["export_onnx"]
