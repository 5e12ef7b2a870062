"""Read texts from tables and from files with one text per line."""

import csv
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._file_names import (
    check_is_file,
    check_suffix,
    errors_naming,
    split_name,
    suffix_of,
)
from sklearn_turtle._io._formats import select_column, select_name

# What may separate the columns of a table, the most usual first.
_SEPARATORS = (",", ";", "\t", "|")
# The separator is recognized from the first rows.
_N_SAMPLED = 1 << 16
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class TextFormat:
    """How texts are stored in a file.

    Parameters
    ----------
    separator : str or None, default=None
        Character between the columns of a ``.csv`` or ``.tsv``. None to recognize it.
    encoding : str or None, default=None
        Encoding of the characters. None for UTF-8, or what a byte order mark says.
    """

    separator: str | None = None
    encoding: str | None = None


def read_texts(name: str, text_format: TextFormat | None = None) -> list[str | None]:
    """Read one text per sample.

    Parameters
    ----------
    name : str
        A table, ``.csv``, ``.tsv``, ``.jsonl`` or ``.parquet``; if it has several columns,
        ``file:column`` selects one. Or a ``.txt`` with one text per line. All but ``.parquet``
        may be compressed, such as ``.csv.gz``.
    text_format : TextFormat or None, default=None
        How the texts are stored; None to recognize it.

    Returns
    -------
    list of str or None
        None for a missing text, which is an empty cell of a table. Words such as "None" and "NA"
        are texts.

    Raises
    ------
    FileError
        If the file is missing, cannot be read, or does not contain texts.
    """
    path, wanted = split_name(name, TEXT_READERS)
    check_suffix(name, path, TEXT_READERS, "texts")
    check_is_file(name, path)
    with errors_naming(name), _errors_naming_options(name):
        texts = TEXT_READERS[suffix_of(path)](path, wanted, text_format or TextFormat())
    for row, text in enumerate(texts):
        if not (text is None or isinstance(text, str)):
            raise FileError(f"{name}: expected texts, but row {row} is {text!r}")
    return list(texts)


@contextmanager
def _errors_naming_options(name: str) -> Iterator[None]:
    try:
        yield
    except UnicodeError as error:
        raise FileError(
            f"{name}: cannot be decoded ({error}); give its encoding, as in --encoding latin-1"
        ) from error


@contextmanager
def _opened(path: Path, text_format: TextFormat) -> Iterator[IO[str]]:
    """Open a file that may be compressed for reading characters."""
    binary: Any = gzip.open if path.suffix.lower() == ".gz" else open
    with binary(path, "rb") as file:
        encoding = text_format.encoding
        if encoding is None:
            start = file.read(3)
            file.seek(0)
            marks = [name for mark, name in _BYTE_ORDER_MARKS.items() if start.startswith(mark)]
            encoding = marks[0] if marks else "utf-8"
        yield TextIOWrapper(file, encoding=encoding, newline="")


def _read_table(path: Path, wanted: str | None, text_format: TextFormat) -> Sequence[Any]:
    import pandas

    with _opened(path, text_format) as file:
        separator = text_format.separator
        if separator is None:
            separator = _recognize_separator(file.read(_N_SAMPLED), wanted)
            file.seek(0)
        try:
            table = pandas.read_csv(file, sep=separator, dtype=str, keep_default_na=False)
        except pandas.errors.ParserError as error:
            raise _other_separator(path, separator, str(error)) from error
    if not isinstance(table.index, pandas.RangeIndex):
        found = "the rows have more columns than the first line names"
        raise _other_separator(path, separator, found)
    if len(table.columns) > 1 and table.columns[0] == "Unnamed: 0":  # an index that pandas wrote
        table = table.iloc[:, 1:]
    if wanted is not None and wanted not in table.columns and len(table.columns) == 1:
        raise _other_separator(path, separator, f"the only column is {table.columns[0]!r}")
    # a row that ends early has missing values
    texts = [
        text if isinstance(text, str) and text else None
        for text in select_column(path, table, wanted)
    ]
    return _without_numbers(texts)


def _other_separator(path: Path, separator: str, found: str) -> FileError:
    return FileError(
        f"{path}: cannot be read with the separator {separator!r} ({found}); give it, as in "
        "--separator ';', and quote texts that contain it"
    )


def _recognize_separator(start: str, wanted: str | None) -> str:
    """Recognize the separator of a table from its first rows.

    It is the one with which the wanted column exists, or else with which all rows have the same
    number of columns, and more than one.
    """
    lines = start.splitlines(keepends=True)
    complete = lines if len(start) < _N_SAMPLED else lines[:-1]
    rows = {
        mark: [row for row in csv.reader(complete, delimiter=mark) if row] for mark in _SEPARATORS
    }
    for mark, cells in rows.items():
        if wanted is not None and cells and wanted in cells[0]:
            return mark
    for mark, cells in rows.items():
        widths = set(map(len, cells))
        if len(widths) == 1 and widths != {1}:
            return mark
    return _SEPARATORS[0]


def _without_numbers(texts: list[str | None]) -> list[Any]:
    """Replace texts by numbers if all of them are numbers: the column does not hold texts."""
    try:
        return [None if text is None else int(text) for text in texts]
    except ValueError:
        pass
    try:
        return [None if text is None else float(text) for text in texts]
    except ValueError:
        return texts


def _read_json_lines(path: Path, wanted: str | None, text_format: TextFormat) -> Sequence[Any]:
    with _opened(path, text_format) as file:
        entries = [_parse_line(path, k, line) for k, line in enumerate(file, 1) if line.strip()]
    if not any(isinstance(entry, dict) for entry in entries):
        if wanted is not None:
            raise FileError(f"{path}: the lines are no objects with names; remove :{wanted}")
        return entries
    rows = [entry if isinstance(entry, dict) else {} for entry in entries]
    column = select_name(path, dict.fromkeys(key for row in rows for key in row), wanted)
    return [row.get(column) for row in rows]


def _parse_line(path: Path, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise FileError(f"{path}: line {number} is not valid JSON ({error})") from error


def _read_parquet(path: Path, wanted: str | None, text_format: TextFormat) -> Sequence[Any]:
    import pandas

    texts = select_column(path, pandas.read_parquet(path), wanted)
    return [None if missing else text for text, missing in zip(texts, texts.isna(), strict=True)]


def _read_lines(path: Path, wanted: str | None, text_format: TextFormat) -> list[str]:
    if wanted is not None:
        raise FileError(f"{path}: has no columns; remove :{wanted}")
    with _opened(path, text_format) as file:
        lines = file.read().split("\n")
    return [line.strip() for line in lines if line.strip()]


_Reader = Callable[[Path, str | None, TextFormat], Sequence[Any]]
_PLAIN: dict[str, _Reader] = {
    ".csv": _read_table,
    ".tsv": _read_table,
    ".jsonl": _read_json_lines,
    ".txt": _read_lines,
}
#: Readers of texts by suffix.
TEXT_READERS: dict[str, _Reader] = {
    **_PLAIN,
    ".parquet": _read_parquet,
    **{f"{suffix}.gz": reader for suffix, reader in _PLAIN.items()},
}
