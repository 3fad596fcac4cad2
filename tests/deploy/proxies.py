"""nginx and Caddy before a real server, as the files in deploy/ set them up.

Of a file nothing is changed but what belongs to the machine: ports, certificate, upstream.
"""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.deploy.programs import (
    DEPLOY,
    checked,
    give_away,
    home_of_nobody,
    nginx_with,
    program,
    unprivileged,
    wait_until_it_listens,
)
from tests.support import BROWSER

NAME = "stats.example.com"

Changes = dict[str, str]


@dataclass(frozen=True)
class Place:
    """Where a proxy runs: its directory, its two ports, the server behind it."""

    home: Path
    plain: int
    secure: int
    upstream: str

    @property
    def certificate(self) -> Path:
        return self.home / "certificate.pem"

    @property
    def key(self) -> Path:
        return self.home / "key.pem"


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs."""

    place: Place

    def client(self, address: str = "127.0.0.1", **headers: str) -> httpx.Client:
        """A client at this address that believes to talk to `https://stats.example.com`."""
        trust = ssl.create_default_context(cafile=self.place.certificate)
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.place.secure}",
            headers={"Host": NAME, "User-Agent": BROWSER, **headers},
            transport=_Named(verify=trust, local_address=address),
        )


class _Named(httpx.HTTPTransport):
    """Asks for the certificate of the name, whatever the address is."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = NAME
        return super().handle_request(request)


def changed(file: str, changes: Changes) -> str:
    """The text of a file in deploy/, each of these changes made exactly once."""
    text = (DEPLOY / file).read_text()
    for old, new in changes.items():
        assert text.count(old) == 1, f"{file}: {old!r}"
        text = text.replace(old, new)
    return text


def nginx(place: Place) -> list[str]:
    site = changed(
        "nginx.conf",
        {
            "listen 80;": f"listen 127.0.0.1:{place.plain};",
            "listen [::]:80;": "",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{place.secure} ssl http2;",
            "listen [::]:443 ssl http2;": "",
            f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(place.certificate),
            f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(place.key),
            "server 127.0.0.1:8000;": f"server {place.upstream};",
        },
    )
    return nginx_with(place.home, site)


def caddy(place: Place) -> list[str]:
    ports = f"http_port {place.plain}\n https_port {place.secure}"
    site = changed(
        "Caddyfile",
        {
            f"{NAME} {{": f"{NAME} {{\n tls {place.certificate} {place.key}",
            "127.0.0.1:8000": place.upstream,
        },
    )
    file = place.home / "Caddyfile"
    file.write_text(f"{{\n admin off\n default_bind 127.0.0.1\n {ports}\n}}\n{site}")
    return [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(file)]


PROXIES: dict[str, Callable[[Place], list[str]]] = {"nginx": nginx, "caddy": caddy}


@contextmanager
def proxy_in_front_of(url: str, name: str) -> Iterator[Proxy]:
    with home_of_nobody() as home:
        place = Place(home, *_free_ports(), upstream=urlsplit(url).netloc)
        make_certificate(place)
        command = PROXIES[name](place)
        give_away(home)
        with unprivileged(*command, home=home) as process:
            wait_until_it_listens(process, place.secure, home)
            yield Proxy(place)


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as a, socket.create_server(("127.0.0.1", 0)) as b:
        return a.getsockname()[1], b.getsockname()[1]


def make_certificate(place: Place) -> None:
    checked(
        *(program("openssl"), "req", "-x509", "-nodes", "-days", "2"),
        *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
        *("-keyout", str(place.key), "-out", str(place.certificate)),
    )
