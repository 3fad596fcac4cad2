"""What an assistant asks by the protocol, of a real server and by the real command."""

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import CallToolResult

from leadline.assistants import TOOLS, tools
from leadline.assistants.server import server_for
from tests.support import RunningServer


def asked(target: Any, work: Callable[[Client], Awaitable[Any]]) -> Any:
    """What `work` answers with a client of `target`."""

    async def run() -> Any:
        async with Client(target) as client:
            return await work(client)

    return anyio.run(run)


def said(result: CallToolResult) -> Any:
    (content,) = result.content
    assert content.type == "text"
    return json.loads(content.text)


def test_every_tool_is_described(server: RunningServer) -> None:
    offered = asked(server_for(server.url, "x"), lambda client: client.list_tools()).tools
    assert len(offered) == len(TOOLS) == len(tools())
    for tool in offered:
        Draft202012Validator.check_schema(tool.input_schema)
        assert tool.description
        assert tool.annotations.read_only_hint is True
    query = tools()["query"]
    assert {"date_from", "date_to", "dimensions", "site_id"} <= query.takes["properties"].keys()
    assert set(query.takes["required"]) == {"date_from", "date_to"}


QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("list_sources", {"period": "7d", "utm_medium": ["email", "cpc"], "include_totals": True}),
    ("query", {"date_from": "2026-03-01", "date_to": "2026-03-02", "dimensions": ["country"]}),
]


@pytest.mark.parametrize(("name", "arguments"), QUESTIONS)
def test_a_question_is_answered_as_by_the_api(
    server: RunningServer, name: str, arguments: dict[str, Any]
) -> None:
    site = server.site("Asked")
    token = server.token(f"read:{site.slug}")
    given = arguments | {"site_id": site.slug}
    result = asked(server_for(server.url, token), lambda client: client.call_tool(name, given))
    assert not result.is_error
    assert said(result)["data"] == []


def test_what_is_refused_is_said(server: RunningServer) -> None:
    mine, other = server.site("Mine"), server.site("Other")
    asking = server_for(server.url, server.token(f"read:{mine.slug}"))
    given = {"site_id": other.slug}
    refused = asked(asking, lambda client: client.call_tool("get_overview", given))
    assert refused.is_error
    assert said(refused)["message"] == f"Access denied to account: {other.slug}"
    unknown = asked(asking, lambda client: client.call_tool("delete_site", given))
    assert unknown.is_error
    away = server_for("http://127.0.0.1:9", "x")
    assert asked(away, lambda client: client.call_tool("list_sites", {})).is_error


def test_the_command_speaks_to_an_assistant(server: RunningServer) -> None:
    site = server.site("Spoken of")
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "leadline", "mcp", "--url", server.url],
        env={"LEADLINE_TOKEN": server.token(f"read:{site.slug}"), "PYTHONPATH": ":".join(sys.path)},
    )
    result = asked(stdio_client(command), lambda client: client.call_tool("list_sites", {}))
    assert [each["id"] for each in said(result)["data"]["sites"]] == [site.slug]
