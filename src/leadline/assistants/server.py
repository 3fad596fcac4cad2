"""The protocol's side of the questions."""

import asyncio
from functools import partial
from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as OfferedTool

from leadline import __version__
from leadline.assistants.asking import ask
from leadline.assistants.errors import NotAnswered
from leadline.assistants.tools import Tool, tools

INSTRUCTIONS = (
    "Exact web analytics of one's own sites. list_sites tells the ids of sites; every other"
    " question is about the site in `site_id` or `account_id`. Dates are days of the site's time"
    " zone."
)


def run(url: str, token: str) -> None:
    asyncio.run(_run(server_for(url, token)))


def server_for(url: str, token: str) -> Server[Any]:
    """A server whose questions are asked of the one at `url`."""

    async def list_tools(context: Any, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[_offered(tool) for tool in tools().values()])

    async def call_tool(context: Any, params: CallToolRequestParams) -> CallToolResult:
        tool = tools().get(params.name)
        if tool is None:
            return _said("There is no such tool", is_error=True)
        try:
            work = partial(ask, url, token, tool, params.arguments or {})
            return _said(await asyncio.to_thread(work))
        except NotAnswered as error:
            return _said(str(error), is_error=True)

    return Server(
        "leadline",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _offered(tool: Tool) -> OfferedTool:
    return OfferedTool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes,
        annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
    )


def _said(text: str, *, is_error: bool = False) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=is_error)


async def _run(server: Server[Any]) -> None:
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
