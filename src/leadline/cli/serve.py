"""`leadline serve`."""

from socket import socket
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from leadline.cli.options import Data, settings_with

if TYPE_CHECKING:
    import asyncio


def serve(
    *,
    data: Data = None,
    host: Annotated[
        str | None,
        Parameter(env_var="LEADLINE_HOST", help="The address to listen on. [default: 127.0.0.1]"),
    ] = None,
    port: Annotated[
        int | None,
        Parameter(
            env_var="LEADLINE_PORT",
            help="The port to listen on; 0 takes a free one. [default: 8000]",
        ),
    ] = None,
) -> None:
    """Run the server until it is interrupted.

    It prints its address on standard output and its log on standard error.
    """
    import uvicorn

    from leadline.app import Leadline, sole_use
    from leadline.logs import configure_logs

    settings = settings_with(data=data, host=host, port=port)
    configure_logs(settings)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket] | None = None) -> None:
            await super().startup(sockets)
            print(f"Leadline serves {_address(self.servers[0])}", flush=True)

    with sole_use(settings):
        config = uvicorn.Config(
            Leadline(settings),
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            proxy_headers=False,
            access_log=False,
            server_header=False,
            log_config=None,
            timeout_graceful_shutdown=10,
        )
        Server(config).run()


def _address(listening: "asyncio.Server") -> str:
    host, port = listening.sockets[0].getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
