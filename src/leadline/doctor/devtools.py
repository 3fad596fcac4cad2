"""A headless Chromium, and the DevTools protocol with it through a pair of pipes.

See https://chromedevtools.github.io/devtools-protocol/: a message is JSON with a zero byte behind.
"""

import fcntl
import json
import os
import shutil
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from select import POLLIN, poll
from tempfile import TemporaryDirectory
from typing import Any

from leadline.doctor.client import NAME
from leadline.doctor.deadline import Deadline

NAMES = ("chromium-headless-shell", "chromium")
NONE = "none"

Message = dict[str, Any]

_FLAGS = (
    *("--headless", "--remote-debugging-pipe", "--no-first-run", "--no-default-browser-check"),
    *("--disable-background-networking", "--disable-component-update", "--disable-extensions"),
    *("--disable-sync", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio"),
    # Nothing leaves but through the proxy.
    *(
        "--proxy-bypass-list=<-loopback>",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ),
    *("--disable-quic", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp"),
)
_FIRST_FREE = 10
_PIECE = 256 * 1024
_LONGEST_MESSAGE = 64 * 1024 * 1024


class BrowserFailed(Exception):
    """It does not start, ends, or says what nobody understands."""


def find_browser(wanted: Path | None = None) -> Path | None:
    """This one, else one that is on the path. None if it is to be none, or there is none."""
    if wanted is not None:
        return None if str(wanted) == NONE else wanted
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return None if found is None else Path(found)


class DevTools:
    """What is said to a browser, and what it says."""

    def __init__(self, reading: int, writing: int, deadline: Deadline) -> None:
        self._reading = reading
        self._writing = writing
        self._deadline = deadline
        self._received = bytearray()
        self._events: deque[Message] = deque()
        self._last = 0
        self._ready = poll()
        self._ready.register(reading, POLLIN)

    def call(self, method: str, session: str | None = None, **parameters: object) -> Message:
        """The result of a command. Raises `BrowserFailed`, `TimedOut`."""
        self._last += 1
        message: Message = {"id": self._last, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        try:
            os.write(self._writing, json.dumps(message).encode() + b"\0")
        except OSError as error:
            raise BrowserFailed("it ended") from error
        while True:
            answer = self._next(self._deadline.left())
            if answer is not None and answer.get("id") == self._last:
                if "error" in answer:
                    raise BrowserFailed(str(answer["error"].get("message")))
                return dict(answer["result"])
            if answer is not None:
                self._events.append(answer)

    def event(self, seconds: float) -> Message | None:
        """The next thing that happens, within so many seconds. Raises `BrowserFailed`."""
        return self._events.popleft() if self._events else self._next(seconds)

    def _next(self, seconds: float) -> Message | None:
        while (end := self._received.find(b"\0")) < 0:
            if not self._ready.poll(seconds * 1000):
                return None
            piece = os.read(self._reading, _PIECE)
            if not piece or len(self._received) > _LONGEST_MESSAGE:
                raise BrowserFailed("it ended")
            self._received += piece
        message = bytes(self._received[:end])
        del self._received[: end + 1]
        try:
            return dict(json.loads(message))
        except ValueError as error:
            raise BrowserFailed("what it says is no message") from error


@contextmanager
def running_browser(path: Path, proxy_port: int, deadline: Deadline) -> Iterator[DevTools]:
    """A browser with a profile of its own, killed at the end. Raises `BrowserFailed`."""
    with TemporaryDirectory(prefix="leadline-", ignore_cleanup_errors=True) as profile:
        (its_input, ours_out), (ours_in, its_output) = _pipe(), _pipe()
        try:
            process = _start(path, Path(profile), proxy_port, its_input, its_output)
        except OSError as error:
            _close(ours_out, ours_in)
            raise BrowserFailed(f"{path}: {error.strerror}") from error
        finally:
            _close(its_input, its_output)
        try:
            yield DevTools(ours_in, ours_out, deadline)
        finally:
            _close(ours_out, ours_in)
            with suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _start(path: Path, profile: Path, proxy_port: int, its_input: int, its_output: int) -> int:
    """The number of a process that leads a group of its own, with the pipes at 3 and 4."""
    own = (f"--user-data-dir={profile}", f"--proxy-server=http://127.0.0.1:{proxy_port}")
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    nothing = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
    return os.posix_spawn(
        path,
        [str(path), *_FLAGS, *root, *own, f"--user-agent={_user_agent()}", "about:blank"],
        {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(profile), "TZ": "UTC"},
        file_actions=[
            (os.POSIX_SPAWN_DUP2, its_input, 3),
            (os.POSIX_SPAWN_DUP2, its_output, 4),
            nothing,
        ],
        setpgroup=0,
    )


def _user_agent() -> str:
    """The mark of its hits: every server refuses those of a headless browser, as a crawler's."""
    like = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    return f"{like} HeadlessChrome/150.0.0.0 Safari/537.36 {NAME}"


def _pipe() -> tuple[int, int]:
    """Both ends above the numbers that a browser has its own at."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE) for end in ends]
    _close(*ends)
    return moved[0], moved[1]


def _close(*numbers: int) -> None:
    for number in numbers:
        os.close(number)
