"""A dialect's reference page for people: its endpoints, rendered on the server."""

from functools import lru_cache
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp

from leadline.faces.openapi import Document

POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("leadline.faces"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def reference_page(document: Document) -> ASGIApp:
    page = _environment().get_template("reference.html").render(document=document, type=_type_of)
    return HTMLResponse(page, headers=HEADERS)


def _type_of(rules: dict[str, Any]) -> str:
    """A field's schema in a few words."""
    if "anyOf" in rules:
        return " or ".join(_type_of(choice) for choice in rules["anyOf"])
    if "$ref" in rules:
        return str(rules["$ref"].rpartition("/")[2])
    if "enum" in rules:
        return ", ".join(str(choice) for choice in rules["enum"])
    if "items" in rules:
        return f"list of {_type_of(rules['items'])}"
    if "const" in rules:
        return str(msgspec.json.encode(rules["const"]).decode())
    kind = rules.get("type", "any")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
