"""HTTP for the collector: hits are answered by the protocol itself, without ASGI in between.

Everything else, and every hit that is not sent in the plainest way (`plain`), goes the way of all
requests.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from leadline.collector import plain
from leadline.collector.answers import answer_to
from leadline.collector.intake import HitRequest, Intake
from leadline.spool import Spool, SpoolUnavailable
from leadline.visitors import SaltUnavailable


class _Exchange:
    """A hit and its answer, in the eyes of the server: nothing else is begun before its end."""

    def __init__(self) -> None:
        self.path = ""
        self.response_complete = True
        self.disconnected = False
        self.keep_alive = True
        self.message_event = asyncio.Event()


class _Answers:
    """The bytes of every answer to a hit, made anew when the server's own headers change."""

    def __init__(self) -> None:
        self._made_with: list[tuple[bytes, bytes]] | None = None
        self._made: dict[tuple[str, bool, bool], bytes] = {}

    def get(
        self, path: str, taken: bool, keep_alive: bool, server_headers: list[tuple[bytes, bytes]]
    ) -> bytes:
        if server_headers is not self._made_with:
            self._made_with, self._made = server_headers, {}
        answer = self._made.get((path, taken, keep_alive))
        if answer is None:
            answer = self._made[path, taken, keep_alive] = _answer(
                path, taken, keep_alive, server_headers
            )
        return answer


def _answer(
    path: str, taken: bool, keep_alive: bool, server_headers: list[tuple[bytes, bytes]]
) -> bytes:
    status, headers, body = answer_to(path, taken)
    lines = [STATUS_LINE[status]]
    for name, value in (*server_headers, *headers):
        lines += [name, b": ", value, b"\r\n"]
    if not keep_alive:
        lines.append(b"connection: close\r\n")
    return b"".join([*lines, b"\r\n", body])


class HitProtocol(HttpToolsProtocol):
    """One connection to a server that has this intake, this spool and these answers."""

    intake: Intake
    spool: Spool
    answers: _Answers
    read: plain.Reader

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._exchange = _Exchange()
        self._held = b""
        self._receiving = False
        self._idle_since = 0.0

    def data_received(self, data: bytes) -> None:
        held, self._held = self._held, b""
        if held or self._awaits_request():
            data = held + data
            found = self.read(data, self.client[0] if self.client else None)
            if isinstance(found, HitRequest):
                self._take(found)
                return
            if found is not None:
                self._held = data
                return
        super().data_received(data)

    def _awaits_request(self) -> bool:
        """Whether what comes now is the beginning of a request, and the only one."""
        return not self._is_busy() and self.limit_concurrency is None and not self.root_path

    def on_message_begin(self) -> None:
        self._receiving = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._receiving = False
        super().on_message_complete()

    def _take(self, request: HitRequest) -> None:
        exchange = self._exchange
        exchange.path = request.path
        exchange.response_complete = False
        exchange.keep_alive = True
        self.cycle = cast(RequestResponseCycle, exchange)
        try:
            record = self.intake.record_of(request)
            if record is None:
                self._answer(True)
            else:
                self.spool.append_then(record, self._answer, self.loop)
        except (SpoolUnavailable, SaltUnavailable):
            self._answer(False)

    def _answer(self, taken: bool) -> None:
        exchange = self._exchange
        exchange.response_complete = True
        if exchange.disconnected:
            return
        keep_alive = exchange.keep_alive
        self.transport.write(
            self.answers.get(exchange.path, taken, keep_alive, self.server_state.default_headers)
        )
        if not keep_alive:
            self.transport.close()
        self.on_response_complete()

    # A connection that waits for its next request is closed after a while. To begin and to cancel
    # a timer for each request would cost more than the rest of HTTP: one goes on, and looks.

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        self._idle_since = self.loop.time()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self.timeout_keep_alive_task is None:
            self._look_again_after(self.timeout_keep_alive)

    def _look_again_after(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        idle = self.loop.time() - self._idle_since
        if self._is_busy():
            self._look_again_after(self.timeout_keep_alive)
        elif idle < self.timeout_keep_alive:
            self._look_again_after(self.timeout_keep_alive - idle)
        else:
            super().timeout_keep_alive_handler()

    def _is_busy(self) -> bool:
        """Whether a request has begun to arrive, or is being answered."""
        if self._receiving or self._held:
            return True
        return self.cycle is not None and not self.cycle.response_complete

    def _unset_keepalive_if_required(self) -> None:
        """Called for every piece of a request: the timer goes on."""

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        super()._unset_keepalive_if_required()


def hit_protocol(intake: Intake, spool: Spool, path: str = "") -> type[HitProtocol]:
    """The protocol of one server, for uvicorn to make a connection of.

    Below `path`, such as `/stats`, hits are taken as well as at the server's own addresses.
    """
    parts = {
        "intake": intake,
        "spool": spool,
        "answers": _Answers(),
        "read": plain.Reader(path),
    }
    return type("HitProtocol", (HitProtocol,), parts)
