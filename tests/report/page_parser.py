"""Reads a page as a browser would, for the tests to ask."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """Collects ids, tags with their attributes, comments and text; scripts and styles are kept apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.comments: list[str] = []
        self.text = ""
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if identifier := attributes.get("id"):
            self.ids.append(identifier)
        if tag in self.raw:
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.raw[self._inside].append(data)
        else:
            self.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)
