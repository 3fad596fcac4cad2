"""From a request of either wire to the record that is to be kept of it."""

from typing import NamedTuple

from leadline.collector import fathom, seal
from leadline.collector.collect import Collector
from leadline.collector.wire import Malformed
from leadline.network import Headers, TrustedProxies
from leadline.spool import Hit

EVENT = "/event"
ROOT = "/"


def takes(path: str, query: bytes) -> bool:
    """Whether a request for this path and query is a hit, or asks leave to send one."""
    return path == EVENT or (path == ROOT and names_site(query))


def names_site(query: bytes) -> bool:
    return query.startswith(b"sid=") or b"&sid=" in query


class HitRequest(NamedTuple):
    """What a hit may be made of. `query` and `body` are as sent, header names in lower case.

    `body` holds at most one byte more than may be in it; `peer` is the other end's IP address.
    """

    path: str
    query: bytes
    headers: Headers
    body: bytes
    peer: str | None


class Intake:
    """Decodes requests for the collector."""

    def __init__(self, collector: Collector, proxies: TrustedProxies) -> None:
        self._collector = collector
        self._proxies = proxies

    def record_of(self, request: HitRequest) -> Hit | None:
        """What is to be kept before the request is answered, if anything.

        Raises `SaltUnavailable`.
        """
        user_agent = content_type = forwarded = b""
        for name, value in request.headers:
            if name == b"user-agent":
                user_agent = value
            elif name == b"content-type":
                content_type = value
            elif name == b"x-forwarded-for":
                forwarded = b"%b,%b" % (forwarded, value) if forwarded else value
        try:
            if request.path == EVENT:
                hit = seal.decode(request.body, content_type)
            else:
                decoded = fathom.decode(request.query)
                if decoded is None:
                    return None
                hit = decoded
        except Malformed:
            self._collector.drop()
            return None
        address = self._proxies.client_behind(request.peer, forwarded)
        return self._collector.record_of(hit, address, user_agent)
