"""A command asks the server of the same data directory."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import AF_UNIX, socket
from threading import Event, Thread

import pytest

from leadline.control import ControlSocket, Task, TaskFailed, ask
from tests.support import PATIENCE


@contextmanager
def listening(data: Path, **tasks: Task) -> Iterator[None]:
    """A server with these tasks, in a thread."""
    stopping, started = Event(), Event()

    async def live() -> None:
        control = ControlSocket(data, tasks)
        await control.start()
        started.set()
        await asyncio.to_thread(stopping.wait)
        await control.stop()

    thread = Thread(target=asyncio.run, args=(live(),))
    thread.start()
    assert started.wait(10)
    try:
        yield
    finally:
        stopping.set()
        thread.join(timeout=PATIENCE)
        assert not thread.is_alive()


def test_a_task_is_done_by_the_server(tmp_path: Path) -> None:
    with listening(tmp_path, write=lambda directory: (directory / "x").touch()):
        work = tmp_path / "work"
        work.mkdir()
        assert ask(tmp_path, "write", work)
        assert (work / "x").exists()


def test_without_a_server_nobody_does_it(tmp_path: Path) -> None:
    assert not ask(tmp_path, "write", tmp_path)
    with listening(tmp_path):
        pass
    assert not ask(tmp_path, "write", tmp_path)


def test_what_a_killed_server_left_is_replaced(tmp_path: Path) -> None:
    with socket(AF_UNIX) as left:
        left.bind(str(tmp_path / "leadline.sock"))
    assert not ask(tmp_path, "touch", tmp_path)
    with listening(tmp_path, touch=lambda _: None):
        assert ask(tmp_path, "touch", tmp_path)


def test_a_directory_may_have_any_length(tmp_path: Path) -> None:
    data = tmp_path / ("x" * 200)
    data.mkdir()
    with listening(data, touch=lambda _: None):
        assert ask(data, "touch", tmp_path)


def test_the_servers_error_is_told(tmp_path: Path) -> None:
    def fail(_: Path) -> None:
        raise OSError("the disk is full")

    with listening(tmp_path, fail=fail):
        with pytest.raises(TaskFailed, match="the disk is full"):
            ask(tmp_path, "fail", tmp_path)
        with pytest.raises(TaskFailed, match="does not know"):
            ask(tmp_path, "dance", tmp_path)


@pytest.mark.parametrize("sent", [b"", b"\n", b"no json\n", b'{"task": 1}\n', b"x" * 100_000])
def test_what_is_no_request_does_not_end_it(tmp_path: Path, sent: bytes) -> None:
    with listening(tmp_path, touch=lambda _: None):
        with socket(AF_UNIX) as connection:
            connection.connect(str(tmp_path / "leadline.sock"))
            connection.sendall(sent)
        assert ask(tmp_path, "touch", tmp_path)


def test_the_socket_is_for_its_owner_alone(tmp_path: Path) -> None:
    with listening(tmp_path):
        found = (tmp_path / "leadline.sock").stat()
        assert found.st_mode & 0o777 == 0o600
