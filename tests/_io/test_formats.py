"""Each format: values, dtypes, and the selection of one array of several."""

import h5py
import numpy as np
import pandas as pd
import pytest
import torch
import zarr
from numpy.testing import assert_array_equal
from safetensors.torch import save_file

from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._read import read_features, read_labels
from tests.support.array_files import MATRIX, WRITERS, save_npz
from tests.support.traps import Trap


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int16"])
@pytest.mark.parametrize("suffix", WRITERS)
def test_values_and_dtypes_are_kept(tmp_path, suffix, dtype):
    path = tmp_path / f"x{suffix}"
    WRITERS[suffix](path, (MATRIX * 8).astype(dtype))
    matrix = np.asarray(read_features(str(path)))
    assert matrix.dtype == dtype
    assert_array_equal(matrix, MATRIX * 8)


def test_npy_is_mapped_into_memory(tmp_path):
    np.save(tmp_path / "x.npy", MATRIX)
    matrix = read_features(str(tmp_path / "x.npy"))
    assert isinstance(matrix, np.memmap)
    assert not matrix.flags.writeable


@pytest.mark.parametrize("legacy", [False, True])
def test_pt_with_a_parameter_in_bfloat16(tmp_path, legacy):
    path = str(tmp_path / "x.pt")
    parameter = torch.nn.Parameter(torch.from_numpy(MATRIX).bfloat16())
    torch.save(parameter, path, _use_new_zipfile_serialization=not legacy)
    tensor = read_features(path)
    assert tensor.dtype == torch.bfloat16
    assert not tensor.requires_grad
    assert_array_equal(tensor.double().numpy(), MATRIX)


@pytest.mark.parametrize("content", [{}, [1, 2]])
def test_pt_without_a_tensor(tmp_path, content):
    torch.save(content, tmp_path / "x.pt")
    with pytest.raises(FileError, match=r"x\.pt: contains no array"):
        read_features(str(tmp_path / "x.pt"))


def save_two(path):
    """Write the arrays "clip" and "dino"."""
    arrays = {"clip": MATRIX, "dino": MATRIX + 1}
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    if path.suffix == ".npz":
        np.savez(path, **arrays)
    elif path.suffix == ".pt":
        torch.save(tensors | {"epoch": 3}, path)
    elif path.suffix == ".safetensors":
        save_file(tensors, path)
    elif path.suffix == ".h5":
        with h5py.File(path, "w") as file:
            file.update(arrays)
    else:
        group = zarr.open_group(path, mode="w")
        for name, array in arrays.items():
            group.create_array(name, data=array)


@pytest.mark.parametrize("suffix", [".npz", ".pt", ".safetensors", ".h5", ".zarr"])
def test_one_array_of_several(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    save_two(path)
    assert_array_equal(np.asarray(read_features(f"{path}:dino")), MATRIX + 1)
    with pytest.raises(FileError, match=rf"x{suffix}: contains clip, dino; choose one, as in .*:c"):
        read_features(str(path))
    with pytest.raises(FileError, match=r"contains clip, dino, but not 'siglip'; choose one"):
        read_features(f"{path}:siglip")


def test_pt_with_a_list_of_tensors(tmp_path):
    path = tmp_path / "x.pt"
    tensors = [torch.from_numpy(MATRIX), torch.from_numpy(MATRIX + 1)]
    torch.save(tensors, path)
    assert_array_equal(read_features(f"{path}:1"), MATRIX + 1)
    message = r"x\.pt: contains a list of 2 tensors; choose one, as in .*x\.pt:0; or.*torch\.stack"
    with pytest.raises(FileError, match=message):
        read_features(str(path))
    torch.save(tensors[:1], path)
    assert_array_equal(read_features(str(path)), MATRIX)


class TestParquetWithVectors:
    def write(self, folder, **columns):
        pd.DataFrame(columns).to_parquet(folder / "x.parquet")
        return str(folder / "x.parquet")

    def read(self, name):
        return read_features(name).column(0).to_pylist()

    def test_the_only_column_of_vectors_is_taken(self, tmp_path):
        path = self.write(tmp_path, id=range(4), text=list("abcd"), embedding=list(MATRIX))
        assert self.read(path) == self.read(f"{path}:embedding") == MATRIX.tolist()
        assert read_labels(f"{path}:text").tolist() == list("abcd")
        with pytest.raises(FileError, match=r"contains embedding, id, text, but not 'a'; .*embed"):
            read_features(f"{path}:a")
        with pytest.raises(FileError, match=r"must be a matrix .* has shape \(4,\)"):
            read_features(f"{path}:id")

    def test_one_of_several_columns_of_vectors(self, tmp_path):
        path = self.write(tmp_path, id=range(4), clip=list(MATRIX), dino=list(MATRIX + 1))
        assert self.read(f"{path}:dino") == (MATRIX + 1).tolist()
        with pytest.raises(FileError, match=r"contains clip, dino; choose one, as in .*:clip$"):
            read_features(path)


@pytest.mark.parametrize("suffix", [".npy", ".pt"])
def test_name_of_an_array_without_a_name(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    WRITERS[suffix](path, MATRIX)
    with pytest.raises(FileError, match=rf"x{suffix}: contains a single array without a name"):
        read_features(f"{path}:clip")


def test_long_lists_of_names_are_cut(tmp_path):
    np.savez(tmp_path / "x.npz", **{f"layer{j}": MATRIX for j in range(12)})
    with pytest.raises(FileError, match=r"layer9, \.\.\.; choose one"):
        read_features(str(tmp_path / "x.npz"))


class TestCsv:
    def read(self, folder, text):
        (folder / "x.csv").write_text(text)
        return read_features(str(folder / "x.csv"))

    def test_header(self, tmp_path):
        table = self.read(tmp_path, "a,b\n1,2.5\n3,4\n")
        assert list(table.columns) == ["a", "b"]
        assert_array_equal(table, [[1, 2.5], [3, 4]])

    def test_no_header(self, tmp_path):
        assert_array_equal(self.read(tmp_path, "1,2.5\n3,4\n"), [[1, 2.5], [3, 4]])

    @pytest.mark.parametrize("columns", [None, ["a", "b", "c"]])
    @pytest.mark.parametrize("index", [False, True])
    def test_written_by_pandas(self, tmp_path, columns, index):
        text = pd.DataFrame(MATRIX, columns=columns).to_csv(index=index)
        assert_array_equal(self.read(tmp_path, text), MATRIX)

    def test_text_column(self, tmp_path):
        with pytest.raises(FileError, match=r"x\.csv: column 'word' is not numeric"):
            self.read(tmp_path, "word,b\nyes,2\nno,4\n")

    def test_empty_file(self, tmp_path):
        with pytest.raises(FileError, match=r"x\.csv: cannot be read \(No columns"):
            self.read(tmp_path, "")


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".pt"])
def test_pickles_are_refused(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    trap = Trap(str(tmp_path / "sprung"))
    if suffix == ".pt":
        torch.save(trap, path)
    elif suffix == ".npz":
        save_npz(path, np.array([[trap]]))
    else:
        np.save(path, np.array([[trap]]), allow_pickle=True)
    with pytest.raises(FileError, match=rf"x{suffix}: cannot be read"):
        read_features(str(path))
    assert not (tmp_path / "sprung").exists()
