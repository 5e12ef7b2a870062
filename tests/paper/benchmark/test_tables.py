"""The files of the tables."""

import json

from sklearn_turtle.paper.benchmark import BenchmarkResults
from sklearn_turtle.paper.benchmark._tables import write_tables
from tests.support.small_benchmark import run


def test_files_can_be_read(folder):
    results = run(folder, ["kmeans", "linear-probe"], datasets=["mnist"])
    content = json.loads((folder / "out" / "results.json").read_text())
    assert content["cells"] == results.records
    assert (folder / "out" / "results.md").read_text() == results.to_markdown()
    header, *rows = (folder / "out" / "results.csv").read_text().splitlines()
    assert header.startswith("origin,dataset,label,method,supervision,spaces,seed,accuracy")
    assert [row.split(",")[:3] for row in rows[:2]] == [
        ["measured", "mnist", "kmeans"],
        ["measured", "mnist", "linear-probe"],
    ]


def test_json_has_null_in_place_of_nan(folder):
    (record,) = run(folder, datasets=["mnist"]).records
    write_tables(BenchmarkResults([record | {"NMI": float("nan")}]), folder)
    text = (folder / "results.json").read_text()
    assert "NaN" not in text
    assert json.loads(text)["cells"][0]["NMI"] is None
