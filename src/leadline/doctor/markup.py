"""The elements of an HTML document, in one pass, as a browser's tokenizer sees them.

A page may be hostile: the time this takes grows with its length and no faster. That of
`html.parser`, and of what builds trees, grows with the square.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

_TAG = re.compile(r"<(?:(/?)([a-zA-Z][^\s/>]*)|!--|[!?/])")
_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:(>)|(=?[^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)?))?)"""
)
_COMMENT_END = re.compile(r"--!?>")
_TEXT_ONLY = frozenset(
    ("iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp")
)
"""What stands in them is text to a browser that runs scripts."""


@dataclass(frozen=True)
class Element:
    """A start tag. Names are in lower case; `text` is what the element holds, if only text."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


def elements(html: str) -> Iterator[Element]:
    """Those that take effect: none in comments, templates, or in what holds text only."""
    position = templates = 0
    while (tag := _TAG.search(html, position)) is not None:
        closing, name = tag[1], (tag[2] or "").lower()
        if not name:
            position = _after_comment(html, tag)
            continue
        attributes, position = _attributes(html, tag.end())
        if name == "template":
            templates = max(0, templates - 1) if closing else templates + 1
        elif not closing:
            text, position = _text(html, name, position)
            if not templates and position <= len(html):
                yield Element(name, attributes, text)


def _after_comment(html: str, tag: re.Match[str]) -> int:
    if tag[0] != "<!--":
        return _after(html.find(">", tag.end() - 1), 1, html)
    if html.startswith((">", "->"), tag.end()):
        return html.index(">", tag.end()) + 1
    end = _COMMENT_END.search(html, tag.end())
    return end.end() if end else len(html)


def _attributes(html: str, position: int) -> tuple[dict[str, str], int]:
    """Those of a tag, the first of each name, and where it ends: behind the page if it does not."""
    found: dict[str, str] = {}
    while (part := _ATTRIBUTE.match(html, position)) is not None and part.end() > position:
        position = part.end()
        end, name, *values = part.groups()
        if end:
            return found, position
        if name:
            value = next((value for value in values if value is not None), "")
            found.setdefault(name.lower(), _unescaped(value))
    rest = html.find(">", position)
    return found, _after(rest, 1, html) if rest >= 0 else len(html) + 1


def _unescaped(value: str) -> str:
    try:
        return unescape(value)
    except ValueError:  # a number of thousands of digits
        return value


def _text(html: str, name: str, position: int) -> tuple[str, int]:
    if name not in _TEXT_ONLY:
        return "", position
    end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, position)
    if end is None:
        return html[position:], len(html)
    return html[position : end.start()], end.start()


def _after(found: int, length: int, html: str) -> int:
    return found + length if found >= 0 else len(html)
