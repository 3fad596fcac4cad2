"""What the collector answers: the same whether a hit counts or not."""

from base64 import b64decode

GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")

Header = tuple[bytes, bytes]

OPEN: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"cache-control", b"no-store"),
)
"""On every answer."""

IMAGE: Header = (b"content-type", b"image/gif")
LATER: Header = (b"retry-after", b"5")


def answer_to(path: str, taken: bool) -> tuple[int, tuple[Header, ...], bytes]:
    """Status, headers and body for a hit that was sent to `path`.

    503 means that it is not on disk and should be sent again.
    """
    if not taken:
        return 503, (*OPEN, (b"content-length", b"0"), LATER), b""
    if path == "/event":
        return 204, OPEN, b""
    return 200, (*OPEN, (b"content-length", b"%d" % len(GIF)), IMAGE), GIF


def preflight(methods: bytes) -> tuple[int, tuple[Header, ...], bytes]:
    headers = (
        (b"access-control-allow-methods", methods),
        (b"access-control-allow-headers", b"content-type"),
        (b"access-control-max-age", b"86400"),
    )
    return 204, (*OPEN, *headers), b""


def nothing(status: int, *headers: Header) -> tuple[int, tuple[Header, ...], bytes]:
    return status, (*OPEN, (b"content-length", b"0"), *headers), b""
