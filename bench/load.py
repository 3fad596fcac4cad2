"""A load of keep-alive connections that each send their next request when the answer is there."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import uvloop


class Load(NamedTuple):
    """What came of it: how many answers in how many seconds, the slowest percent in ms."""

    answers: int
    seconds: float
    p99_ms: float
    statuses: dict[bytes, int]

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds


class _Connection(asyncio.Protocol):
    """Sends requests until it is told to stop; counts the answers by status."""

    def __init__(self, requests: Iterator[bytes], pause: float) -> None:
        """`pause` is for how many seconds it waits after an answer."""
        self._requests = requests
        self._pause = pause
        self._received = b""
        self._sent_at = 0.0
        self.times: list[float] = []
        self.statuses: dict[bytes, int] = {}
        self.stopping = False
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or len(body) < _content_length(head):
            return
        self.times.append(time.perf_counter() - self._sent_at)
        status = head[9:12]
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self._received = b""
        if self._pause:
            asyncio.get_running_loop().call_later(self._pause, self._go_on)
        else:
            self._go_on()

    def _go_on(self) -> None:
        if self.stopping:
            self._transport.close()
        else:
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(next(self._requests))


def _content_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


async def _run(
    port: int, requests: Sequence[bytes], connections: int, seconds: float, pause: float
) -> Load:
    loop = asyncio.get_running_loop()
    endless = itertools.cycle(requests)
    made = [
        (await loop.create_connection(lambda: _Connection(endless, pause), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    began = time.perf_counter()
    await asyncio.sleep(seconds)
    for connection in made:
        connection.stopping = True
    await asyncio.wait_for(asyncio.gather(*(connection.done for connection in made)), 30)
    elapsed = time.perf_counter() - began
    times = sorted(itertools.chain.from_iterable(connection.times for connection in made))
    statuses: dict[bytes, int] = {}
    for connection in made:
        for status, count in connection.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    return Load(len(times), elapsed, 1000 * times[int(len(times) * 0.99)], statuses)


def load(
    port: int, requests: Sequence[bytes], *, connections: int, seconds: float, pause: float = 0
) -> Load:
    """Send `requests` over and over for so many seconds."""
    return uvloop.run(_run(port, requests, connections, seconds, pause))
