"""The programs that check the examples in deploy/, and run them."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.docs.documents import ROOT
from tests.support import PATIENCE, eventually

DEPLOY = ROOT / "deploy"
NOBODY = 65534

_PACKAGES = {
    "nginx": "nginx-light",
    "caddy": "caddy",
    "systemd-analyze": "systemd",
    "openssl": "openssl",
}


def program(name: str) -> str:
    """Where the program is. Without it the tests cannot run."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    assert found, f"no {name}: install {_PACKAGES[name]}"
    return found


def checked(*command: str, **environment: str) -> str:
    """What the command says; it has to end well."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=PATIENCE,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


@contextmanager
def unprivileged(*command: str, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program running in `home`, without root's rights if these tests have them."""
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": ()} if os.geteuid() == 0 else {}
    with (
        (home / "log").open("wb") as log,
        subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            cwd=home,
            env={"HOME": str(home), "PATH": os.environ["PATH"]},
            **user,  # type: ignore[call-overload]
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def nginx_with(home: Path, sites: str) -> list[str]:
    """The command of an nginx that keeps everything in `home` and has these parts of `http`."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {home}/{kind};\n" for kind in kinds)
    main = home / "nginx.conf"
    main.write_text(
        f"daemon off; pid {home}/pid; error_log stderr;\nevents {{}}\nhttp {{\n{paths}{sites}\n}}\n"
    )
    return [program("nginx"), "-p", str(home), "-e", "stderr", "-c", str(main)]


def wait_until_it_listens(process: subprocess.Popen[bytes], port: int, home: Path) -> None:
    def listens() -> bool:
        assert process.poll() is None, (home / "log").read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    eventually(listens)


@contextmanager
def home_of_nobody() -> Iterator[Path]:
    """A directory for a program without rights; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="leadline-proxy-") as directory:
        home = Path(directory)
        yield home


def give_away(home: Path) -> None:
    """Let the unprivileged user have everything in `home`."""
    if os.geteuid() == 0:
        for path in (home, *home.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
