"""Report on a clustering: one HTML page that opens without a network."""

from sklearn_turtle.report._write import write_report

__all__ = ["write_report"]
