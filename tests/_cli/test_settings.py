"""The options for the parameters of the estimator."""

import argparse
import inspect

import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli.settings import (
    NOT_SETTINGS,
    add_setting_options,
    given_settings,
    parse_value,
)


@pytest.fixture
def parser():
    parser = argparse.ArgumentParser()
    add_setting_options(parser)
    return parser


def test_every_parameter_has_an_option(parser):
    options = {action.dest for action in parser._actions} - {"help"}
    assert options == set(inspect.signature(TurtleClustering).parameters) - set(NOT_SETTINGS)


def test_every_option_says_what_it_does_and_its_default(parser):
    for action in parser._actions:
        if action.dest != "help":
            default = inspect.signature(TurtleClustering).parameters[action.dest].default
            assert f"default={default}" in action.help.replace('"', "")
            assert len(action.help) > 40


def test_only_what_was_given_is_passed_on(parser):
    assert given_settings(parser.parse_args([])) == {}
    given = ["--gamma", "2", "--inner-lr", "1e-3", "--scaling", "none", "--inner-start", "warm"]
    assert given_settings(parser.parse_args(given)) == {
        "gamma": 2,
        "inner_lr": 0.001,
        "scaling": None,
        "inner_start": "warm",
    }


def test_verbose_is_a_switch(parser):
    assert given_settings(parser.parse_args(["--verbose"])) == {"verbose": 1}
    assert given_settings(parser.parse_args(["--verbose", "--verbose"])) == {"verbose": 2}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", 10),
        ("-3", -3),
        ("1e-3", 0.001),
        ("auto", "auto"),
        ("cuda:0", "cuda:0"),
        ("None", None),
        ("true", True),
        ("False", False),
    ],
)
def test_parse_value(text, value):
    parsed = parse_value(text)
    assert parsed == value
    assert type(parsed) is type(value)


def test_without_docstrings_options_are_there(monkeypatch):
    monkeypatch.setattr(TurtleClustering, "__doc__", None)  # as python -OO has it
    parser = argparse.ArgumentParser()
    add_setting_options(parser)
    assert given_settings(parser.parse_args(["--gamma", "2"])) == {"gamma": 2}
