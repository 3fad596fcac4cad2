"""Questions about sites for assistants, in the Model Context Protocol."""

from leadline.assistants.errors import ProtocolMissing
from leadline.assistants.tools import TOOLS, Tool, tools

__all__ = ["TOOLS", "ProtocolMissing", "Tool", "serve", "tools"]


def serve(url: str, token: str) -> None:
    """Answers the questions of one assistant on standard input and output, until it leaves.

    They are asked of the server at `url`, with the token. Raises `ProtocolMissing`.
    """
    try:
        from leadline.assistants import server  # noqa: PLC0415  (the package is an extra)
    except ImportError:
        raise ProtocolMissing from None
    server.run(url, token)
