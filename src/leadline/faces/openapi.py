"""A dialect's OpenAPI 3.1 document, made from its table of endpoints."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from leadline import __version__
from leadline.faces.endpoint import ABOUT_A_SITE, Dialect, Endpoint, Need, Nothing

_REFERENCE = "#/components/schemas/{model}"
_NUMBERS = frozenset(("mapping_id", "entry_id", "rule_id", "referrer_id"))
"""The parameters of addresses that are whole numbers."""
_SECURITY: list[dict[str, list[str]]] = [{"bearer": []}, {"apiKey": []}]

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
}


class Document:
    """The description of one face, for programs; the reference page is made of it too."""

    def __init__(self, dialect: Dialect, error: dict[str, object]) -> None:
        """`error` is the JSON schema of every refusal."""
        self.dialect = dialect
        shapes: list[tuple[type[BaseModel], Any]] = []
        for endpoint in dialect.endpoints:
            shapes.append((endpoint.answer, "serialization"))
            shapes += [(shape, "validation") for shape in (endpoint.query, endpoint.body) if shape]
        self._references, definitions = models_json_schema(shapes, ref_template=_REFERENCE)
        self.schemas: dict[str, Any] = definitions.get("$defs", {}) | {"Error": error}
        self.content = {
            "openapi": "3.1.0",
            "info": {
                "title": dialect.title,
                "version": __version__,
                "description": dialect.introduction,
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "servers": [{"url": dialect.prefix}],
            "paths": self._paths(),
            "components": {
                "schemas": self.schemas,
                "securitySchemes": {
                    "bearer": {"type": "http", "scheme": "bearer"},
                    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                },
            },
        }

    def encode(self) -> ASGIApp:
        body = msgspec.json.encode(self.content)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            response = Response(body, media_type="application/json", headers=HEADERS)
            await response(Request(scope).scope, receive, send)

        return app

    def properties(self, shape: type[BaseModel]) -> dict[str, Any]:
        """The fields that may be sent, each with its schema and whether it is `required`.

        Of a body that may be an array those of a row.
        """
        return self._fields(self._references[(shape, "validation")])

    def answer(self, endpoint: Endpoint) -> dict[str, Any]:
        """The fields of a success; of an envelope those inside, of a list also those of a row."""
        fields = self._fields(self._references[(endpoint.answer, "serialization")])
        if "$ref" in fields.get("data", {}):
            fields = self._fields(fields["data"])
        rows = [rules["items"] for rules in fields.values() if "$ref" in rules.get("items", {})]
        for row in rows:
            fields = fields | {f"… {name}": rules for name, rules in self._fields(row).items()}
        return fields

    def _fields(self, reference: Mapping[str, Any]) -> dict[str, Any]:
        if "$ref" not in reference:
            return {}
        schema = self.schemas[reference["$ref"].rpartition("/")[2]]
        if "anyOf" in schema:
            return self._fields(schema["anyOf"][0])
        required = schema.get("required", ())
        return {
            field: rules | {"required": field in required}
            for field, rules in schema.get("properties", {}).items()
        }

    def _paths(self) -> dict[str, dict[str, Any]]:
        """The operations by address. Addresses that differ in names alone are one, as they are
        for a client; it has the names of the first."""
        paths: dict[str, dict[str, Any]] = {}
        first: dict[str, str] = {}
        for endpoint in self.dialect.endpoints:
            own = re.sub(r"{(\w+):\w+}", r"{\1}", endpoint.path)
            path = first.setdefault(re.sub(r"{\w+}", "{}", own), own)
            operation = self._operation(endpoint, own)
            for name, said in zip(_names(own), _names(path), strict=True):
                _rename_parameter(operation, name, said)
            paths.setdefault(path, {})[endpoint.method.lower()] = operation
        return paths

    def _operation(self, endpoint: Endpoint, path: str) -> dict[str, Any]:
        operation: dict[str, Any] = {
            "summary": endpoint.summary,
            "description": f"{endpoint.description}\n\nPermission: {endpoint.need.value}.".strip(),
            "operationId": _operation_id(endpoint),
            "tags": [endpoint.group],
            "responses": {str(endpoint.status): self._success(endpoint)}
            | {str(status): _failure(why) for status, why in _errors(endpoint).items()},
        }
        if endpoint.deprecated:
            operation["deprecated"] = True
        if endpoint.need is not Need.NOTHING:
            is_person = endpoint.need in (Need.PERSON, Need.OWNER)
            operation["security"] = _SECURITY[:1] if is_person else _SECURITY
        parameters = [_path_parameter(name) for name in _names(path)]
        if endpoint.query is not None:
            parameters += [
                {"name": name, "in": "query", "required": rules.pop("required"), "schema": rules}
                for name, rules in self.properties(endpoint.query).items()
            ]
        if parameters:
            operation["parameters"] = parameters
        if endpoint.body is not None:
            schema = self._references[(endpoint.body, "validation")]
            operation["requestBody"] = {
                "required": not endpoint.has_optional_body
                and (
                    self.dialect.needs_bodies
                    or any(field["required"] for field in self.properties(endpoint.body).values())
                ),
                "content": {
                    kind: {"schema": schema if kind.endswith("json") else self._as_form(schema)}
                    for kind in self.dialect.body_types
                },
            }
        return operation

    def _as_form(self, reference: Mapping[str, Any]) -> dict[str, Any]:
        """The same body as a form, in which there is no null."""
        name = reference["$ref"].rpartition("/")[2]
        fields = {
            field: _without_null(rules) for field, rules in self.schemas[name]["properties"].items()
        }
        self.schemas[f"{name}Form"] = {**self.schemas[name], "properties": fields}
        return {"$ref": _REFERENCE.format(model=f"{name}Form")}

    def _success(self, endpoint: Endpoint) -> dict[str, Any]:
        schema = self._references[(endpoint.answer, "serialization")]
        if endpoint.status >= 400:
            return _failure("Retired.")
        if endpoint.answer is Nothing:
            return {"description": "Success."}
        content = {kind: {"schema": schema} for kind in endpoint.media_types}
        return {"description": "Success.", "content": content}


def _errors(endpoint: Endpoint) -> dict[int, str]:
    common: dict[int, str] = {}
    if endpoint.need is not Need.NOTHING:
        common |= {401: "No valid token.", 429: "Too many requests; see Retry-After."}
    if endpoint.need in ABOUT_A_SITE:
        common |= {404: "No such site."}
    if endpoint.body is not None:
        common |= {413: "The body is too large.", 415: "The content type is not supported."}
    return dict(sorted((common | dict(endpoint.errors)).items()))


def _failure(why: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": why, "content": {"application/json": {"schema": schema}}}


def _names(path: str) -> list[str]:
    return re.findall(r"{(\w+)}", path)


def _rename_parameter(operation: dict[str, Any], name: str, said: str) -> None:
    if name != said:
        (parameter,) = (each for each in operation["parameters"] if each["name"] == name)
        parameter |= {"name": said, "description": f"Here the `{name}`."}


def _without_null(rules: dict[str, Any]) -> dict[str, Any]:
    choices = [choice for choice in rules.get("anyOf", ()) if choice != {"type": "null"}]
    if not choices:
        return rules
    if choices == [{"type": "boolean"}]:
        choices = [{"enum": [True, False, 1, 0]}]
    rest = {name: value for name, value in rules.items() if name not in ("anyOf", "default")}
    return rest | (choices[0] if len(choices) == 1 else {"anyOf": choices})


def _path_parameter(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer" if name in _NUMBERS else "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _operation_id(endpoint: Endpoint) -> str:
    return re.sub(r"\W+", "_", endpoint.summary.lower()).strip("_")
