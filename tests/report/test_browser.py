"""The report in a real browser: it shows what it should, at any width, and nothing hostile runs."""

import pytest

from sklearn_turtle.report import write_report
from tests.support.browser import browser, in_frame, with_script
from tests.support.page import Page
from tests.support.two_spaces import small_turtle, two_spaces

__all__ = ["browser"]

pytest.importorskip("matplotlib")

HARM = "document.documentElement.dataset.harm = 'done'"
HOSTILE = [
    f"<script>{HARM}</script>",
    f"</style></title></p><script>{HARM}</script>",
    f'"><img src=x onerror="{HARM}">',
    f"' onmouseover='{HARM}' autofocus onfocus='{HARM}",
    f'<svg onload="{HARM}"></svg> --><!-- <![CDATA[ ]]>',
    "<meta http-equiv='refresh' content='0;url=data:text/html,gone'>",
    "<style>* { display: none }</style> $\\frac{ {{7*7}} %s \\u003cscript\\u003e &lt;b&gt; \x00",
    "\ud800 \u202e right to left",
]
# what one sees: the window, the width that the page needs, pictures that are broken, and the paper
LOOK = """
const root = document.documentElement;
const broken = [...document.images].filter(image => !image.naturalWidth).length;
const paper = getComputedStyle(document.body).backgroundColor;
const hidden = [...document.querySelectorAll("img, h3, dd, li")].filter(e => !e.offsetHeight);
const seen = [innerWidth, root.scrollWidth, broken, hidden.length, paper];
parent.document.documentElement.dataset.seen = seen.join(";");
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A report in which all that is shown is hostile."""
    spaces, _ = two_spaces()
    turtle = small_turtle().fit(dict(zip(HOSTILE, spaces, strict=False)))
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(
        path,
        turtle,
        spaces,
        names=HOSTILE[:4],
        texts=[f"{HOSTILE[row % 8]} {'x' * row}" for row in range(240)],
        title=HOSTILE[1],
        map_method="pca",
    )
    return path


def test_hostile_texts_do_nothing(browser, hostile):
    dom = browser(hostile)
    page = Page(dom)
    assert "data-harm" not in page.all("html")[0]
    assert page.texts("title") == page.texts("h1") == [HOSTILE[1]]
    assert page.texts("h3")[4:] == HOSTILE[:4]
    tags = {element["tag"] for element in page.elements}
    assert tags.isdisjoint({"script", "svg", "b"})
    assert len(page.all("style")) == 1
    assert len(page.all("img")) == 4
    handlers = {name for element in page.elements for name in element if name.startswith("on")}
    assert not handlers
    shown = " ".join(page.texts("li"))
    assert all(text.split("\x00")[0].split("\ud800")[0].strip() in shown for text in HOSTILE)


def test_the_policy_is_a_second_wall(browser, hostile, tmp_path):
    html = hostile.read_text(encoding="utf-8")
    path = tmp_path / "page.html"
    seen = []
    for allowed in (False, True):
        path.write_text(with_script(html, HARM, allowed=allowed), encoding="utf-8")
        seen.append("data-harm" in Page(browser(path)).all("html")[0])
    assert seen == [False, True]


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_the_screen(browser, hostile, tmp_path, width):
    path = tmp_path / "page.html"
    html = hostile.read_text(encoding="utf-8")
    framed = in_frame(with_script(html, LOOK, allowed=True), width)
    path.write_text(framed, encoding="utf-8")
    seen = Page(browser(path)).all("html")[0]["data-seen"].split(";")
    window, needed, broken, hidden = map(int, seen[:4])
    assert window == width
    assert needed <= width
    assert broken == hidden == 0
    assert seen[4] in ("rgb(245, 246, 248)", "rgb(18, 22, 28)")
