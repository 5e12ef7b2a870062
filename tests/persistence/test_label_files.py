"""Label files of the authors' released code."""

import os
import pickle
import zipfile

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from sklearn_turtle import TurtleClustering
from sklearn_turtle.persistence import load_labeling, save_labeling
from tests.support.label_files import read_released, released_layers, save_released
from tests.support.traps import Trap
from tests.support.two_spaces import small_turtle, two_spaces

LAYER = {"weight": torch.ones(4, 5), "bias": torch.zeros(4)}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cifar10.pt"


@pytest.fixture(scope="module", params=["float32", "float64"])
def fitted(request):
    """Two spaces and an estimator fitted to them."""
    spaces, _ = two_spaces(dtype=request.param)
    turtle = small_turtle(n_init=2, max_iter=20, polish_iter=5)
    return spaces, turtle.fit({"clip": spaces[0], "dino": spaces[1]})


def assert_rejected(path, message):
    with pytest.raises(ValueError, match=rf"cifar10\.pt: .*{message}"):
        load_labeling(path)


class TestLoad:
    @pytest.mark.parametrize("legacy", [False, True])
    def test_released_layout(self, path, legacy):
        layers = save_released(path, _use_new_zipfile_serialization=not legacy)
        labeling = load_labeling(str(path))
        assert list(labeling) == ["phi1", "phi2"]
        for (coef, intercept), (weight, bias) in zip(labeling.values(), layers, strict=True):
            assert coef.dtype == intercept.dtype == np.float32
            assert_array_equal(coef, weight)
            assert_array_equal(intercept, bias)

    def test_file_written_on_a_gpu(self, path):
        """A file that the authors' code writes on a GPU, read on a machine without one."""
        layers = save_released(path)
        with zipfile.ZipFile(path) as archive:
            contents = {info.filename: archive.read(info) for info in archive.infolist()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in contents.items():
                # The pickle stores the device of a tensor as a string after its length.
                content = content.replace(b"\x03\0\0\0cpu", b"\x06\0\0\0cuda:0")
                archive.writestr(name, content)
        assert_array_equal(load_labeling(path)["phi2"][0], layers[1][0])

    def test_order_of_the_file(self, path):
        torch.save({"phi10": LAYER, "phi2": LAYER, "dino": LAYER}, path)
        assert list(load_labeling(path)) == ["phi10", "phi2", "dino"]

    @pytest.mark.parametrize(
        ("dtype", "loaded"),
        [
            (torch.float64, np.float64),
            (torch.float16, np.float32),
            (torch.bfloat16, np.float32),
        ],
    )
    def test_dtypes(self, path, dtype, loaded):
        torch.save({"phi1": {name: part.to(dtype) for name, part in LAYER.items()}}, path)
        coef, intercept = load_labeling(path)["phi1"]
        assert coef.dtype == intercept.dtype == loaded
        assert_array_equal(coef, np.ones((4, 5)))

    def test_parameters_that_require_a_gradient(self, path):
        torch.save({"phi1": {n: torch.nn.Parameter(part) for n, part in LAYER.items()}}, path)
        assert_array_equal(load_labeling(path)["phi1"][0], np.ones((4, 5)))


class TestRejected:
    def test_missing_file(self, path):
        with pytest.raises(FileNotFoundError, match=r"cifar10\.pt"):
            load_labeling(path)

    def test_folder(self, path):
        path.mkdir()
        with pytest.raises(OSError, match=r"cifar10\.pt"):
            load_labeling(path)

    def test_code_does_not_run(self, path, tmp_path):
        trap = Trap(str(tmp_path / "sprung"))
        for content in (trap, {"phi1": LAYER, "more": trap}, {"phi1": {**LAYER, "bias": trap}}):
            for legacy in (False, True):
                torch.save(content, path, _use_new_zipfile_serialization=not legacy)
                assert_rejected(path, "could run code")
        path.write_bytes(pickle.dumps({"phi1": trap}, protocol=2))
        assert_rejected(path, "could run code")
        assert not (tmp_path / "sprung").exists()
        pickle.loads(path.read_bytes())
        assert (tmp_path / "sprung").exists()  # proves that the trap works

    @pytest.mark.parametrize("legacy", [False, True])
    def test_truncated_file(self, path, legacy):
        save_released(path, _use_new_zipfile_serialization=not legacy)
        content = path.read_bytes()
        for length in range(0, len(content), 97):
            path.write_bytes(content[:length])
            assert_rejected(path, "The file is damaged")

    @pytest.mark.parametrize("content", [b"", b"no such format", b"\x80\x02no pickle either"])
    def test_damaged_file(self, path, content):
        path.write_bytes(content)
        assert_rejected(path, "The file is damaged")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ({}, "for each space, found an empty dict"),
            ([LAYER], "found a list"),
            (torch.ones(4, 5), "found a Tensor"),
            (LAYER, "'weight' must be a dict with the weight and bias of a space, not a Tensor"),
            (
                {"phi1": {"weight": LAYER["weight"]}},
                r"must contain only weight and bias, not \['weight'\]\.$",
            ),
            ({"phi1": LAYER, "phi2": {**LAYER, "scale": 1}}, "the entry 'phi2' .* 'scale'"),
            ({"phi1": {**LAYER, "weight": [[1.0]]}}, "the weight of 'phi1' .* not a list"),
            (
                {"phi1": {**LAYER, "bias": torch.zeros(4).int()}},
                "the bias of 'phi1' .* torch.int32",
            ),
            ({"phi1": {**LAYER, "weight": torch.ones(4, 5).to_sparse()}}, "torch.sparse_coo"),
            (
                {"phi1": {**LAYER, "bias": torch.full((4,), torch.nan)}},
                "bias of 'phi1' contains NaN",
            ),
            (
                {"phi1": {**LAYER, "weight": torch.ones(4)}},
                r"\(n_clusters, n_f.* got \(4,\) and \(4,\)",
            ),
            ({"phi1": {**LAYER, "bias": torch.zeros(3)}}, r"got \(4, 5\) and \(3,\)"),
            ({"phi1": {**LAYER, "weight": torch.ones(4, 0)}}, r"got \(4, 0\) and \(4,\)"),
            (
                {"phi1": LAYER, "phi2": {"weight": torch.ones(3, 5), "bias": torch.zeros(3)}},
                r"same number of clusters; got \{'phi1': 4, 'phi2': 3\}",
            ),
        ],
    )
    # torch 2.14 warns that it validates the indices of sparse tensors.
    @pytest.mark.filterwarnings("ignore:Validating sparse tensor invariants:UserWarning")
    def test_other_content(self, path, content, message):
        torch.save(content, path)
        assert_rejected(path, message)

    @pytest.mark.filterwarnings("ignore:.*weight_norm.* is deprecated:FutureWarning")
    def test_weight_normalization(self, path):
        old = torch.nn.utils.weight_norm(torch.nn.Linear(5, 4))
        for layer in (released_layers()[0], old):
            torch.save({"phi1": layer.state_dict()}, path)
            assert_rejected(path, "Fold the weight normalization in before saving")


