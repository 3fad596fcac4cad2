"""How a question of an assistant is asked of a server."""

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import msgspec

from leadline.assistants.errors import NotAnswered
from leadline.assistants.tools import Tool
from leadline.faces.seal import SealFace

PATIENCE = 120.0
"""Seconds; a server gives up sooner."""


def ask(url: str, token: str, tool: Tool, arguments: dict[str, Any]) -> str:
    """The answer, in JSON. Raises `NotAnswered`."""
    given = {name: value for name, value in arguments.items() if value is not None}
    query = {name: _text(value) for name, value in given.items() if name in tool.in_query}
    body = {name: value for name, value in given.items() if name not in tool.in_query}
    address = f"{url}{SealFace.dialect.prefix}{tool.path}?{urlencode(query, doseq=True)}"
    headers = {"X-API-Key": token, "Content-Type": "application/json"}
    data = msgspec.json.encode(body) if tool.method == "POST" else None
    request = Request(address, data, headers, method=tool.method)
    try:
        with urlopen(request, timeout=PATIENCE) as answer:
            return str(answer.read().decode())
    except HTTPError as error:
        raise NotAnswered(_refusal(error)) from error
    except (URLError, OSError) as error:
        raise NotAnswered(f"The server cannot be asked: {error}") from error


def _text(value: Any) -> Any:
    """As a query has it."""
    return json.dumps(value) if isinstance(value, bool) else value


def _refusal(error: HTTPError) -> str:
    try:
        return json.dumps(json.loads(error.read())["error"])
    except (ValueError, KeyError, TypeError):
        return f"The server answered with {error.code}"
