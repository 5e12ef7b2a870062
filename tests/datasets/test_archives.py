"""Extraction of archives."""

import shutil
import tarfile
import zipfile

import pytest

from sklearn_turtle.datasets import extract_archives, load_dataset
from tests.support.dataset_folders import mnist, paint_folders, write

SAFE_TAR = pytest.mark.skipif(
    not hasattr(tarfile, "data_filter"), reason="this Python has no safe extraction of tar archives"
)


@SAFE_TAR
def test_tar(tmp_path):
    paint_folders(tmp_path / "source" / "NWPU-RESISC45", ["airplane", "airport"], 5)
    with tarfile.open(tmp_path / "images.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "source" / "NWPU-RESISC45", "NWPU-RESISC45")
    shutil.rmtree(tmp_path / "source")
    assert extract_archives(tmp_path) == [tmp_path / "images.tar.gz"]
    assert len(load_dataset("resisc45", tmp_path, "train")) == 8


def test_gz(tmp_path):
    mnist(tmp_path / "digits", compressed=True)
    assert len(extract_archives(tmp_path / "digits")) == 4
    for path in (tmp_path / "digits").glob("*.gz"):
        path.unlink()
    assert len(load_dataset("mnist", tmp_path / "digits", "val")) == 2


def test_tar_archives_are_refused_if_python_is_too_old(tmp_path, monkeypatch):
    monkeypatch.delattr(tarfile, "data_filter", raising=False)
    tarfile.open(tmp_path / "images.tar", "w").close()
    with pytest.raises(RuntimeError, match=r"Python 3\.11\.4 or later"):
        extract_archives(tmp_path)


@SAFE_TAR
def test_tar_member_outside_the_folder(tmp_path):
    write(tmp_path / "secret.txt", ["mine"])
    (tmp_path / "data").mkdir()
    with tarfile.open(tmp_path / "data" / "images.tar", "w") as archive:
        archive.add(tmp_path / "secret.txt", "../stolen.txt")
    with pytest.raises(ValueError, match=r"images\.tar: extraction failed"):
        extract_archives(tmp_path / "data")
    assert not (tmp_path / "stolen.txt").exists()


def test_zip_member_outside_the_folder(tmp_path):
    (tmp_path / "data").mkdir()
    with zipfile.ZipFile(tmp_path / "data" / "images.zip", "w") as archive:
        archive.writestr("../stolen.txt", "mine")
        archive.writestr("cat/1.txt", "")
    extract_archives(tmp_path / "data")
    assert (tmp_path / "data" / "cat" / "1.txt").exists()
    assert not (tmp_path / "stolen.txt").exists()


def test_damaged_archive(tmp_path):
    (tmp_path / "images.zip").write_bytes(b"nonsense")
    with pytest.raises(ValueError, match=r"images\.zip: extraction failed"):
        extract_archives(tmp_path)


def test_no_archive(tmp_path):
    with pytest.raises(FileNotFoundError, match="no archives found"):
        extract_archives(tmp_path)
