"""`leadline mcp`."""

from typing import Annotated
from urllib.parse import urlsplit

from cyclopts import Parameter


def _is_server(_: object, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise ValueError("an address such as https://stats.example.com")


def mcp(
    *,
    token: Annotated[
        str, Parameter(env_var="LEADLINE_TOKEN", help="The secret of a token, which decides.")
    ],
    url: Annotated[
        str, Parameter(validator=_is_server, help="The address of the server to ask.")
    ] = "http://127.0.0.1:8000",
) -> None:
    """Answer an assistant's questions about sites, on standard input and output.

    It speaks the Model Context Protocol, only reads, and asks a running server.
    """
    from leadline.assistants import serve

    serve(url.rstrip("/"), token)
