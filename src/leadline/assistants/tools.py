"""What assistants may ask: endpoints of SealMetrics' dialect that only read, as described there."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from leadline.faces.openapi import Document
from leadline.faces.seal import SealFace

TOOLS = (
    ("GET", "/sites"),
    ("GET", "/segments"),
    ("GET", "/stats/overview"),
    ("GET", "/stats/pages"),
    ("GET", "/stats/landing-pages"),
    ("GET", "/stats/sources"),
    ("GET", "/stats/mediums"),
    ("GET", "/stats/campaigns"),
    ("GET", "/stats/terms"),
    ("GET", "/stats/referrers"),
    ("GET", "/stats/channels"),
    ("GET", "/stats/geo/countries"),
    ("GET", "/stats/devices"),
    ("GET", "/stats/conversions"),
    ("GET", "/stats/microconversions"),
    ("GET", "/stats/properties/keys"),
    ("GET", "/stats/properties/values"),
    ("POST", "/stats/funnel"),
    ("POST", "/stats/query"),
)
"""By method and path; none of them changes anything."""

_SCHEMAS = "#/components/schemas/"
_DEFINITIONS = "#/$defs/"


class Tool(NamedTuple):
    """`takes` is a JSON schema of the arguments, of which those in `in_query` go there and all
    others into the body."""

    name: str
    title: str
    description: str
    method: str
    path: str
    takes: dict[str, Any]
    in_query: frozenset[str]


@lru_cache(maxsize=1)
def tools() -> Mapping[str, Tool]:
    """By name."""
    dialect = SealFace.dialect
    document = Document(dialect, {}).content
    found = (_tool(document, method, path) for method, path in TOOLS)
    return {tool.name: tool for tool in found}


def _tool(document: dict[str, Any], method: str, path: str) -> Tool:
    operation = document["paths"][path][method.lower()]
    schemas = document["components"]["schemas"]
    parameters = operation.get("parameters", [])
    properties = {each["name"]: each["schema"] for each in parameters}
    required = [each["name"] for each in parameters if each["required"]]
    in_query = frozenset(properties)
    if "requestBody" in operation:
        (content,) = operation["requestBody"]["content"].values()
        body = schemas[content["schema"]["$ref"].removeprefix(_SCHEMAS)]
        properties |= body["properties"]
        required += body.get("required", [])
    takes: dict[str, Any] = {"type": "object", "properties": properties, "required": required}
    definitions = {name: schemas[name] for name in _named(takes, schemas)}
    if definitions:
        takes["$defs"] = definitions
    description = operation["description"].partition("Permission:")[0].strip()
    return Tool(
        name=operation["operationId"],
        title=operation["summary"],
        description=f"{operation['summary']}. {description}".strip(),
        method=method,
        path=path,
        takes=_moved(takes),
        in_query=in_query,
    )


def _named(schema: Any, schemas: Mapping[str, Any]) -> set[str]:
    """The schemas that one needs, and those that they need."""
    found: set[str] = set()
    waiting = _references(schema)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(schemas[name])
    return found


def _references(schema: Any) -> list[str]:
    return re.findall(rf"'{re.escape(_SCHEMAS)}([^']+)'", repr(schema))


def _moved(schema: Any) -> Any:
    """The same with its definitions in it."""
    if isinstance(schema, dict):
        return {
            key: value.replace(_SCHEMAS, _DEFINITIONS) if key == "$ref" else _moved(value)
            for key, value in schema.items()
        }
    return [_moved(each) for each in schema] if isinstance(schema, list) else schema
