"""The HTML page, parsed and in a real browser."""

from base64 import b64encode
from hashlib import sha256

import pytest

from sklearn_turtle.report import write_report
from tests.support.browser import browser, in_frame, with_script
from tests.support.page import Page
from tests.support.two_spaces import small_turtle, two_spaces

__all__ = ["browser"]

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
WIDTHS = [1280, 390]
# Report what is visible: the width of the window, the width that the page needs, the number of
# broken images, the number of hidden elements, and the color of the background.
LOOK = """
const root = document.documentElement;
const broken = [...document.images].filter(image => !image.naturalWidth).length;
const background = getComputedStyle(document.body).backgroundColor;
const hidden = [...document.querySelectorAll("img, h3, dd, li")].filter(e => !e.offsetHeight);
const seen = [innerWidth, root.scrollWidth, broken, hidden.length, background];
parent.document.documentElement.dataset["seen" + innerWidth] = seen.join(";");
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A report whose names, texts and titles are all hostile."""
    spaces, _ = two_spaces()
    turtle = small_turtle(max_iter=30, polish_iter=0)
    turtle.fit(dict(zip(HOSTILE, spaces, strict=False)))
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(
        path,
        turtle,
        spaces,
        names=HOSTILE[:4],
        texts=[f"{HOSTILE[row % 8]} {'x' * row}" for row in range(240)],
        n_representatives=12,
        title=HOSTILE[1],
        map_method="pca",
    )
    return path


@pytest.fixture(scope="module")
def framed(browser, hostile, tmp_path_factory):
    """What the scripts of a page of frames report as attributes of its root.

    The frames show the hostile report with a forbidden script, with an allowed script, and at
    each width with a script that reports what is visible.
    """
    html = hostile.read_text(encoding="utf-8")
    frames = [in_frame(with_script(html, LOOK, allowed=True), width) for width in WIDTHS]
    for name in ("forbidden", "allowed"):
        script = f"parent.document.documentElement.dataset.{name} = 'ran'"
        frames.append(in_frame(with_script(html, script, allowed=name == "allowed"), 800))
    path = tmp_path_factory.mktemp("frames") / "page.html"
    path.write_text("\n".join(frames), encoding="utf-8")
    return Page(browser(path)).all("html")[0]


def test_page_holds_everything_that_it_shows(hostile):
    page = Page(hostile.read_text(encoding="utf-8"))
    assert all(image["src"].startswith("data:image/") for image in page.all("img"))
    assert all(image["alt"] for image in page.all("img"))
    assert {element["tag"] for element in page.elements}.isdisjoint(
        {"script", "link", "iframe", "object", "embed", "base", "form"}
    )
    targets = {f"#{element['id']}" for element in page.elements if "id" in element}
    assert {link["href"] for link in page.all("a")} <= targets
    (policy,) = page.all("meta", **{"http-equiv": "Content-Security-Policy"})
    (style,) = page.all("style")
    digest = b64encode(sha256(style["text"].encode()).digest()).decode()
    assert policy["content"] == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )


def test_hostile_texts_are_shown_and_do_nothing(browser, hostile):
    page = Page(browser(hostile))
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


def test_the_policy_forbids_scripts(framed):
    assert "data-forbidden" not in framed
    assert framed["data-allowed"] == "ran"


@pytest.mark.parametrize("width", WIDTHS)
def test_page_fits_the_screen(framed, width):
    seen = framed[f"data-seen{width}"].split(";")
    window, needed, broken, hidden = map(int, seen[:4])
    assert window == width
    assert needed <= width
    assert broken == hidden == 0
    assert seen[4] in ("rgb(245, 246, 248)", "rgb(18, 22, 28)")
