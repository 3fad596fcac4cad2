"""Fetching one page, within limits: no cookies, no proxies, nothing that the page asks for."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from leadline import __version__
from leadline.doctor.addresses import Guard
from leadline.doctor.answer import LIMITS, Answer, Limits, read_answer
from leadline.doctor.connecting import close, connect, secured
from leadline.doctor.deadline import Deadline
from leadline.doctor.errors import (
    InsecureConnection,
    InvalidAddress,
    NoConnection,
    TimedOut,
    TooManyRedirects,
)
from leadline.doctor.urls import Address, fetchable, parse_address

NAME = f"LeadlineDoctor/{__version__}"
USER_AGENT = f"Mozilla/5.0 (compatible; {NAME}; bot)"
_FIRST_TRY = 5.0
"""Seconds for what is only tried because nobody said https or http."""
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Fetched:
    """What came in the end: from `address`, after `redirects` to it."""

    address: Address
    answer: Answer
    redirects: int


@dataclass(frozen=True)
class Client:
    """Fetches pages from where `guard` allows; `context` is the system's unless given."""

    guard: Guard
    limits: Limits = LIMITS
    context: ssl.SSLContext | None = None

    def fetch_first(self, addresses: Sequence[Address], deadline: Deadline) -> Fetched:
        """The page at the first address where somebody answers. Raises `PageUnavailable`."""
        *others, last = addresses
        for address in others:
            try:
                return self.fetch(address, deadline.at_most(_FIRST_TRY))
            except (NoConnection, InsecureConnection, TimedOut):
                continue
        return self.fetch(last, deadline)

    def fetch(self, address: Address, deadline: Deadline) -> Fetched:
        """The page, wherever it leads. Raises `PageUnavailable`."""
        for redirects in range(self.limits.redirects + 1):
            fetched = fetchable(address)
            answer = self.send(fetched, _request(fetched), deadline)
            onward = answer.header("location")
            if answer.status not in _REDIRECTS or not onward:
                return Fetched(address, answer, redirects)
            address = _followed(onward, address)
        raise TooManyRedirects(str(address))

    def send(self, address: Address, request: bytes, deadline: Deadline) -> Answer:
        """What is answered there to a request, wherever it leads. Raises `PageUnavailable`."""
        connection = connect(self.guard, address.host, address.port, deadline)
        if address.scheme == "https":
            context = self.context or _everybodys()
            connection = secured(connection, address.host, context, deadline)
        try:
            connection.settimeout(deadline.left())
            connection.sendall(request)
            return read_answer(connection, str(address), self.limits, deadline)
        except TimeoutError:
            raise TimedOut(str(address)) from None
        except OSError as error:
            raise NoConnection(address.host, error.strerror or str(error)) from error
        finally:
            close(connection)


def _followed(location: str, address: Address) -> Address:
    """Header values are bytes: what a server wrote in UTF-8 is read as that."""
    try:
        location = location.encode("latin-1").decode()
    except UnicodeError:
        raise InvalidAddress(location) from None
    return parse_address(location, str(address))


def _request(address: Address) -> bytes:
    return (
        f"GET {address.target} HTTP/1.1\r\n"
        f"Host: {address.authority}\r\n"
        f"User-Agent: {USER_AGENT}\r\n"
        "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.1\r\n"
        "Accept-Encoding: gzip\r\n"
        "Connection: close\r\n\r\n"
    ).encode("ascii")


@cache
def _everybodys() -> ssl.SSLContext:
    return ssl.create_default_context()
