"""Errors about files."""

from sklearn_turtle._io._errors import FileError


def test_line_breaks_become_spaces():
    error = FileError("x.npy: bad\n  header")
    assert str(error) == "x.npy: bad header"
    assert isinstance(error, ValueError)
