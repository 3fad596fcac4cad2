"""`leadline serve`."""

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from socket import AF_INET, AF_INET6, create_server, socket
from typing import Annotated

from cyclopts import Parameter

from leadline.cli.options import Data, settings_with

BACKLOG = 2048


class CannotListen(Exception):
    """Nobody can listen at this address, or somebody else does."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        reason = (error.strerror or str(error)).partition(" (")[0]
        super().__init__(f"cannot listen on {_written(host, port)}: {reason}")


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

    It prints its address on standard output and, while there is no owner, a one-time link to make
    the owner account. Its log goes to standard error.
    """
    import uvicorn

    from leadline.app import Leadline
    from leadline.logs import configure_logs
    from leadline.storage import sole_use

    settings = settings_with(data=data, host=host, port=port)
    configure_logs(settings)
    _tune_interpreter()

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket] | None = None) -> None:
            await super().startup(sockets)
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            print(f"Leadline serves http://{_written(host, port)}", flush=True)
            secret = leadline.invite_owner()
            if secret is not None:
                address = settings.public_url or f"http://{_written(_reachable(host), port)}"
                print(f"Make the owner account: {address}/owner/{secret}", flush=True)

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            """As uvicorn does, but what it raises once more at the end finds nobody."""
            stops = (signal.SIGINT, signal.SIGTERM)
            before = {number: signal.signal(number, signal.SIG_IGN) for number in stops}
            try:
                with super().capture_signals():
                    yield
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)

    with sole_use(settings), _listening(settings.host, settings.port) as listening:
        leadline = Leadline(settings)
        config = uvicorn.Config(
            leadline,
            loop="uvloop",
            http=leadline.protocol,
            ws="none",
            lifespan="on",
            proxy_headers=False,
            access_log=False,
            server_header=False,
            log_config=None,
            timeout_graceful_shutdown=10,
        )
        Server(config).run(sockets=[listening])


def _tune_interpreter() -> None:
    """For very many small objects, none of them in a cycle, and answers that wait for no thread."""
    gc.set_threshold(50_000, 20, 100)
    sys.setswitchinterval(0.001)


def _listening(host: str, port: int) -> socket:
    """A socket of which the first connections wait until the server is there."""
    family = AF_INET6 if ":" in host else AF_INET
    try:
        return create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotListen(host, port, error) from error


def _reachable(host: str) -> str:
    """An address of this machine's own, where the server listens on all of them."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _written(host: str, port: int) -> str:
    return f"{f'[{host}]' if ':' in host else host}:{port}"
