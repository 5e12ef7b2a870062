"""Predictions of Dask arrays are lazy; those to files are whole or not there."""

import pickle

import dask
import dask.array
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.exceptions import NotFittedError

from sklearn_turtle import predict_to_file, stack_spaces
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()


@pytest.fixture(scope="module")
def turtle():
    return small_turtle(max_iter=20, polish_iter=5).fit(SPACES)


@pytest.fixture
def on_dask():
    return [
        dask.array.from_array(x, chunks=(rows, 5)) for x, rows in zip(SPACES, (70, 50), strict=True)
    ]


class TestDask:
    def test_predictions_are_those_of_arrays(self, turtle, on_dask):
        labels, probabilities = turtle.predict(on_dask), turtle.predict_proba(on_dask)
        for lazy in (labels, probabilities):
            assert isinstance(lazy, dask.array.Array)
            assert lazy.chunks[0] == (70, 70, 70, 30)
        assert labels.dtype == np.int32
        assert probabilities.dtype == np.float32
        assert_array_equal(labels.compute(), turtle.predict(SPACES))
        # blocks of other sizes may be multiplied in another order
        np.testing.assert_allclose(
            probabilities.compute(), turtle.predict_proba(SPACES), rtol=1e-5, atol=1e-7
        )
        rejected = turtle.predict(on_dask, reject_below=0.9).compute()
        assert_array_equal(rejected, turtle.predict(SPACES, reject_below=0.9))
        assert -1 in rejected

    def test_nothing_is_computed_before_it_is_asked_for(self, turtle):
        def fail(block):
            raise AssertionError

        X = [
            dask.array.from_array(x, chunks=(70, -1)).map_blocks(fail, dtype=x.dtype, meta=x[:0])
            for x in SPACES
        ]
        labels = turtle.predict(X)
        with pytest.raises(AssertionError):
            labels.compute()

    def test_columns_of_one_array(self, turtle):
        stacked, _ = stack_spaces(SPACES)
        X = dask.array.from_array(stacked, chunks=(70, -1))
        assert_array_equal(turtle.predict(X).compute(), turtle.predict(SPACES))

    def test_blocks_go_to_other_processes(self, turtle, on_dask):
        labels = turtle.predict(on_dask)
        graph = pickle.loads(pickle.dumps(dask.array.optimize(labels.dask, labels.__dask_keys__())))
        assert graph is not None

    def test_some_spaces_in_memory(self, turtle, on_dask):
        assert_array_equal(turtle.predict([on_dask[0], SPACES[1]]), turtle.predict(SPACES))


class TestToFile:
    def test_holds_what_predict_returns(self, turtle, tmp_path, monkeypatch):
        monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 1000)
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

    def test_progress(self, turtle, tmp_path, capsys, monkeypatch):
        monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 200)
        predict_to_file(turtle, SPACES, tmp_path / "out.npy")
        assert capsys.readouterr().out == ""
        predict_to_file(turtle, SPACES, tmp_path / "out.npy", verbose=1)
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 10
        assert "s: 240/240 rows, " in lines[-1]
        predict_to_file(turtle, SPACES, tmp_path / "out.npy", verbose=2)
        assert len(capsys.readouterr().out.splitlines()) > 10

    def test_a_failure_leaves_the_file_before(self, turtle, tmp_path, monkeypatch):
        monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 200)
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
            ("out.csv", {}, "written as .npy"),
            ("out.npy", {"reject_below": 2}, "between 0 and 1"),
            ("out.npy", {"reject_below": 0.5, "proba": True}, "leave it out"),
        ],
    )
    def test_what_cannot_be_asked_for(self, turtle, tmp_path, path, options, message):
        with pytest.raises(ValueError, match=message):
            predict_to_file(turtle, SPACES, tmp_path / path, **options)
        assert list(tmp_path.iterdir()) == []

    def test_needs_a_fit(self, tmp_path):
        with pytest.raises(NotFittedError):
            predict_to_file(small_turtle(), SPACES, tmp_path / "out.npy")
