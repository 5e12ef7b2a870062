"""A clustering as one HTML page, which opens without a network."""

from sklearn_turtle.report._write import write_report

__all__ = ["write_report"]
