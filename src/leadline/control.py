"""How a command asks the server that works on the same data directory to do something there.

A Unix socket in the directory, for its owner alone; a line of JSON each way.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket

import msgspec

from leadline.logs import logger

log = logger(__name__)

NAME = "leadline.sock"
LONGEST_LINE = 64 * 1024

Task = Callable[[Path], None]
"""Something to be done with a directory of files."""


class TaskFailed(Exception):
    """The server could not do it; its text is the server's."""


class _Request(msgspec.Struct):
    task: str
    directory: str


class _Answer(msgspec.Struct):
    error: str | None = None


class ControlSocket:
    """The server's end. Tasks run in threads, beside everything else."""

    def __init__(self, data: Path, tasks: Mapping[str, Task]) -> None:
        self._data = data
        self._tasks = tasks
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Replaces what a server that was killed has left."""
        (self._data / NAME).unlink(missing_ok=True)
        listening = socket(AF_UNIX, SOCK_STREAM)
        with _address(self._data) as address:
            listening.bind(address)
        (self._data / NAME).chmod(0o600)
        self._server = await asyncio.start_unix_server(
            self._serve, sock=listening, limit=LONGEST_LINE
        )

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        (self._data / NAME).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            answer = await self._answer(await reader.readline())
            writer.write(msgspec.json.encode(answer) + b"\n")
            await writer.drain()
        writer.close()

    async def _answer(self, line: bytes) -> _Answer:
        try:
            request = msgspec.json.decode(line, type=_Request)
            await asyncio.to_thread(self._tasks[request.task], Path(request.directory))
        except (msgspec.MsgspecError, KeyError):
            return _Answer("this server does not know what that is")
        except Exception as error:
            log.error("task failed", task=request.task, exc_info=error)
            return _Answer(str(error))
        return _Answer()


def ask(data: Path, task: str, directory: Path) -> bool:
    """Have the server of this data directory do it; False if there is none.

    Returns when it is done, however long that takes. Raises `TaskFailed`.
    """
    request = msgspec.json.encode(_Request(task, str(directory.resolve())))
    with socket(AF_UNIX, SOCK_STREAM) as connection:
        try:
            with _address(data) as address:
                connection.connect(address)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        connection.sendall(request + b"\n")
        with connection.makefile("rb") as lines:
            line = lines.readline()
    if not line:
        raise TaskFailed("the server ended before it was done")
    answer = msgspec.json.decode(line, type=_Answer)
    if answer.error is not None:
        raise TaskFailed(answer.error)
    return True


@contextmanager
def _address(data: Path) -> Iterator[str]:
    """A path to the socket that is short enough for one, however long the directory's is."""
    if sys.platform != "linux":
        yield str(data / NAME)
        return
    handle = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{NAME}"
    finally:
        os.close(handle)
