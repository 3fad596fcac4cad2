"""What both dialects share: how a request becomes a call, and an error an answer.

A request is authenticated, throttled, permitted, parsed and answered in that order, in one
thread; what a refusal looks like is the dialect's own.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from anyio.to_thread import run_sync
from pydantic import BaseModel
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from leadline.access import Token, Unauthenticated
from leadline.faces.endpoint import Call, Endpoint, Need, Services
from leadline.faces.openapi import Document
from leadline.faces.reference import reference_page
from leadline.logs import logger
from leadline.network import TrustedProxies
from leadline.sites import Site

log = logger(__name__)

LARGEST_BODY = 64 * 1024


class HttpError(Exception):
    """A refusal that belongs to HTTP itself; its text is for people."""

    status = 400
    headers: Mapping[str, str] = {}


class NoSuchRoute(HttpError):
    status = 404

    def __init__(self) -> None:
        super().__init__("There is nothing at this address")


class MethodNotAllowed(HttpError):
    status = 405

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__("This address does not support that method")
        self.headers = {"Allow": ", ".join(allowed)}


class BodyTooLarge(HttpError):
    status = 413

    def __init__(self) -> None:
        super().__init__(f"A request body has at most {LARGEST_BODY} bytes")


class WrongContentType(HttpError):
    status = 415


class BrokenBody(HttpError):
    """The body is not what its content type says."""


@dataclass
class Exchange:
    """A request as it came, and what is to be said in the headers of its answer."""

    request: Request
    body: bytes = b""
    id: str = field(default_factory=lambda: str(uuid4()))
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def secret(self) -> str | None:
        """The token's secret, from either header."""
        scheme, _, bearer = self.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and bearer.strip():
            return bearer.strip()
        return self.request.headers.get("x-api-key")

    @property
    def content_type(self) -> str:
        return self.request.headers.get("content-type", "").partition(";")[0].strip().lower()


class Face(ABC):
    """One dialect, as an ASGI application below its own prefix."""

    prefix: str
    title: str
    introduction: str
    exposed_headers: tuple[str, ...] = ("Retry-After",)

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        services: Services,
        proxies: TrustedProxies,
        public_url: str | None,
    ) -> None:
        self._services = services
        self._proxies = proxies
        self._public_url = public_url
        self.document = Document(self, endpoints)
        self._openapi = self.document.encode()
        self._reference = reference_page(self.document)
        by_path: dict[str, dict[str, Endpoint]] = {}
        for endpoint in endpoints:
            by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
        routes = [
            Route(f"{self.prefix}{path}", _Path(self, rows)) for path, rows in by_path.items()
        ]
        router = Router(routes, redirect_slashes=False, default=_Path(self, None))
        self._app: ASGIApp = CORSMiddleware(
            router,
            allow_origins=["*"],
            allow_methods=["GET", "POST", "PATCH", "PUT", "DELETE"],
            allow_headers=["*"],
            expose_headers=list(self.exposed_headers),
            max_age=86400,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/")
        if scope["method"] in ("GET", "HEAD"):
            if path == f"{self.prefix}/openapi.json":
                await self._openapi(scope, receive, send)
                return
            if path == f"{self.prefix}/docs":
                await self._reference(scope, receive, send)
                return
        await self._app({**scope, "path": path}, receive, send)

    # What a dialect decides

    @abstractmethod
    def throttle(self, exchange: Exchange, token: Token | None, address: str) -> None:
        """Count the request. Raises `RateLimited`."""

    @abstractmethod
    def permit(self, need: Need, token: Token, site: str | None) -> Site | None:
        """The site that is named, if the token may do `need`. Raises the dialect's refusal."""

    @abstractmethod
    def parse_query(self, shape: type[BaseModel], given: Mapping[str, str]) -> BaseModel: ...

    @abstractmethod
    def parse_body(self, shape: type[BaseModel], exchange: Exchange) -> BaseModel: ...

    @abstractmethod
    def success(self, exchange: Exchange, status: int, answer: BaseModel) -> Response: ...

    @abstractmethod
    def failure(self, exchange: Exchange, error: Exception) -> Response:
        """The answer to any error; an unforeseen one is a 500 that tells nothing."""

    @abstractmethod
    def error_schema(self) -> dict[str, object]:
        """The JSON schema of `failure`."""

    # The way of a request

    async def serve(self, endpoint: Endpoint | Exception, request: Request) -> Response:
        exchange = Exchange(request)
        try:
            exchange.body = await _read(request)
        except BodyTooLarge as error:
            endpoint = error
        return await run_sync(self._answer, endpoint, exchange)

    def _answer(self, endpoint: Endpoint | Exception, exchange: Exchange) -> Response:
        try:
            token = self._admit(endpoint, exchange)
            if isinstance(endpoint, Exception):
                raise endpoint
            call = self._call(endpoint, exchange, token)
            return self.success(exchange, endpoint.status, endpoint.handle(call))
        except Exception as error:
            response = self.failure(exchange, error)
            if response.status_code >= 500:
                log.error("request failed", path=exchange.request.url.path, exc_info=error)
            return response

    def _admit(self, endpoint: Endpoint | Exception, exchange: Exchange) -> Token | None:
        """Who is asking, once counted. Raises `Unauthenticated`, `RateLimited`."""
        request = exchange.request
        peer = request.client.host if request.client else None
        address = str(self._proxies.client(peer, request.headers.raw))
        open_to_all = isinstance(endpoint, Exception) or endpoint.need is Need.NOTHING
        try:
            token = None if open_to_all else self._services.tokens.authenticate(exchange.secret)
        except Unauthenticated:
            self.throttle(exchange, None, address)
            raise
        self.throttle(exchange, token, address)
        return token

    def _call(self, endpoint: Endpoint, exchange: Exchange, token: Token | None) -> Call:
        request = exchange.request
        site = None
        if token is not None:
            site = self.permit(endpoint.need, token, request.path_params.get("site_id"))
        query = body = None
        if endpoint.query is not None:
            query = self.parse_query(endpoint.query, request.query_params)
        if endpoint.body is not None:
            body = self.parse_body(endpoint.body, exchange)
        peer = request.client.host if request.client else None
        return Call(
            services=self._services,
            token=token,
            site=site,
            path=request.path_params,
            query=query,
            body=body,
            origin=self._public_url
            or self._proxies.origin(peer, request.headers.raw, request.url.scheme),
        )


class _Path:
    """All methods of one address, as an ASGI application; without rows, the unknown ones."""

    def __init__(self, face: Face, rows: Mapping[str, Endpoint] | None) -> None:
        self._face = face
        self._rows = rows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        found: Endpoint | Exception
        if self._rows is None:
            found = NoSuchRoute()
        else:
            found = self._rows.get(method) or MethodNotAllowed(sorted(self._rows))
        try:
            response = await self._face.serve(found, Request(scope, receive, send))
        except ClientDisconnect:
            return
        await response(scope, receive, send)


async def _read(request: Request) -> bytes:
    """The body. Raises `BodyTooLarge`."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise BodyTooLarge
    return body
