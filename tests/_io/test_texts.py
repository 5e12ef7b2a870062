"""Texts: tables and lines, separators, encodings and missing texts."""

import gzip
import json

import pandas as pd
import pytest

from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._texts import TextFormat, read_texts

WORDS = ["None", "null", "NA", "N/A", "nan", "NaN", "-", "true", "12"]


@pytest.fixture
def write(tmp_path):
    """Write a file, compressed if its suffix says so; returns its name."""

    def write(name, text, encoding="utf-8"):
        content = text.encode(encoding)
        is_compressed = name.lower().endswith(".gz")
        (tmp_path / name).write_bytes(gzip.compress(content) if is_compressed else content)
        return str(tmp_path / name)

    return write


def json_lines(*entries):
    return "".join(json.dumps(entry) + "\n" for entry in entries)


class TestLines:
    @pytest.mark.parametrize("name", ["x.txt", "X.TXT", "x.txt.gz"])
    def test_lines(self, write, name):
        assert read_texts(write(name, "one text\r\n\n another \n")) == ["one text", "another"]

    def test_no_columns(self, write):
        with pytest.raises(FileError, match=r"x\.txt: has no columns; remove :text"):
            read_texts(write("x.txt", "a\n") + ":text")


class TestTables:
    @pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.tsv", "x.tsv.gz", "X.CSV.GZ"])
    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_the_separator_is_recognized(self, write, name, separator):
        rows = [["stars", "text"], ["5", f'"good{separator} cheap, fast"'], ["1", ""]]
        path = write(name, "\n".join(map(separator.join, rows)))
        expected = [f"good{separator} cheap, fast", None]
        assert read_texts(f"{path}:text") == expected
        with pytest.raises(FileError, match=r"contains stars, text; choose one"):
            read_texts(path)

    def test_commas_in_unquoted_texts_of_another_separator(self, write):
        path = write("x.csv", "id;text\n1;good, cheap, fast\n2;bad\n")
        assert read_texts(f"{path}:text") == ["good, cheap, fast", "bad"]

    def test_a_given_separator(self, write):
        path = write("x.csv", "id~text\n1~a\n2~b\n")
        assert read_texts(f"{path}:text", TextFormat(separator="~")) == ["a", "b"]
        with pytest.raises(FileError, match=r"only column is 'id~text'\); give .*--separator"):
            read_texts(f"{path}:text")

    def test_separators_within_texts_that_are_not_quoted(self, write):
        message = r"more columns than .*--separator ';', and quote texts"
        with pytest.raises(FileError, match=message):
            read_texts(write("x.csv", "text\nhello, world\ngood, bye\n"))
        with pytest.raises(FileError, match=r"separator ',' \(.*--separator"):
            read_texts(write("x.csv", "text\nhello\ngood, bye\n"))

    def test_only_column(self, write):
        assert read_texts(write("x.csv", "text\ngood; so\nbad\n")) == ["good; so", "bad"]

    def test_column_beside_an_index_that_pandas_wrote(self, write):
        path = write("x.csv", pd.DataFrame({"text": ["a", "b"]}).to_csv())
        assert read_texts(path) == ["a", "b"]

    @pytest.mark.parametrize("quote", ["", '"'])
    def test_words_for_nothing_are_texts(self, write, quote):
        rows = "".join(f"{quote}{word}{quote},1\n" for word in WORDS)
        assert read_texts(write("x.csv", f"text,y\n{rows}") + ":text") == WORDS

    def test_a_row_that_ends_early_has_no_text(self, write):
        assert read_texts(write("x.csv", "id,text\n1,a\n2\n") + ":text") == ["a", None]

    def test_long_texts(self, write):
        text = "word " * 60_000
        assert read_texts(write("x.csv", f"id;text\n1;{text}\n") + ":text") == [text]

    @pytest.mark.parametrize(("column", "row"), [("5\n1\n", "0 is 5"), ('""\n.5\n', "1 is 0.5")])
    def test_numbers(self, write, column, row):
        with pytest.raises(FileError, match=rf"x\.csv: expected texts, but row {row}"):
            read_texts(write("x.csv", "stars\n" + column))

    def test_parquet(self, tmp_path):
        table = pd.DataFrame({"id": [1, 2, 3], "text": ["None", None, "NA"]})
        table.to_parquet(tmp_path / "x.parquet")
        assert read_texts(f"{tmp_path}/x.parquet:text") == ["None", None, "NA"]
        with pytest.raises(FileError, match=r"contains id, text; choose one"):
            read_texts(f"{tmp_path}/x.parquet")


class TestJsonLines:
    @pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
    def test_objects(self, write, name):
        path = write(name, json_lines({"id": 1, "text": "None"}, {"text": None}, {"id": 3}))
        assert read_texts(f"{path}:text") == ["None", None, None]
        with pytest.raises(FileError, match=r"contains id, text; choose one, as in .*:id"):
            read_texts(path)
        with pytest.raises(FileError, match="expected texts, but row 0 is 1"):
            read_texts(f"{path}:id")

    def test_texts(self, write):
        path = write("x.jsonl", json_lines("a", "b\nc", None))
        assert read_texts(path) == ["a", "b\nc", None]
        with pytest.raises(FileError, match="no objects with names; remove :text"):
            read_texts(f"{path}:text")

    def test_a_broken_line(self, write):
        with pytest.raises(FileError, match=r"x\.jsonl: line 2 is not valid JSON"):
            read_texts(write("x.jsonl", '{"text": "a"}\n{"text": \n'))


class TestEncodings:
    @pytest.mark.parametrize("name", ["x.csv", "x.txt", "x.jsonl", "x.csv.gz"])
    def test_latin(self, write, name):
        text = json_lines({"text": "x"}) if "jsonl" in name else "text\n"
        text = text.replace("x", "caf\xe9") + ("" if "jsonl" in name else "caf\xe9\n")
        path = write(name, text, "latin-1")
        assert read_texts(path, TextFormat(encoding="latin-1"))[-1] == "caf\xe9"
        with pytest.raises(FileError, match=r"x\..*: cannot be decoded .* --encoding latin-1"):
            read_texts(path)

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_byte_order_marks(self, write, encoding):
        path = write("x.csv", "text;id\ncaf\xe9;1\n", encoding)
        assert read_texts(f"{path}:text") == ["caf\xe9"]

    def test_unknown_encoding(self, write):
        with pytest.raises(FileError, match=r"x\.txt: cannot be read \(unknown encoding: no"):
            read_texts(write("x.txt", "a"), TextFormat(encoding="no-such"))


def test_unknown_suffix(tmp_path):
    for name in ("x.npy", "x.gz", "x.npy.gz"):
        message = r"unknown suffix '.*' for texts; choose from \.csv, \.tsv, \.jsonl"
        with pytest.raises(FileError, match=message):
            read_texts(str(tmp_path / name))
