"""The options for the parameters of the estimator."""

import argparse
import inspect

import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli.parameters import PARAMETER_GROUPS
from sklearn_turtle._cli.settings import add_setting_options, given_settings, parse_value
from tests.support.command_line import NOT_SETTINGS


@pytest.fixture
def parser():
    parser = argparse.ArgumentParser()
    add_setting_options(parser)
    return parser


def options_of(parser):
    return {action.dest: action for action in parser._actions if action.dest != "help"}


def test_every_parameter_has_an_option(parser):
    parameters = set(inspect.signature(TurtleClustering).parameters)
    assert set(options_of(parser)) == parameters - set(NOT_SETTINGS)


def test_every_option_shows_its_default(parser):
    parameters = inspect.signature(TurtleClustering).parameters
    for name, option in options_of(parser).items():
        text, _, default = option.help.removesuffix(")").rpartition(" (default: ")
        assert text
        assert parse_value(default) == parameters[name].default


def test_options_are_shown_in_groups(parser):
    shown = parser.format_help()
    titles = [group.title for group in PARAMETER_GROUPS]
    positions = [shown.index(f"{title}:") for title in titles]
    assert positions == sorted(positions)
    assert positions[0] < shown.index("  --random-state") < positions[1]
    assert positions[1] < shown.index("  --n-init") < positions[2]
    assert positions[2] < shown.index("  --gamma")


def test_options_can_be_left_out():
    parser = argparse.ArgumentParser()
    add_setting_options(parser, leave_out=["verbose"])
    assert "verbose" not in options_of(parser)
    assert "gamma" in options_of(parser)


def test_only_given_options_are_settings(parser):
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
