"""What both dialects share: how a request becomes a call, and an error an answer.

A request is authenticated, throttled, permitted, parsed and answered in that order; what can be
answered from memory never leaves the event loop, all else is done in a thread. What a refusal
looks like is the dialect's own.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from pydantic import BaseModel
from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from leadline.access import Actor, Caller, Change, Throttle, Unauthenticated
from leadline.faces.endpoint import Call, Cookie, Dialect, Download, Endpoint, Need, Services
from leadline.faces.openapi import Document
from leadline.faces.reference import reference_page
from leadline.logs import logger
from leadline.memory import NotInMemory, from_memory
from leadline.network import TrustedProxies
from leadline.patience import GivenUp, in_thread, leaving
from leadline.sites import Site

log = logger(__name__)

JSON = "application/json"
LARGEST_BODY = 64 * 1024
"""Of a request for an address that there is not."""


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

    def __init__(self, largest: int) -> None:
        super().__init__(f"A request body has at most {largest} bytes here")


class WrongContentType(HttpError):
    status = 415


class BrokenBody(HttpError):
    """The body is not what its content type says."""


@dataclass
class Exchange:
    """A request as it came, and what is to be said in the headers of its answer."""

    request: Request
    body: bytes = b""
    site: Site | None = None
    counted: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[Cookie] = field(default_factory=list)

    @cached_property
    def id(self) -> str:
        """A name for this exchange, for its answer and for nothing else."""
        return str(uuid4())

    @cached_property
    def sent(self) -> dict[bytes, bytes]:
        """The request's headers by their names in lower case."""
        return dict(self.request.scope["headers"])

    @property
    def has_body(self) -> bool:
        return b"content-length" in self.sent or b"transfer-encoding" in self.sent

    @property
    def peer(self) -> str | None:
        """The address that the connection comes from."""
        client = self.request.scope.get("client")
        return client[0] if client else None

    @property
    def secret(self) -> str | None:
        """The token's secret, from either header."""
        scheme, _, bearer = self._header(b"authorization").partition(" ")
        if scheme.lower() == "bearer" and bearer.strip():
            return bearer.strip()
        return self._header(b"x-api-key") or None

    @property
    def content_type(self) -> str:
        return self._header(b"content-type").partition(";")[0].strip().lower()

    def _header(self, name: bytes) -> str:
        return self.sent.get(name, b"").decode("latin-1")


