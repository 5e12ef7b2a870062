import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.exceptions import NotFittedError

from sklearn_turtle import predict_to_file
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()


@pytest.fixture(scope="module")
def turtle():
    return small_turtle(max_iter=20, polish_iter=5).fit(SPACES)


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 200)


@pytest.mark.usefixtures("small_chunks")
def test_files_hold_the_predictions(turtle, tmp_path):
    path = tmp_path / "out.npy"
    for options, expected in [
        ({}, turtle.predict(SPACES)),
        ({"reject_below": 0.9}, turtle.predict(SPACES, reject_below=0.9)),
        ({"proba": True}, turtle.predict_proba(SPACES)),
    ]:
        predict_to_file(turtle, SPACES, path, **options)
        written = np.load(path)
        assert written.dtype == expected.dtype
        assert_array_equal(written, expected)


@pytest.mark.usefixtures("small_chunks")
def test_progress(turtle, tmp_path, capsys):
    predict_to_file(turtle, SPACES, tmp_path / "out.npy")
    assert capsys.readouterr().out == ""
    predict_to_file(turtle, SPACES, tmp_path / "out.npy", verbose=1)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert "s: 240/240 rows, " in lines[-1]
    predict_to_file(turtle, SPACES, tmp_path / "out.npy", verbose=2)
    assert len(capsys.readouterr().out.splitlines()) > 10


@pytest.mark.usefixtures("small_chunks")
def test_a_failure_leaves_an_existing_file_unchanged(turtle, tmp_path):
    path = tmp_path / "out.npy"
    path.write_bytes(b"before")
    bad = SPACES[1].copy()
    bad[200] = np.inf
    with pytest.raises(ValueError, match="first in row 200"):
        predict_to_file(turtle, [SPACES[0], bad], path)
    assert path.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["out.npy"]


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("out.csv", {}, r"must end in \.npy"),
        ("out.npy", {"reject_below": 2}, "between 0 and 1"),
        ("out.npy", {"reject_below": 0.5, "proba": True}, "labels only"),
    ],
)
def test_invalid_arguments(turtle, tmp_path, path, options, message):
    with pytest.raises(ValueError, match=message):
        predict_to_file(turtle, SPACES, tmp_path / path, **options)
    assert list(tmp_path.iterdir()) == []


def test_needs_a_fit(tmp_path):
    with pytest.raises(NotFittedError):
        predict_to_file(small_turtle(), SPACES, tmp_path / "out.npy")
