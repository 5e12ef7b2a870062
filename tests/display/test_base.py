"""Behavior that all displays share."""

import sys

import numpy as np
import pytest

from sklearn_turtle.display import ConfidenceDisplay


def test_plot_makes_a_figure_or_draws_on_given_axes(pyplot):
    display = ConfidenceDisplay(np.array([0.2, 0.9]))
    assert display.plot() is display
    assert display.figure_ is display.ax_.figure
    figure, ax = pyplot.subplots()
    display.plot(ax)
    assert display.ax_ is ax
    assert display.figure_ is figure


def test_plot_needs_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"ConfidenceDisplay\.plot needs matplotlib"):
        ConfidenceDisplay(np.array([0.2, 0.9])).plot()