class Face(ABC):
    """One dialect, as an ASGI application below its own prefix."""

    dialect: Dialect

    def __init__(
        self,
        services: Services,
        proxies: TrustedProxies,
        public_url: str | None,
        throttle: Throttle,
        patience: float,
    ) -> None:
        """`patience` is for how many seconds the warehouse may work on an answer."""
        self.throttle = throttle
        self._patience = patience
        self._services = services
        self._proxies = proxies
        self._public_url = public_url
        document = Document(self.dialect, self.error_schema())
        self.pages = {
            f"{self.dialect.prefix}/openapi.json": document.encode(),
            f"{self.dialect.prefix}/docs": reference_page(document),
        }
        self._routes = _Routes(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = _without_trailing_slash(scope)
        if path in self.pages and scope["method"] in ("GET", "HEAD"):
            await self.pages[path](scope, receive, send)
            return
        await self._routes({**scope, "path": path}, receive, send)

    # What a dialect decides

    @abstractmethod
    def count(self, exchange: Exchange, caller: Caller | None) -> None:
        """Count the request against `throttle`. Raises `RateLimited`."""

    def acting(self, need: Need, caller: Caller, request: Request) -> Caller:
        """As what somebody asks, who may be in several organisations."""
        return caller

    def about(self, site: str, caller: Caller) -> Caller:
        """As what somebody asks about this site."""
        return caller

    @abstractmethod
    def permit(self, need: Need, caller: Caller, site: str | None) -> Site | None:
        """The site that is named, if the token may do `need`. Raises the dialect's refusal."""

    @abstractmethod
    def parse_query(self, shape: type[BaseModel], given: QueryParams) -> BaseModel: ...

    @abstractmethod
    def parse_body(self, shape: type[BaseModel], exchange: Exchange) -> BaseModel: ...

    @abstractmethod
    def success(self, exchange: Exchange, status: int, answer: BaseModel) -> Response: ...

    def download(self, exchange: Exchange, media_type: str, answer: Download) -> Response:
        """A file, as it is made."""
        disposition = f'attachment; filename="{answer.name}"'
        said = exchange.headers | {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return StreamingResponse(answer.parts, 200, said, media_type)

    @abstractmethod
    def failure(self, exchange: Exchange, error: Exception) -> Response:
        """The answer to any error; an unforeseen one is a 500 that tells nothing."""

    @abstractmethod
    def error_schema(self) -> dict[str, object]:
        """The JSON schema of `failure`."""

    def authenticate(self, exchange: Exchange) -> Caller:
        """Raises `Unauthenticated`, `HttpError`."""
        return Caller.of_token(self._services.tokens.authenticate(exchange.secret))

    # The way of a request

    async def serve(self, endpoint: Endpoint | Exception, request: Request) -> Response:
        exchange = Exchange(request)
        try:
            try:
                exchange.body = (
                    await _read(request, _largest_body(endpoint)) if exchange.has_body else b""
                )
            except BodyTooLarge as error:
                endpoint = error
            answer = await self._begin(endpoint, exchange)
            return answer if isinstance(answer, Response) else await answer
        except ClientDisconnect:
            raise
        except GivenUp as error:
            raise ClientDisconnect from error
        except Exception as error:
            response = self.failure(exchange, error)
            if response.status_code == 500:  # what is unavailable is told by whoever knows why
                log.error("request failed", path=request.url.path, exc_info=error)
            return response

    async def _begin(
        self, endpoint: Endpoint | Exception, exchange: Exchange
    ) -> Response | Coroutine[Any, Any, Response]:
        if not isinstance(endpoint, Endpoint) or endpoint.from_memory:
            with suppress(NotInMemory):
                return from_memory(self._answer, endpoint, exchange)
        return await in_thread(
            lambda: leaving(exchange.request), self._patience, self._answer, endpoint, exchange
        )

    def _answer(
        self, endpoint: Endpoint | Exception, exchange: Exchange
    ) -> Response | Coroutine[Any, Any, Response]:
        caller = self._identify(endpoint, exchange)
        if not exchange.counted:
            exchange.counted = True
            self.count(exchange, caller if isinstance(caller, Caller) else None)
        if isinstance(caller, Exception):
            raise caller
        if isinstance(endpoint, Exception):
            raise endpoint
        call = self._call(endpoint, exchange, caller)
        with self._noting(endpoint, call):
            answer = endpoint.handle(call)
        if isinstance(answer, BaseModel):
            return self._with_cookies(exchange, self.success(exchange, endpoint.status, answer))
        if isinstance(answer, Download):
            return self.download(exchange, answer.media_type or endpoint.media_types[0], answer)
        return self._finish(endpoint, exchange, answer)

    async def _finish(
        self, endpoint: Endpoint, exchange: Exchange, answer: Coroutine[Any, Any, BaseModel]
    ) -> Response:
        return self.success(exchange, endpoint.status, await answer)

    def _identify(
        self, endpoint: Endpoint | Exception, exchange: Exchange
    ) -> Caller | Unauthenticated | HttpError | None:
        """Who is asking; without anybody, why there is none, or None if none is needed."""
        needed = isinstance(endpoint, Endpoint) and endpoint.need is not Need.NOTHING
        try:
            return self.authenticate(exchange)
        except (Unauthenticated, HttpError) as error:
            return error if needed else None

    def _with_cookies(self, exchange: Exchange, response: Response) -> Response:
        secure = self._origin(exchange).startswith("https:") if exchange.cookies else False
        for each in exchange.cookies:
            response.set_cookie(
                each.name,
                each.value,
                max_age=each.seconds,
                path=self.dialect.prefix,
                httponly=each.for_http_only,
                samesite="lax",
                secure=secure,
            )
        return response

    def _noting(self, endpoint: Endpoint, call: Call) -> AbstractContextManager[None]:
        """What the change does has an entry in the audit log, if it does something."""
        if not endpoint.action or call.caller_or_none is None:
            return nullcontext()
        actor = Actor.of_caller(call.caller, call.address)
        return self._services.audit.noting(call.caller.organisation, actor, _change(endpoint, call))

    def client_address(self, exchange: Exchange) -> str:
        """Where the request comes from, as far as trusted proxies say."""
        return str(self._proxies.client(exchange.peer, exchange.request.headers.raw))

    def _call(self, endpoint: Endpoint, exchange: Exchange, caller: Caller | None) -> Call:
        request = exchange.request
        site = None
        if caller is not None and endpoint.need is not Need.NOTHING:
            caller = self.acting(endpoint.need, caller, request)
            site = self.permit(endpoint.need, caller, request.path_params.get("site_id"))
            exchange.site = site
        query = body = None
        if endpoint.query is not None:
            query = self.parse_query(endpoint.query, request.query_params)
        if endpoint.body is not None:
            is_default = endpoint.has_optional_body and not exchange.body.strip()
            body = endpoint.body() if is_default else self.parse_body(endpoint.body, exchange)
        return Call(
            services=self._services,
            caller_or_none=caller,
            site=site,
            path=request.path_params,
            query=query,
            body=body,
            client_address=lambda: self.client_address(exchange),
            user_agent=exchange.sent.get(b"user-agent", b""),
            sent_cookies=lambda: request.cookies,
            set_cookie=exchange.cookies.append,
            origin=lambda: self._origin(exchange),
            managed=lambda name: self._named(Need.MANAGE, caller, name),
            readable=lambda name: self._named(Need.READ, caller, name),
        )

    def _named(self, need: Need, caller: Caller | None, name: str) -> Site:
        assert caller is not None
        site = self.permit(need, self.about(name, caller), name)
        assert site is not None
        return site

    def _origin(self, exchange: Exchange) -> str:
        request = exchange.request
        return self._public_url or self._proxies.origin(
            exchange.peer, request.headers.raw, request.scope["scheme"]
        )


def _change(endpoint: Endpoint, call: Call) -> Change:
    named = [value for name, value in call.path.items() if name != "site_id"]
    site = call.site.slug if call.site is not None else getattr(call.query, "account_id", None)
    fields = call.body.model_dump(exclude_unset=True, warnings=False) if call.body else {}
    details = fields if isinstance(fields, dict) else {}
    resource = str(named[-1]) if named else site or str(details.get("name", ""))
    return Change(endpoint.action, resource, site, details)


class _Routes:
    """All addresses of one dialect, as an ASGI application; the unknown ones are refused.

    Where words and parameters fit an address, the row that comes first says what it is.
    """

    def __init__(self, face: Face) -> None:
        self._face = face
        dialect = face.dialect
        self._rows = [
            (compile_path(f"{dialect.prefix}{endpoint.path}")[0], _words(endpoint.path), endpoint)
            for endpoint in dialect.endpoints
        ]
        exposed = ", ".join(dialect.exposed_headers).encode()
        self._open = [(b"access-control-allow-origin", b"*")]
        self._readable = [
            *self._open,
            (b"access-control-expose-headers", exposed),
            (b"x-content-type-options", b"nosniff"),
        ]
        methods = ", ".join(sorted({endpoint.method for endpoint in dialect.endpoints})).encode()
        self._preflight = [
            *self._open,
            (b"access-control-allow-methods", methods),
            (b"access-control-max-age", b"86400"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found, parameters = self._find(scope["path"], scope["method"])
        request = Request({**scope, "path_params": parameters}, receive, send)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in request.headers:
            response = self._permission_to_ask(request)
        else:
            try:
                response = await self._face.serve(found, request)
            except ClientDisconnect:
                return
            response.raw_headers += self._readable
        await response(scope, receive, send)

    def _permission_to_ask(self, request: Request) -> Response:
        """The answer to a browser that wants to know whether a page of any origin may ask.

        It may, with any header: tokens are sent by hand, nothing here goes by a cookie.
        """
        wanted = request.headers.get("access-control-request-headers", "authorization, x-api-key")
        response = Response(headers={"Access-Control-Allow-Headers": wanted})
        response.raw_headers += self._preflight
        return response

    def _find(self, path: str, method: str) -> tuple[Endpoint | Exception, dict[str, str]]:
        wanted = "GET" if method == "HEAD" else method
        allowed = {"GET"} if path in self._face.pages else set()
        address = None
        for pattern, words, endpoint in self._rows:
            match = pattern.match(path)
            if not match or address not in (None, words):
                continue
            if endpoint.method == wanted:
                return endpoint, match.groupdict()
            address = words
            allowed.add(endpoint.method)
        return MethodNotAllowed(sorted(allowed)) if allowed else NoSuchRoute(), {}


def _words(path: str) -> str:
    """What an address has beside its parameters, whatever they are called."""
    return re.sub(r"{[^}]*}", "{}", path)


def _without_trailing_slash(scope: Scope) -> str:
    """The decoded path; a slash at its end stays if it was sent as `%2F`."""
    path: str = scope["path"]
    raw: bytes = scope.get("raw_path") or path.encode()
    return path[: len(path) - (len(raw) - len(raw.rstrip(b"/")))]


def _largest_body(endpoint: Endpoint | Exception) -> int:
    return endpoint.largest_body if isinstance(endpoint, Endpoint) else LARGEST_BODY


async def _read(request: Request, largest: int) -> bytes:
    """The body. Raises `BodyTooLarge`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise BodyTooLarge(largest)
    return bytes(body)
