"""The command line as a whole: exit status, streams, warnings and interruptions."""

import runpy
import sys
import warnings
from importlib.metadata import entry_points

import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli import main
from tests.support.command_line import FAST, PROGRAM


@pytest.fixture
def run_fit(folder, monkeypatch):
    """Run the command ``fit`` with a function in place of TurtleClustering.fit."""

    def run(fit):
        monkeypatch.setattr(TurtleClustering, "fit", fit)
        return main(["fit", "clip.npy", *FAST])

    return run


@pytest.mark.filterwarnings("always")
def test_warnings_are_one_line(run_fit, capsys):
    fit = TurtleClustering.fit

    def warn_and_fit(self, X, **options):
        warnings.warn("Two clusters\nare empty.", UserWarning, stacklevel=2)
        return fit(self, X, **options)

    assert run_fit(warn_and_fit) == 0
    assert capsys.readouterr().err == f"{PROGRAM}: warning: Two clusters are empty.\n"


def test_interruption(run_fit, capsys):
    def interrupt(self, X, **options):
        raise KeyboardInterrupt

    assert run_fit(interrupt) == 130
    assert "interrupted" in capsys.readouterr().err


def test_bugs_are_not_hidden(run_fit):
    def fail(self, X, **options):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_fit(fail)


def test_installed_command():
    (entry,) = entry_points(group="console_scripts", name="sklearn-turtle")
    assert entry.load() is main


def test_python_dash_m(folder, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["sklearn_turtle", "fit", "none.npy", "-k", "4"])
    # runpy warns if the module that it runs is already imported
    monkeypatch.delitem(sys.modules, "sklearn_turtle.__main__", raising=False)
    with pytest.raises(SystemExit) as end:
        runpy.run_module("sklearn_turtle", run_name="__main__")
    assert end.value.code == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == f"{PROGRAM}: error: none.npy: there is no such file\n"
