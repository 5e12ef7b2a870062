"""Feature, label and model files: what goes in comes out, and errors name the file."""

import os
import stat
import sys

import h5py
import joblib
import numpy as np
import pandas as pd
import pytest
import torch
import zarr
from numpy.testing import assert_array_equal
from safetensors.torch import save_file
from sklearn.exceptions import NotFittedError

from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._cli.files import check_output, read_model, write_array, write_model
from sklearn_turtle._io._read import read_features, read_labels
from tests.support.traps import Trap
from tests.support.two_spaces import small_turtle, two_spaces

MATRIX = np.arange(12).reshape(4, 3) / 8 - 0.5  # exact in every floating-point format


def save_npy(path, array):
    np.save(path, array)


def save_npz(path, array):
    np.savez(path, clip=array)


def save_pt(path, array):
    torch.save(torch.from_numpy(array), path)


def save_safetensors(path, array):
    save_file({"clip": torch.from_numpy(array)}, path)


def save_parquet(path, array):
    pd.DataFrame(array, columns=["a", "b", "c"]).to_parquet(path)


def save_hdf5(path, array):
    with h5py.File(path, "w") as file:
        file.create_group("of").create_dataset("clip", data=array)


def save_zarr(path, array):
    zarr.create_array(path, data=array)


WRITERS = {
    ".npy": save_npy,
    ".h5": save_hdf5,
    ".hdf5": save_hdf5,
    ".zarr": save_zarr,
    ".npz": save_npz,
    ".pt": save_pt,
    ".safetensors": save_safetensors,
    ".parquet": save_parquet,
}


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int16"])
@pytest.mark.parametrize("suffix", WRITERS)
def test_features_keep_values_and_dtype(tmp_path, suffix, dtype):
    path = tmp_path / f"x{suffix}"
    WRITERS[suffix](path, (MATRIX * 8).astype(dtype))
    matrix = np.asarray(read_features(str(path)))
    assert matrix.dtype == dtype
    assert_array_equal(matrix, MATRIX * 8)


def test_one_array_of_several_is_named(tmp_path):
    group = zarr.open_group(tmp_path / "x.zarr", mode="w")
    with h5py.File(tmp_path / "x.h5", "w") as file:
        for name in ("clip", "dino"):
            file[name] = MATRIX
            group.create_array(name, data=MATRIX)
    for path in (tmp_path / "x.zarr", tmp_path / "x.h5"):
        assert_array_equal(np.asarray(read_features(f"{path}:dino")), MATRIX)
        with pytest.raises(CommandError, match="holds clip, dino; say which"):
            read_features(str(path))


def test_npy_is_mapped_into_memory(tmp_path):
    np.save(tmp_path / "x.npy", MATRIX)
    matrix = read_features(str(tmp_path / "x.npy"))
    assert isinstance(matrix, np.memmap)
    assert not matrix.flags.writeable


def test_suffixes_may_be_in_capitals(tmp_path):
    save_npy(tmp_path / "x", MATRIX)
    (tmp_path / "x.npy").rename(tmp_path / "X.NPY")
    assert_array_equal(read_features(str(tmp_path / "X.NPY")), MATRIX)


@pytest.mark.parametrize("legacy", [False, True])
def test_pt_of_both_formats_bfloat16_and_parameters(tmp_path, legacy):
    path = str(tmp_path / "x.pt")
    parameter = torch.nn.Parameter(torch.from_numpy(MATRIX).bfloat16())
    torch.save(parameter, path, _use_new_zipfile_serialization=not legacy)
    tensor = read_features(path)
    assert tensor.dtype == torch.bfloat16
    assert not tensor.requires_grad
    assert_array_equal(tensor.double().numpy(), MATRIX)


def save_two(path):
    tensors = {"clip": torch.from_numpy(MATRIX), "dino": torch.from_numpy(MATRIX + 1)}
    if path.suffix == ".npz":
        np.savez(path, **{name: tensor.numpy() for name, tensor in tensors.items()})
    elif path.suffix == ".pt":
        torch.save(tensors | {"epoch": 3}, path)
    else:
        save_file(tensors, path)


