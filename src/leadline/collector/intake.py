"""From a request of either wire to the record that is to be kept of it."""

from collections.abc import Mapping, Sequence

import msgspec

from leadline.collector import fathom, seal
from leadline.collector.collect import Collector
from leadline.collector.screening import Sender
from leadline.collector.wire import Malformed
from leadline.network import TrustedProxies
from leadline.spool import Hit

EVENT = "/event"
ROOT = "/"


def takes(path: str, query: bytes) -> bool:
    """Whether a request for this path and query is a hit, or asks leave to send one."""
    return path == EVENT or (path == ROOT and names_site(query))


def names_site(query: bytes) -> bool:
    return query.startswith(b"sid=") or b"&sid=" in query


class HitRequest(msgspec.Struct, frozen=True, gc=False):
    """What a hit may be made of. `query` and `body` are as sent, header names in lower case.

    `body` holds at most one byte more than may be in it; `peer` is the other end's IP address.
    """

    path: str
    query: bytes
    headers: Mapping[bytes, bytes]
    body: bytes
    peer: str | None


class Intake:
    """Decodes requests for the collector."""

    def __init__(
        self, collector: Collector, proxies: TrustedProxies, country_header: str | None = None
    ) -> None:
        """`country_header` is the one, in lower case, in which trusted proxies name a country."""
        self._collector = collector
        self._proxies = proxies
        self._country_header = (country_header or "").encode("latin-1")

    def record_of(self, request: HitRequest) -> Hit | None:
        """What is to be kept before the request is answered, if anything.

        Raises `SaltUnavailable`.
        """
        headers = request.headers
        try:
            if request.path == EVENT:
                hit = seal.decode(request.body, headers.get(b"content-type", b""))
            else:
                decoded = fathom.decode(request.query, headers.get(b"referer", b""))
                if decoded is None:
                    return None
                hit = decoded
        except Malformed:
            self._collector.drop()
            return None
        address = self._proxies.client_behind(request.peer, headers.get(b"x-forwarded-for", b""))
        country = self._country(request.peer, headers) if self._country_header else ""
        agent = headers.get(b"user-agent", b"")
        return self._collector.record_of(hit, Sender(address, agent, headers, country))

    def _country(self, peer: str | None, headers: Mapping[bytes, bytes]) -> str:
        if not self._proxies.trusts_peer(peer):
            return ""
        return headers.get(self._country_header, b"").decode("latin-1")


def by_name(headers: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Of a header that comes several times the values as a list, as HTTP has it.

    White space around a value is none of it; the parser leaves what is behind.
    """
    given = [(name, value.strip(b" \t")) for name, value in headers]
    found = dict(given)
    if len(found) < len(given):
        found = {}
        for name, value in given:
            found[name] = b"%b,%b" % (found[name], value) if name in found else value
    return found
