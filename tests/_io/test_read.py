"""Features and labels: checks of the content, independent of the format."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._read import read_features, read_labels
from tests.support.array_files import MATRIX, WRITERS

SUFFIXES = sorted([*WRITERS, ".csv"])


class TestFiles:
    def test_suffixes_in_capitals(self, tmp_path):
        with open(tmp_path / "X.NPY", "wb") as file:
            np.save(file, MATRIX)
        assert_array_equal(read_features(str(tmp_path / "X.NPY")), MATRIX)

    @pytest.mark.parametrize("suffix", [*WRITERS, ".txt"])
    def test_damaged(self, tmp_path, suffix):
        (tmp_path / f"x{suffix}").write_bytes(b"\xff\xfe no such format \x00")
        with pytest.raises(FileError, match=rf"x{suffix}: cannot be read \(\S"):
            read_labels(str(tmp_path / f"x{suffix}"))

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_missing(self, tmp_path, suffix):
        with pytest.raises(FileError, match=rf"x{suffix}: there is no such file"):
            read_features(str(tmp_path / f"x{suffix}"))

    @pytest.mark.parametrize("suffix", sorted({*SUFFIXES} - {".zarr"}))
    def test_folder(self, tmp_path, suffix):
        (tmp_path / f"x{suffix}").mkdir()
        with pytest.raises(FileError, match=rf"x{suffix}: is a folder"):
            read_features(str(tmp_path / f"x{suffix}"))

    def test_unknown_suffix(self, tmp_path):
        message = r"x\.mat: unknown suffix '\.mat' for features; choose from \.npy, \.npz"
        with pytest.raises(FileError, match=message):
            read_features(str(tmp_path / "x.mat"))
        with pytest.raises(FileError, match=r"x\.txt: unknown suffix '\.txt' for features"):
            read_features(str(tmp_path / "x.txt"))


class TestFeatures:
    @pytest.mark.parametrize(
        ("array", "message"),
        [
            (MATRIX[0], r"must be a matrix with one row per sample; this array has shape \(3,\)"),
            (np.array([["a"]]), r"must be real numbers, not <U1"),
            (MATRIX + 1j, r"must be real numbers, not complex128"),
            (np.array([[None]]), r"cannot be read \(Array can't be memory-mapped: Python objects"),
        ],
    )
    def test_not_a_matrix_of_numbers(self, tmp_path, array, message):
        np.save(tmp_path / "x.npy", array, allow_pickle=True)
        with pytest.raises(FileError, match=rf"x\.npy: .*{message}"):
            read_features(str(tmp_path / "x.npy"))


class TestLabels:
    def test_strings(self, tmp_path):
        (tmp_path / "y.txt").write_text("new york\nrome\n\nrome\n")
        assert read_labels(str(tmp_path / "y.txt")).tolist() == ["new york", "rome", "rome"]
        np.save(tmp_path / "y.npy", ["cat", "dog"])
        assert read_labels(str(tmp_path / "y.npy")).tolist() == ["cat", "dog"]

    def test_integers_in_a_text_file(self, tmp_path):
        (tmp_path / "y.txt").write_text("3\n-1\n")
        labels = read_labels(str(tmp_path / "y.txt"))
        assert labels.dtype == np.int64
        assert labels.tolist() == [3, -1]

    def test_column_of_a_table(self, tmp_path):
        path = tmp_path / "y.csv"
        path.write_text("text,intent\nhello,greet\nbye,part\n")
        assert read_labels(f"{path}:intent").tolist() == ["greet", "part"]
        with pytest.raises(FileError, match=r"y\.csv: contains text, intent; choose one"):
            read_labels(str(path))
        with pytest.raises(FileError, match=r"but not 'label'"):
            read_labels(f"{path}:label")

    def test_column_vector(self, tmp_path):
        np.save(tmp_path / "y.npy", [[1], [2]])
        assert read_labels(str(tmp_path / "y.npy")).tolist() == [1, 2]

    def test_tensor(self, tmp_path):
        torch.save(torch.tensor([1, 2]), tmp_path / "y.pt")
        assert read_labels(str(tmp_path / "y.pt")).tolist() == [1, 2]

    def test_matrix(self, tmp_path):
        np.save(tmp_path / "y.npy", MATRIX)
        with pytest.raises(FileError, match=r"y\.npy: expected one label per sample; .* \(4, 3\)"):
            read_labels(str(tmp_path / "y.npy"))

    @pytest.mark.parametrize("text", ["y\n1\n\nNA\n", "y\ncat\nNA\n"])
    def test_missing_label_in_a_table(self, tmp_path, text):
        (tmp_path / "y.csv").write_text(text)
        with pytest.raises(FileError, match=r"y\.csv: some labels are missing"):
            read_labels(str(tmp_path / "y.csv"))

    def test_missing_label_in_an_array(self, tmp_path):
        np.save(tmp_path / "y.npy", [0, np.nan])
        with pytest.raises(FileError, match=r"y\.npy: some labels are missing"):
            read_labels(str(tmp_path / "y.npy"))
