"""Labellings in the files that the authors of TURTLE release."""

from sklearn_turtle.labelings._files import load_labeling, save_labeling

__all__ = ["load_labeling", "save_labeling"]
