"""File names as users give them, and errors that name the file."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._extras import broken_package, is_installed

# Packages to install for formats that the required packages cannot read.
_PACKAGES = {
    ".csv": "pandas",
    ".tsv": "pandas",
    ".h5": "h5py",
    ".hdf5": "h5py",
    ".parquet": "pandas pyarrow",
    ".safetensors": "safetensors",
    ".zarr": "zarr",
}


def split_name(name: str, suffixes: Iterable[str]) -> tuple[Path, str | None]:
    """Split ``file:array`` into the file and the array.

    Parameters
    ----------
    name : str
        A file, or a file and the name of an array or a column in it.
    suffixes : iterable of str
        A colon separates the two parts only if one of these suffixes precedes it; otherwise it
        belongs to the path.

    Returns
    -------
    path : Path
        The file.
    member : str or None
        The array or column; None if the name does not contain one.
    """
    path, colon, member = name.rpartition(":")
    if colon and suffix_of(Path(path)) in suffixes and not Path(name).exists():
        return Path(path), member
    return Path(name), None


def suffix_of(path: Path) -> str:
    """Suffix of a file in lower case; the last two suffixes if the file is compressed."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() + suffix if suffix == ".gz" else suffix


def check_suffix(name: str, path: Path, suffixes: Iterable[str], content: str) -> None:
    """Raise FileError if the suffix of a file is not one of the given suffixes.

    Parameters
    ----------
    name : str
        The file as the user gave it, for the message.
    path : Path
        The file.
    suffixes : iterable of str
        Valid suffixes, in lower case.
    content : str
        The content of the file, for the message.
    """
    suffix = suffix_of(path)
    if suffix not in suffixes:
        raise FileError(
            f"{name}: unknown suffix {suffix!r} for {content}; choose from {', '.join(suffixes)}"
        )


def check_is_file(name: str, path: Path) -> None:
    """Raise FileError if a file is missing or is a folder.

    Parameters
    ----------
    name : str
        The file as the user gave it, for the message.
    path : Path
        The file; a ``.zarr`` may be a folder.
    """
    if not path.exists():
        raise FileError(f"{name}: there is no such file")
    if path.is_dir() and path.suffix.lower() != ".zarr":
        raise FileError(f"{name}: is a folder, not a file")


@contextmanager
def errors_naming(name: str) -> Iterator[None]:
    """Turn any error of a reader into a FileError of one line that names the file.

    Parameters
    ----------
    name : str
        The file as the user gave it.
    """
    try:
        yield
    except FileError:
        raise
    except ImportError as error:
        suffix = suffix_of(split_name(name, _PACKAGES)[0]).removesuffix(".gz")
        packages = _PACKAGES.get(suffix, error.name or "")
        if all(map(is_installed, packages.split())):
            raise FileError(f"{name}: needs {packages}, {broken_package(error)}") from error
        raise FileError(
            f"{name}: a package that reads it is missing: pip install {packages}"
        ) from error
    except Exception as error:  # readers raise errors of any type on a damaged file
        if isinstance(error, OSError) and error.strerror:  # an error of the operating system
            raise FileError(f"{name}: {error.strerror}") from error
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise FileError(f"{name}: cannot be read ({reason[0]})") from error