class TestSave:
    def test_file_in_the_authors_evaluation(self, path, fitted):
        _, turtle = fitted
        save_labeling(turtle, path)
        assert list(torch.load(path, weights_only=True)) == ["phi1", "phi2"]
        layers = read_released(path)
        for (weight, bias), coef, intercept in zip(
            layers, turtle.coef_, turtle.intercept_, strict=True
        ):
            assert_array_equal(weight, coef.astype(np.float32))
            assert_array_equal(bias, intercept.astype(np.float32))

    def test_round_trip_is_exact(self, path, fitted):
        spaces, turtle = fitted
        save_labeling(turtle, path)
        again = TurtleClustering.from_labeling(path, space_names=["clip", "dino"])
        for name in ("coef_", "intercept_"):
            for before, after in zip(getattr(turtle, name), getattr(again, name), strict=True):
                assert after.dtype == before.dtype
                assert_array_equal(after, before)
        assert_array_equal(again.predict(spaces), turtle.labels_)

    def test_save_loaded_labeling(self, path, tmp_path):
        save_released(path)
        save_labeling(TurtleClustering.from_labeling(path), tmp_path / "again.pt")
        before, after = load_labeling(path), load_labeling(tmp_path / "again.pt")
        assert list(after) == list(before)
        for name in before:
            for of_before, of_after in zip(before[name], after[name], strict=True):
                assert_array_equal(of_after, of_before)

    def test_failed_save_keeps_existing_file(self, path, fitted, monkeypatch):
        def fail(content, file):
            file.write(b"half")
            raise OSError(28, "No space left on device")

        path.write_bytes(b"old")
        monkeypatch.setattr(torch, "save", fail)
        with pytest.raises(OSError, match="No space left"):
            save_labeling(fitted[1], path)
        assert path.read_bytes() == b"old"
        assert os.listdir(path.parent) == ["cifar10.pt"]

    def test_not_fitted(self, path):
        with pytest.raises(NotFittedError):
            save_labeling(TurtleClustering(), path)
        assert not path.exists()

    def test_other_estimators(self, path):
        other = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
        with pytest.raises(TypeError, match="must be a TurtleClustering, not LogisticRegression"):
            save_labeling(other, path)
        with pytest.raises(TypeError):
            save_labeling("cifar10.pt", path)
        assert not path.exists()
