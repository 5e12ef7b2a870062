import pytest

from sklearn_turtle.report import write_report
from tests.support.page import Page
from tests.support.two_spaces import small_turtle, two_spaces

WORDS = ["apple", "brick", "cloud", "daisy"]


@pytest.fixture(autouse=True)
def _matplotlib():
    pytest.importorskip("matplotlib")


@pytest.fixture(scope="package")
def blobs():
    """Two spaces of blobs, the text of each sample, and a clustering; do not change them."""
    spaces, y = two_spaces()
    texts = [f"{WORDS[label]} number {row}" for row, label in enumerate(y)]
    return spaces, texts, small_turtle().fit(spaces)


@pytest.fixture
def write_page(tmp_path):
    """A function that writes a report and parses it."""

    def write(*arguments, **options):
        path = tmp_path / "report.html"
        write_report(path, *arguments, **{"map_method": "pca", **options})
        return Page(path.read_text(encoding="utf-8"))

    return write
