"""The help texts match the parameters of the estimator, in the same order."""

import inspect

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli.parameters import PARAMETER_GROUPS
from tests.support.command_line import NOT_SETTINGS

NAMES = [name for group in PARAMETER_GROUPS for name in group.help_texts]


def test_every_parameter_has_one_text_and_every_text_a_parameter():
    parameters = inspect.signature(TurtleClustering).parameters
    assert [name for name in parameters if name not in NOT_SETTINGS] == NAMES


def test_texts_are_one_line():
    for group in PARAMETER_GROUPS:
        for text in group.help_texts.values():
            assert "\n" not in text
            assert len(text) > 20
