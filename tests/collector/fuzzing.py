"""Hits of both wires, broken in every way that chance finds, and what the server answers."""

import json
import socket
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes, urlencode, urlsplit

from tests.collector.hits import new_site, stored
from tests.support import BROWSER, PATIENCE, running_server

GOOD_EVERY = 100
"""After so many broken hits comes a whole one, which has to be stored."""

ODD_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        2**63,
        2**64,
        1e308,
        0.1,
        "",
        " ",
        "\x00",
        "\ud800",
        "é" * 3000,
        "x" * 20_000,
    ),
    *(
        [],
        [[]],
        {},
        {"a": {"b": []}},
        ["a"],
        "http://",
        "https://[",
        "//",
        "javascript:1",
        "%",
        "&;=?#",
    ),
    *("https://shop.example:x/", "https://a b/", "https://shop.example/\u202e", "1e999", "0x10"),
)

BODIES_OK = frozenset({200, 204})
HTTP_OK = BODIES_OK | {307, 308, 400, 404, 405, 413}


class Fuzzer:
    def __init__(self, url: str, site: str, random: Random) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "", parts.port or 0)
        self._site = site
        self._random = random
        self._connection: socket.socket | None = None
        self.statuses: Counter[int] = Counter()

    def send_broken(self) -> None:
        """One of them; raises AssertionError for an answer that is not specified."""
        random = self._random
        if random.random() < 0.2:
            whole = bytearray(self._whole())
            for _ in range(random.randint(1, 4)):
                place = random.randrange(len(whole))
                whole[place : place + random.randint(0, 4)] = random.randbytes(random.randint(0, 4))
            status, allowed = self._ask(bytes(whole), closing=True), HTTP_OK
        else:
            payload = self._broken_seal if random.random() < 0.5 else self._broken_fathom
            request = payload()
            status, allowed = self._ask(request), BODIES_OK
            assert status, f"no answer to {request[:3000]!r}"
        if status:
            self.statuses[status] += 1
            assert status in allowed, f"{status} for {request if status else whole!r}"

    def send_good(self, path: str) -> None:
        query = urlencode({"h": "https://shop.example", "p": path, "sid": self._site})
        assert self._ask(self._request("GET", f"/?{query}")) == 200

    def _whole(self) -> bytes:
        if self._random.random() < 0.5:
            return self._request("GET", "/?" + urlencode(self._fathom_fields()))
        return self._request("POST", "/event", json.dumps(self._seal_payload()).encode())

    def _seal_payload(self) -> dict[str, Any]:
        return {
            **{
                "a": self._site,
                "s": "1",
                "t": "",
                "u": "https://shop.example/",
                "r": "",
                "z": "UTC",
            },
            **{"c": 1, "g": "", "e": "buy", "v": 1.5, "x": {"a": 1}},
        }

    def _fathom_fields(self) -> dict[str, str]:
        return {
            **{"h": "https://shop.example", "p": "/", "r": "", "sid": self._site, "qs": "{}"},
            **{"cid": "1", "name": "buy", "payload": '{"_value":100}'},
        }

    def _broken_seal(self) -> bytes:
        random = self._random
        payload: Any = self._seal_payload()
        for _ in range(random.randint(1, 3)):
            key = random.choice([*payload, "m", "p", "q"])
            payload[key] = random.choice(ODD_VALUES)
        body = json.dumps(payload).encode()
        if random.random() < 0.3:
            body = body[: random.randrange(len(body))] + random.randbytes(random.randint(0, 9))
        headers = []
        if random.random() < 0.5:
            headers.append("Content-Type: application/x-www-form-urlencoded")
            body = b"d=" + (quote_from_bytes(body).encode() if random.random() < 0.8 else body)
        return self._request("POST", "/event", body, *headers)

    def _broken_fathom(self) -> bytes:
        random = self._random
        fields: dict[str, Any] = self._fathom_fields()
        for _ in range(random.randint(1, 3)):
            key = random.choice([*fields, "gcode", "gval", "dp"])
            value = random.choice(ODD_VALUES)
            fields[key] = value if isinstance(value, str) else json.dumps(value)
        fields["sid"] = fields["sid"] or self._site
        query = "&".join(
            f"{name}={quote_from_bytes(str(value)[:4000].encode(errors='surrogatepass'))}"
            for name, value in fields.items()
        )
        if random.random() < 0.3:
            place = random.randrange(len(query))
            query = query[:place] + random.choice(["%", "%zz", "&&", "=", "%00", "%ff%fe", "+"])
            query += f"&sid={self._site}"
        return self._request(random.choice(["GET", "POST"]), f"/?{query}")

    def _request(self, method: str, target: str, body: bytes = b"", *headers: str) -> bytes:
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost", f"User-Agent: {BROWSER}"]
        lines += [*headers, f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _ask(self, request: bytes, closing: bool = False) -> int:
        """The status of the answer; 0 if the connection ends without one."""
        if self._connection is None or closing:
            self.close()
            self._connection = socket.create_connection(self._address, timeout=PATIENCE)
        self._connection.sendall(request)
        if closing:
            self._connection.shutdown(socket.SHUT_WR)
        received = b""
        while (head := received.find(b"\r\n\r\n")) < 0 or closing:
            piece = self._connection.recv(65536)
            if not piece:
                break
            received += piece
        length = _content_length(received[:head])
        while not closing and len(received) < head + 4 + length:
            received += self._connection.recv(65536)
        if closing or b"connection: close" in received[:head].lower():
            self.close()
        return int(received[9:12]) if received.startswith(b"HTTP/1.1 ") else 0

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _content_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


def run(data: Path, count: int, seed: int | None = None) -> Counter[int]:
    """How often each status was the answer to `count` broken hits.

    Raises AssertionError for an answer that is not specified, and for a whole hit that is lost.
    """
    with running_server(data) as server:
        site = new_site(server, domains=("shop.example",))
        fuzzer = Fuzzer(server.url, site.code, Random(seed))
        good = []
        for number in range(count):
            fuzzer.send_broken()
            if number % GOOD_EVERY == 0:
                good.append(f"/whole/{number}")
                fuzzer.send_good(good[-1])
        fuzzer.close()
        found = [hit.path for hit in stored(server, site.id) if hit.path.startswith("/whole/")]
        assert found == good
    return fuzzer.statuses
