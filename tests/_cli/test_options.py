"""Options that several commands have."""

import argparse

import pytest

from sklearn_turtle._cli.options import add_text_format, text_format
from sklearn_turtle._io._texts import TextFormat


def parse(*arguments):
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_text_format(parser)
    return text_format(parser.parse_args(arguments))


def test_the_format_of_texts_is_recognized_by_default():
    assert parse() == TextFormat(separator=None, encoding=None)


@pytest.mark.parametrize(("given", "expected"), [(";", ";"), ("tab", "\t"), (r"\t", "\t")])
def test_separators(given, expected):
    assert parse("--separator", given, "--encoding", "latin-1") == TextFormat(expected, "latin-1")


def test_a_separator_is_one_character():
    with pytest.raises(argparse.ArgumentError, match="expected one character or 'tab', got 'ab'"):
        parse("--separator", "ab")
