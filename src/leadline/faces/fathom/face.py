"""Fathom's dialect as a face: who may do what, which bodies it reads, how it answers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from leadline.access import Caller
from leadline.faces.endpoint import Dialect, Need
from leadline.faces.face import JSON, BrokenBody, Exchange, Face, WrongContentType
from leadline.faces.fathom.endpoints import ENDPOINTS
from leadline.faces.fathom.errors import InvalidFields, NotPermitted, describe
from leadline.faces.fathom.shapes import cleaned, of_form
from leadline.sites import Site, SiteNotFound

FORM = "application/x-www-form-urlencoded"


class FathomFace(Face):
    dialect = Dialect(
        prefix="/v1",
        title="Leadline: Fathom's API",
        introduction=(
            "The API that clients of Fathom Analytics speak. A site's id is its tracking code; its"
            " slug is accepted too."
        ),
        endpoints=ENDPOINTS,
        body_types=(JSON, FORM),
        needs_bodies=False,
        exposed_headers=("Retry-After",),
    )

    def count(self, exchange: Exchange, caller: Caller | None) -> None:
        if caller is not None:
            self.throttle.spend(caller.key)

    def permit(self, need: Need, caller: Caller, site: str | None) -> Site | None:
        """404 for a site that the token may not see, 400 for what it may not do."""
        may = caller.abilities
        if site is None:
            allowed = {
                Need.TOKEN: True,
                Need.READ_NAMED: True,  # of the site it is asked when that is known
                Need.READ_ALL: may.sees_all,
                Need.FULL: may.full,
            }
            if not allowed[need]:
                raise NotPermitted
            return None
        found = self._services.sites.get(caller.organisation, site)
        if not found.is_active or not may.may_read(found.id):
            raise SiteNotFound(site)
        allowed = {
            Need.READ: True,
            Need.MANAGE: may.may_manage(found.id),
            Need.FULL_ON_SITE: may.full,
        }
        if not allowed[need]:
            raise NotPermitted
        return found

    def parse_query(self, shape: type[BaseModel], given: Mapping[str, str]) -> BaseModel:
        present = {name: value for name, value in cleaned(dict(given)).items() if value is not None}
        return _validated(shape, present)

    def parse_body(self, shape: type[BaseModel], exchange: Exchange) -> BaseModel:
        return _validated(shape, cleaned(_decoded(exchange)), exchange.site)

    def success(self, exchange: Exchange, status: int, answer: BaseModel) -> Response:
        return Response(answer.model_dump_json(), status, media_type=JSON)

    def failure(self, exchange: Exchange, error: Exception) -> Response:
        status, body, headers = describe(error)
        return Response(msgspec.json.encode(body), status, dict(headers), JSON)

    def error_schema(self) -> dict[str, object]:
        sentences = {"type": "array", "items": {"type": "string"}}
        return {
            "title": "Error",
            "description": "`errors` for invalid fields, else `error`.",
            "type": "object",
            "properties": {
                "error": {"type": "string"},
                "errors": {"type": "object", "additionalProperties": sentences},
            },
            "oneOf": [{"required": ["error"]}, {"required": ["errors"]}],
        }


def _validated(
    shape: type[BaseModel], values: dict[str, Any], site: Site | None = None
) -> BaseModel:
    try:
        return shape.model_validate(values, context=site)
    except ValidationError as error:
        raise InvalidFields.of(error) from error


def _decoded(exchange: Exchange) -> dict[str, Any]:
    """The fields of a JSON or a form body; of none, no fields."""
    if not exchange.body.strip():
        return {}
    kind = exchange.content_type
    if kind == FORM:
        return of_form(_form(exchange.body))
    if kind not in (JSON, "") and not kind.endswith("+json"):
        raise WrongContentType(f"A body is {JSON} or {FORM}")
    try:
        found = msgspec.json.decode(exchange.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenBody("The body is not valid JSON") from error
    if not isinstance(found, dict):
        raise BrokenBody("The body has to be a JSON object")
    return found


def _form(body: bytes) -> dict[str, str]:
    try:
        text = body.decode()
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
    except ValueError as error:
        raise BrokenBody("The body is not valid form data") from error
