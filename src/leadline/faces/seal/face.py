"""SealMetrics' dialect as a face: who may do what, how bodies are read, the envelopes."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec
from pydantic import BaseModel
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from leadline.access import (
    Caller,
    NotAllowed,
    OrganisationNotFound,
    RateLimited,
    Role,
    Unauthenticated,
)
from leadline.faces.endpoint import Dialect, Download, Need, Nothing
from leadline.faces.face import JSON, Exchange, Face, WrongContentType
from leadline.faces.seal.cookies import ACCESS_COOKIE, check_csrf
from leadline.faces.seal.endpoints import ENDPOINTS
from leadline.faces.seal.errors import Forbidden, InvalidRequest, describe
from leadline.faces.seal.parsing import is_repeatable, validated
from leadline.sites import Site, SiteNotFound


class SealFace(Face):
    dialect = Dialect(
        prefix="/api/v1",
        title="Leadline: SealMetrics' API",
        introduction=(
            "The API that clients of SealMetrics speak. A site's id is its slug; its tracking code"
            " is accepted too. What a success answers is in its `data`."
        ),
        endpoints=ENDPOINTS,
        body_types=(JSON,),
        needs_bodies=True,
        exposed_headers=(
            "Retry-After",
            "X-Request-ID",
            "X-RateLimit-Limit",
            "X-RateLimit-Remaining",
            "X-RateLimit-Reset",
        ),
    )

    def authenticate(self, exchange: Exchange) -> Caller:
        """A token, or somebody who has signed in: by a header, or by a cookie and the same word in
        a header, which no page of another site can send."""
        secret = exchange.secret
        if secret is None:
            access = exchange.request.cookies.get(ACCESS_COOKIE)
            if access is None:
                raise Unauthenticated
            caller = Caller.of_person(self._services.sign_ins.authenticate(access))
            if exchange.request.method not in ("GET", "HEAD"):
                check_csrf(exchange.request.cookies, exchange.sent)
            return caller
        if secret.count(".") == 2:
            return Caller.of_person(self._services.sign_ins.authenticate(secret))
        return super().authenticate(exchange)

    def count(self, exchange: Exchange, caller: Caller | None) -> None:
        key = caller.key if caller else f"address {self.client_address(exchange)}"
        try:
            allowance = self.throttle.spend(key)
        except RateLimited as error:
            allowance = error.allowance
            raise
        finally:
            if allowance is not None:
                exchange.headers |= {
                    "X-RateLimit-Limit": str(allowance.limit),
                    "X-RateLimit-Remaining": str(allowance.remaining),
                    "X-RateLimit-Reset": str(allowance.reset),
                }

    def acting(self, need: Need, caller: Caller, request: Request) -> Caller:
        """In the organisation that the address names, or in that of the site.

        Where neither is named and somebody has to be able to do everything: in the oldest of
        their organisations where they are. Raises `OrganisationNotFound`.
        """
        slug = request.path_params.get("slug")
        if slug is not None:
            return self._in(slug, caller)
        site = request.path_params.get("site_id") or request.query_params.get("account_id")
        if site is not None:
            return self.about(site, caller)
        if need is Need.FULL:
            return next((each for each in caller.everywhere if each.abilities.full), caller)
        return caller

    def _in(self, slug: str, caller: Caller) -> Caller:
        """Raises `OrganisationNotFound`, also for one that they are not in."""
        found = self._services.organisations.named(slug)
        for each in caller.everywhere:
            if each.organisation == found.id:
                return each
        raise OrganisationNotFound(slug)

    def about(self, site: str, caller: Caller) -> Caller:
        """In the organisation of the site, if they are in it."""
        if len(caller.everywhere) > 1:
            for each in caller.everywhere:
                with suppress(SiteNotFound):
                    self._services.sites.get(each.organisation, site)
                    return each
        return caller

    def permit(self, need: Need, caller: Caller, site: str | None) -> Site | None:
        """403 for what the token may not do, and for every site that it may not see.

        Whether such a site exists is not told; to a token that sees all sites it is 404.
        """
        may = caller.abilities
        if need is Need.PERSON and caller.person is None:
            raise Forbidden("A token is nobody: sign in at /auth/token")
        if need is Need.MANAGER and not caller.role.may_manage:
            raise NotAllowed
        if need is Need.OWNER and caller.role is not Role.OWNER:
            raise NotAllowed
        if need in (Need.FULL, Need.FULL_ON_SITE) and not may.full:
            raise Forbidden("Required scope: write")
        if site is None:
            return None
        try:
            found = self._services.sites.get(caller.organisation, site)
        except SiteNotFound:
            if not may.sees_all:
                raise Forbidden(f"Access denied to account: {site}") from None
            if need in (Need.MANAGE, Need.ADMINISTER) and not may.full:
                raise Forbidden("Required scope: write") from None
            raise
        if not may.may_read(found.id):
            raise Forbidden(f"Access denied to account: {site}")
        if need is Need.MANAGE and not may.may_manage(found.id):
            raise Forbidden("Required scope: write")
        if need is Need.ADMINISTER and not may.may_administer(found.id):
            raise Forbidden("Required scope: accounts:manage_users")
        return found

    def parse_query(self, shape: type[BaseModel], given: QueryParams) -> BaseModel:
        """A repeatable parameter has all that is given, any other what is given last."""
        values = {
            name: given.getlist(name) if is_repeatable(shape, name) else last
            for name, last in given.items()
        }
        return validated(shape, values, "query")

    def parse_body(self, shape: type[BaseModel], exchange: Exchange) -> BaseModel:
        return validated(shape, _decoded(exchange), "body")

    def success(self, exchange: Exchange, status: int, answer: BaseModel) -> Response:
        body = b"" if isinstance(answer, Nothing) else answer.model_dump_json().encode()
        return self._response(exchange, status, body, {})

    def download(self, exchange: Exchange, media_type: str, answer: Download) -> Response:
        response = super().download(exchange, media_type, answer)
        response.headers["X-Request-ID"] = exchange.id
        return response

    def failure(self, exchange: Exchange, error: Exception) -> Response:
        status, described, headers = describe(error)
        body = msgspec.json.encode({"error": described, "request_id": exchange.id})
        return self._response(exchange, status, body, headers)

    @staticmethod
    def _response(
        exchange: Exchange, status: int, body: bytes, headers: Mapping[str, str]
    ) -> Response:
        said = {"X-Request-ID": exchange.id} | exchange.headers | dict(headers)
        return Response(body, status, said, JSON if body else None)

    def error_schema(self) -> dict[str, object]:
        text = {"type": "string"}
        return {
            "title": "Error",
            "type": "object",
            "required": ["error", "request_id"],
            "properties": {
                "error": {
                    "type": "object",
                    "required": ["code", "message"],
                    "properties": {"code": text, "message": text, "detail": {}},
                },
                "request_id": {"type": "string", "format": "uuid"},
            },
        }


def _decoded(exchange: Exchange) -> Any:
    kind = exchange.content_type
    if kind not in (JSON, "") and not kind.endswith("+json"):
        raise WrongContentType(f"A body is {JSON}")
    if not exchange.body.strip():
        raise InvalidRequest.one("body", "Field required", "missing")
    try:
        return msgspec.json.decode(exchange.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequest.one("body", "The body is not valid JSON", "json_invalid") from error
