"""Help texts, misuse and the default command."""

import pytest

import sklearn_turtle
from sklearn_turtle._cli import main
from sklearn_turtle._cli.parser import with_default_command
from tests.support.command_line import PROGRAM

COMMANDS = ["digits", "fit", "predict", "score", "evaluate", "benchmark", "report", "cluster"]


def help_of(capsys, *command):
    with pytest.raises(SystemExit) as end:
        main([*command, "--help"])
    assert end.value.code == 0
    return capsys.readouterr().out


def test_help_lists_the_commands(capsys):
    words = help_of(capsys).split()
    assert set(COMMANDS) <= set(words)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(capsys, command):
    printed = help_of(capsys, command)
    assert printed.startswith(f"usage: {PROGRAM} {command}")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("digits", ["--output", "KMeans"]),
        ("fit", ["--n-clusters", "--inner-lr", ".safetensors", "(default: 10.0)"]),
        ("predict", ["--proba", "never runs code"]),
        ("score", ["--labels", "never runs code"]),
        ("evaluate", ["--labels", "never runs code", "accuracy per class"]),
        ("benchmark", ["--methods", "--seeds", "DATASET_train.npy"]),
        ("report", ["--texts", "--images", "one HTML page"]),
        ("cluster", ["--encoders", "--cache", "clip-vit-l14"]),
    ],
)
def test_help_explains(capsys, command, expected):
    printed = " ".join(help_of(capsys, command).split())
    for words in expected:
        assert words in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fly"], "invalid choice: 'fly'"),
        (["fit", "clip.npy"], "required: -k/--n-clusters"),
        (["fit", "-k", "3"], "required: FILE"),
        (["-o", "y.npy", "fit", "clip.npy"], "unrecognized arguments: fit clip.npy"),
    ],
)
def test_misuse(capsys, arguments, message):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert message in capsys.readouterr().err


def test_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == sklearn_turtle.__version__ + "\n"


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ([], ["digits"]),
        (["-o", "d.csv"], ["digits", "-o", "d.csv"]),
        (["fit", "-k", "3"], ["fit", "-k", "3"]),
        (["--help"], ["--help"]),
        (["--version"], ["--version"]),
    ],
)
def test_default_command(argv, expected):
    assert with_default_command(argv) == expected
