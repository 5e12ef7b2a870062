"""Parse a page and check that its tags match."""

from html.parser import HTMLParser

VOID = {"meta", "img"}


class Page(HTMLParser):
    """The elements of a page, each with its tag, attributes and text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self._open = [], []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, **dict(attrs), "text": ""}
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        assert self._open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self._open:
            element["text"] += data

    def all(self, tag, **attributes):
        """Return the elements with this tag and these attributes."""
        wanted = {"tag": tag, **attributes}
        return [e for e in self.elements if wanted.items() <= e.items()]

    def texts(self, tag, **attributes):
        """Return the texts of these elements."""
        return [element["text"].strip() for element in self.all(tag, **attributes)]

    @property
    def facts(self):
        """Key figures by name."""
        return dict(zip(self.texts("dt"), self.texts("dd"), strict=True))

    @property
    def plots(self):
        """Titles of the plots."""
        return self.texts("h3")[: len(self.all("img", **{"class": "plot"}))]

    @property
    def thumbnails(self):
        """Elements of all images that are not plots."""
        return [image for image in self.all("img") if image.get("class") != "plot"]

    @property
    def rows(self):
        """Cells of the table of sizes, row by row."""
        cells = [e for e in self.elements if e["tag"] in ("td", "th")][6:]
        texts = [cell["text"].strip() for cell in cells]
        return [texts[start : start + 6] for start in range(0, len(texts), 6)]
