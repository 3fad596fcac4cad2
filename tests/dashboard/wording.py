"""What the sources of pages and letters say of texts: which keys they name, with what."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor
from jinja2 import Environment, nodes

import leadline.dashboard
import leadline.letters

ROOM = Path(leadline.dashboard.__file__).parent
TEMPLATES = sorted((ROOM / "templates").glob("*.html"))
LETTERS = Path(leadline.letters.__file__).parent
SOURCES = sorted([*ROOM.rglob("*.py"), *LETTERS.rglob("*.py")])

_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SILENT_ATTRIBUTE = re.compile(r' aria-(?:describedby|invalid)="[^"]*"')
_SHOWN_ATTRIBUTES = ("alt", "aria-label", "data-copied", "placeholder", "title")


class Message(NamedTuple):
    """A text as it is written: what it needs, and by which cases it chooses its words."""

    file: str
    arguments: frozenset[str]
    cases: frozenset[str]


def messages(language: str) -> list[tuple[str, Message]]:
    """Every text with its key, in the order of the files."""
    found = []
    for path in sorted((ROOM / "texts" / language).iterdir()):
        for entry in FluentParser().parse(path.read_text("utf-8")).body:
            assert not isinstance(entry, ftl.Junk), (path, entry.content)
            if isinstance(entry, ftl.Message):
                reading = _Reading()
                reading.visit(entry)
                message = Message(path.name, frozenset(reading.needs), frozenset(reading.cases))
                found.append((entry.id.name, message))
    return found


class _Reading(Visitor):
    def __init__(self) -> None:
        self.needs: set[str] = set()
        self.cases: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:
        self.needs.add(node.id.name)

    def visit_Variant(self, node: ftl.Variant) -> None:
        if isinstance(node.key, ftl.Identifier):
            self.cases.add(node.key.name)
        self.generic_visit(node)


class Use(NamedTuple):
    """A key that a source names. `arguments` is None where they cannot be read off the source."""

    place: str
    key: str
    arguments: frozenset[str] | None


@cache
def _template(path: Path) -> nodes.Template:
    return Environment().parse(path.read_text("utf-8"))


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def uses() -> list[Use]:
    return [*_in_templates(), *_in_sources()]


def _in_templates() -> Iterator[Use]:
    for path in TEMPLATES:
        for call in _template(path).find_all(nodes.Call):
            if not call.args or not _is_texts(call.node):
                continue
            arguments = frozenset(argument.key for argument in call.kwargs)
            for key in _constants(call.args[0]):
                yield Use(path.name, key, None if call.dyn_kwargs else arguments)


def _is_texts(node: nodes.Node) -> bool:
    """Whether it is `t` or `t.html`."""
    if isinstance(node, nodes.Getattr):
        return node.attr == "html" and _is_texts(node.node)
    return isinstance(node, nodes.Name) and node.name == "t"


def _constants(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Const):
        yield node.value
    if isinstance(node, nodes.CondExpr):
        for branch in (node.expr1, node.expr2):
            if branch is not None:
                yield from _constants(branch)


def _in_sources() -> Iterator[Use]:
    """`texts("key")`, `self("key")` in the texts themselves, and `Refused(404, "key")`."""
    for path in SOURCES:
        for call in _nodes(path):
            if not isinstance(call, ast.Call):
                continue
            given = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
            arguments = frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
            has_more = any(keyword.arg is None for keyword in call.keywords)
            match given:
                case [str() as key] if _called(call) in ("texts", "self"):
                    yield Use(path.name, key, None if has_more else arguments)
                case [int() as status, str() as key] if 400 <= status < 600:
                    yield Use(path.name, key, frozenset())
                    yield Use(path.name, f"{key}-text", None if has_more else arguments)


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""


def named() -> set[str]:
    """Every word in any source: it may be a key that is used elsewhere."""
    found = set()
    for path in SOURCES:
        for node in _nodes(path):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    for path in TEMPLATES:
        found |= {str(node.value) for node in _template(path).find_all(nodes.Const)}
    return found


def patterns() -> set[str]:
    """Expressions for the keys that sources put together, as `role-` with the name of a role."""
    found = set()
    for path in SOURCES:
        for node in _nodes(path):
            if isinstance(node, ast.Call) and node.args:
                match _called(node), node.args[0]:
                    case "texts", ast.JoinedStr(parts):
                        found.add("".join(map(_of_part, parts)))
    for path in TEMPLATES:
        for call in _template(path).find_all(nodes.Call):
            if _is_texts(call.node) and call.args and isinstance(call.args[0], nodes.Concat):
                found.add("".join(map(_of_part, call.args[0].nodes)))
    return found


def _of_part(part: object) -> str:
    if isinstance(part, ast.Constant | nodes.Const):
        return re.escape(str(part.value))
    return r"[\w-]+"


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: set[str] = set()

    def handle_data(self, data: str) -> None:
        self.words |= set(re.findall(r"[^\W\d_]{2,}", data))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in _SHOWN_ATTRIBUTES:
                self.handle_data(value or "")


def words_outside_of_texts(template: Path) -> set[str]:
    """What a template says by itself, in its text and in attributes that people get to know."""
    markup = _EXPRESSION.sub("", template.read_text("utf-8"))
    shown = _Shown()
    shown.feed(_SILENT_ATTRIBUTE.sub("", markup))
    return shown.words
