"""A page taken apart."""

from html.parser import HTMLParser


class Elements(HTMLParser):
    """The elements of a page, each with its attributes, and all of its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def safe(html: str) -> Elements:
    """The page's elements: none runs a script of its own or loads what is not the server's."""
    page = Elements(html)
    for tag, attributes in page.found:
        assert tag not in ("style", "iframe", "object", "base"), tag
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        if tag == "script":
            assert attributes["src"]
        for name in ("src", "href", "action"):
            address = attributes.get(name)
            assert address is None or (address[:1] in "/#" and address[1:2] != "/"), (tag, address)
    return page