@pytest.mark.parametrize("suffix", [".npz", ".pt", ".safetensors"])
def test_one_array_of_several(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    save_two(path)
    assert_array_equal(np.asarray(read_features(f"{path}:dino")), MATRIX + 1)
    with pytest.raises(CommandError, match=rf"x{suffix}: holds clip, dino; say which, as in"):
        read_features(str(path))
    with pytest.raises(CommandError, match=r"holds clip, dino; none is called 'siglip'"):
        read_features(f"{path}:siglip")


@pytest.mark.parametrize("suffix", [".npy", ".pt"])
def test_a_name_for_an_array_that_has_none(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    WRITERS[suffix](path, MATRIX)
    with pytest.raises(CommandError, match=rf"x{suffix}: holds one array, without names"):
        read_features(f"{path}:clip")


def test_a_colon_may_stand_in_a_path(tmp_path):
    folder = tmp_path / "run:3.npz:old"
    folder.mkdir()
    save_npz(folder / "x.npz", MATRIX)
    assert_array_equal(read_features(f"{folder}/x.npz"), MATRIX)
    assert_array_equal(read_features(f"{folder}/x.npz:clip"), MATRIX)


@pytest.mark.parametrize("content", [{}, [1, 2]])
def test_pt_without_tensor(tmp_path, content):
    torch.save(content, tmp_path / "x.pt")
    with pytest.raises(CommandError, match=r"x\.pt: holds no array"):
        read_features(str(tmp_path / "x.pt"))


class TestTables:
    def read_csv(self, folder, text):
        (folder / "x.csv").write_text(text)
        return read_features(str(folder / "x.csv"))

    def test_header(self, tmp_path):
        table = self.read_csv(tmp_path, "a,b\n1,2.5\n3,4\n")
        assert list(table.columns) == ["a", "b"]
        assert_array_equal(table, [[1, 2.5], [3, 4]])

    def test_no_header(self, tmp_path):
        assert_array_equal(self.read_csv(tmp_path, "1,2.5\n3,4\n"), [[1, 2.5], [3, 4]])

    @pytest.mark.parametrize("columns", [None, ["a", "b", "c"]])
    @pytest.mark.parametrize("index", [False, True])
    def test_as_pandas_writes_it(self, tmp_path, columns, index):
        text = pd.DataFrame(MATRIX, columns=columns).to_csv(index=index)
        assert_array_equal(self.read_csv(tmp_path, text), MATRIX)

    def test_text_column(self, tmp_path):
        with pytest.raises(CommandError, match=r"x\.csv: column 'word' does not hold numbers"):
            self.read_csv(tmp_path, "word,b\nyes,2\nno,4\n")

    def test_empty_file(self, tmp_path):
        with pytest.raises(CommandError, match=r"x\.csv: cannot be read \(No columns"):
            self.read_csv(tmp_path, "")


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (MATRIX[0], r"must be a matrix, one row a sample; this array has shape \(3,\)"),
        (np.array([["a"]]), r"must be real numbers, not <U1"),
        (MATRIX + 1j, r"must be real numbers, not complex128"),
        (np.array([[None]]), r"cannot be read \(Array can't be memory-mapped: Python objects"),
    ],
)
def test_npy_that_is_no_matrix_of_numbers(tmp_path, array, message):
    np.save(tmp_path / "x.npy", array, allow_pickle=True)
    with pytest.raises(CommandError, match=rf"x\.npy: .*{message}"):
        read_features(str(tmp_path / "x.npy"))


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".pt"])
def test_pickles_are_refused(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    trap = Trap(str(tmp_path / "sprung"))
    if suffix == ".pt":
        torch.save(trap, path)
    else:
        WRITERS[suffix](path, np.array([[trap]]))
    with pytest.raises(CommandError, match=rf"x{suffix}: cannot be read"):
        read_features(str(path))
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("suffix", [*WRITERS, ".txt"])
def test_damaged_file(tmp_path, suffix):
    (tmp_path / f"x{suffix}").write_bytes(b"\xff\xfe no such format \x00")
    with pytest.raises(CommandError, match=rf"x{suffix}: cannot be read \(\S"):
        read_labels(str(tmp_path / f"x{suffix}"))


@pytest.mark.parametrize("suffix", [*WRITERS, ".csv"])
def test_missing_file(tmp_path, suffix):
    with pytest.raises(CommandError, match=rf"x{suffix}: there is no such file"):
        read_features(str(tmp_path / f"x{suffix}"))


@pytest.mark.parametrize("suffix", sorted({*WRITERS, ".csv"} - {".zarr"}))
def test_folder_in_place_of_a_file(tmp_path, suffix):
    (tmp_path / f"x{suffix}").mkdir()
    with pytest.raises(CommandError, match=rf"x{suffix}: is a folder"):
        read_features(str(tmp_path / f"x{suffix}"))


def test_file_that_may_not_be_read(tmp_path, monkeypatch):
    def refuse(path, mode):
        raise PermissionError(13, "Permission denied")

    np.save(tmp_path / "x.npy", MATRIX)
    monkeypatch.setattr(np.lib.format, "open_memmap", refuse)
    with pytest.raises(CommandError, match=r"x\.npy: Permission denied$"):
        read_features(str(tmp_path / "x.npy"))


def test_unknown_suffix(tmp_path):
    with pytest.raises(CommandError, match=r"x\.mat: features are not read .* use \.npy, \.npz"):
        read_features(str(tmp_path / "x.mat"))
    with pytest.raises(CommandError, match=r"x\.txt: features are not read"):
        read_features(str(tmp_path / "x.txt"))


@pytest.mark.parametrize(
    ("module", "suffix", "packages"),
    [
        ("safetensors", ".safetensors", "safetensors"),
        ("pandas", ".csv", "pandas"),
        ("pandas", ".parquet", "pandas pyarrow"),
    ],
)
def test_missing_package(tmp_path, monkeypatch, module, suffix, packages):
    (tmp_path / f"x{suffix}").touch()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(CommandError, match=rf"x{suffix}: .* is missing: pip install {packages}$"):
        read_features(str(tmp_path / f"x{suffix}"))


@pytest.mark.parametrize("suffix", [".npy", ".csv", ".txt"])
@pytest.mark.parametrize(
    "array",
    [np.array([3, 0, 12], dtype=np.int32), np.float32([[0.1, 0.9], [1 / 3, 2 / 3]])],
    ids=["labels", "probabilities"],
)
def test_written_arrays_are_read_back(tmp_path, suffix, array):
    path = tmp_path / f"y{suffix}"
    write_array(str(path), array, "label")
    if array.ndim == 1:
        back = read_labels(str(path))
    elif suffix == ".txt":
        back = np.loadtxt(path)
    else:
        back = np.asarray(read_features(str(path)))
    assert_array_equal(back.astype(array.dtype), array)


def test_heads_of_written_tables(tmp_path):
    write_array(str(tmp_path / "y.csv"), np.array([3, 0]), "label")
    assert (tmp_path / "y.csv").read_text() == "label\n3\n0\n"
    write_array(str(tmp_path / "p.csv"), np.array([[0.5, 0.5]]), "cluster")
    assert (tmp_path / "p.csv").read_text() == "cluster0,cluster1\n0.5,0.5\n"


class TestReadLabels:
    def test_strings(self, tmp_path):
        (tmp_path / "y.txt").write_text("new york\nrome\n\nrome\n")
        assert read_labels(str(tmp_path / "y.txt")).tolist() == ["new york", "rome", "rome"]
        np.save(tmp_path / "y.npy", ["cat", "dog"])
        assert read_labels(str(tmp_path / "y.npy")).tolist() == ["cat", "dog"]

    def test_column_of_a_table(self, tmp_path):
        path = tmp_path / "y.csv"
        path.write_text("text,intent\nhello,greet\nbye,part\n")
        assert read_labels(f"{path}:intent").tolist() == ["greet", "part"]
        with pytest.raises(CommandError, match=r"y\.csv: holds text, intent; say which"):
            read_labels(str(path))
        with pytest.raises(CommandError, match=r"none is called 'label'"):
            read_labels(f"{path}:label")

    def test_column_vector(self, tmp_path):
        np.save(tmp_path / "y.npy", [[1], [2]])
        assert read_labels(str(tmp_path / "y.npy")).tolist() == [1, 2]

    def test_torch(self, tmp_path):
        torch.save(torch.tensor([1, 2]), tmp_path / "y.pt")
        assert read_labels(str(tmp_path / "y.pt")).tolist() == [1, 2]

    def test_matrix(self, tmp_path):
        np.save(tmp_path / "y.npy", MATRIX)
        with pytest.raises(CommandError, match=r"y\.npy: labels must be one a sample; .* \(4, 3\)"):
            read_labels(str(tmp_path / "y.npy"))

    @pytest.mark.parametrize("text", ["y\n1\n\nNA\n", "y\ncat\nNA\n"])
    def test_missing_label(self, tmp_path, text):
        (tmp_path / "y.csv").write_text(text)
        with pytest.raises(CommandError, match=r"y\.csv: some labels are missing"):
            read_labels(str(tmp_path / "y.csv"))
        np.save(tmp_path / "y.npy", [0, np.nan])
        with pytest.raises(CommandError, match=r"y\.npy: some labels are missing"):
            read_labels(str(tmp_path / "y.npy"))


class TestCheckOutput:
    def test_good(self, tmp_path):
        check_output(str(tmp_path / "y.npy"), (".npy",), [str(tmp_path / "x.npy")])

    def test_suffix(self, tmp_path):
        with pytest.raises(CommandError, match=r"y\.pkl: cannot write .* '\.pkl'; use \.npy, \.c"):
            check_output(str(tmp_path / "y.pkl"), (".npy", ".csv"))

    def test_no_folder(self, tmp_path):
        with pytest.raises(CommandError, match=r"there is no folder .*missing$"):
            check_output(str(tmp_path / "missing" / "y.npy"), (".npy",))

    def test_is_a_folder(self, tmp_path):
        (tmp_path / "y.npy").mkdir()
        with pytest.raises(CommandError, match=r"y\.npy: is a folder"):
            check_output(str(tmp_path / "y.npy"), (".npy",))

    def test_folder_that_cannot_be_written_to(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
        with pytest.raises(CommandError, match="cannot be written to"):
            check_output(str(tmp_path / "y.npy"), (".npy",))

    @pytest.mark.parametrize("suffix", [".npy", ".npz:clip"])
    def test_input(self, tmp_path, suffix):
        path = tmp_path / f"x{suffix.split(':')[0]}"
        path.touch()
        (tmp_path / "link.npy").symlink_to(path)
        with pytest.raises(CommandError, match=r"link\.npy: is one of the inputs"):
            check_output(str(tmp_path / "link.npy"), (".npy",), [str(tmp_path / f"x{suffix}")])


class TestWritingIsAtomic:
    def test_failure_leaves_the_old_file(self, tmp_path, monkeypatch):
        def fail(file, array, **kwargs):
            file.write(b"a part")
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(np, "save", fail)
        path = tmp_path / "y.npy"
        path.write_text("old")
        with pytest.raises(CommandError, match=r"y\.npy: No space left on device"):
            write_array(str(path), np.zeros(3), "label")
        assert path.read_text() == "old"
        assert os.listdir(tmp_path) == ["y.npy"]

    def test_success_leaves_one_file_as_readable_as_others(self, tmp_path):
        write_array(str(tmp_path / "y.npy"), np.zeros(3), "label")
        (tmp_path / "other").touch()
        modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("y.npy", "other")}
        assert len(modes) == 1
        assert sorted(os.listdir(tmp_path)) == ["other", "y.npy"]

    def test_a_link_goes_on_pointing(self, tmp_path):
        (tmp_path / "link.npy").symlink_to(tmp_path / "y.npy")
        write_array(str(tmp_path / "link.npy"), np.zeros(3), "label")
        assert (tmp_path / "link.npy").is_symlink()
        assert len(np.load(tmp_path / "y.npy")) == 3


class TestModels:
    def test_missing(self, tmp_path):
        with pytest.raises(CommandError, match=r"m\.pt: there is no such file"):
            read_model(str(tmp_path / "m.pt"))

    @pytest.mark.parametrize("name", ["m.safetensors", "m.SAFETENSORS"])
    def test_round_trip(self, tmp_path, name):
        spaces, _ = two_spaces()
        turtle = small_turtle().fit(spaces)
        write_model(str(tmp_path / name), turtle)
        back = read_model(str(tmp_path / name))
        assert_array_equal(back.predict(spaces), turtle.labels_)

    def test_labeling_alone(self, tmp_path):
        spaces, _ = two_spaces()
        turtle = small_turtle().fit(spaces)
        write_model(str(tmp_path / "m.PT"), turtle)
        back = read_model(str(tmp_path / "m.PT"))
        assert_array_equal(back.predict(spaces), turtle.labels_)
        assert not hasattr(back, "labels_")

    def test_labeling_that_cannot_be_written(self, tmp_path, monkeypatch):
        def fail(content, file):
            raise OSError(28, "No space left on device")

        turtle = small_turtle().fit(two_spaces()[0])
        monkeypatch.setattr(torch, "save", fail)
        with pytest.raises(CommandError, match=r"m\.pt: No space left on device$"):
            write_model(str(tmp_path / "m.pt"), turtle)

    @pytest.mark.parametrize("suffix", [".pt", ".safetensors", ".joblib", ".pth", ".pkl", ".npy"])
    def test_code_is_not_run(self, tmp_path, suffix):
        path = tmp_path / f"m{suffix}"
        joblib.dump(Trap(str(tmp_path / "sprung")), path, protocol=2)
        with pytest.raises(
            CommandError, match=rf"m{suffix}: .*could run code|use \.pt, \.safetensors"
        ):
            read_model(str(path))
        assert not (tmp_path / "sprung").exists()

    def test_not_fitted(self, tmp_path):
        with pytest.raises(NotFittedError):
            write_model(str(tmp_path / "m.safetensors"), small_turtle())
        assert os.listdir(tmp_path) == []

    def test_damaged(self, tmp_path):
        (tmp_path / "m.safetensors").write_bytes(b"not a model")
        with pytest.raises(CommandError, match=r"m\.safetensors: "):
            read_model(str(tmp_path / "m.safetensors"))
