"""What stands in a page, by the parser of the standard library."""

from html.parser import HTMLParser

VOID = {"meta", "img"}


class Page(HTMLParser):
    """Elements of a page: tag, attributes and text."""

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
        """Elements with this tag and these attributes."""
        wanted = {"tag": tag, **attributes}
        return [e for e in self.elements if wanted.items() <= e.items()]

    def texts(self, tag, **attributes):
        return [element["text"].strip() for element in self.all(tag, **attributes)]

    @property
    def facts(self):
        return dict(zip(self.texts("dt"), self.texts("dd"), strict=True))

    @property
    def drawings(self):
        """Titles of the drawings."""
        titles = self.texts("h3")
        return titles[: len(self.all("img", **{"class": "drawing"}))]

    @property
    def rows(self):
        """Cells of the table of sizes, of each row."""
        cells = [e for e in self.elements if e["tag"] in ("td", "th")][6:]
        texts = [cell["text"].strip() for cell in cells]
        return [texts[start : start + 6] for start in range(0, len(texts), 6)]
