"""The programs that the examples are for find nothing wrong with them."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url

from leadline.settings import Settings
from tests.deploy.programs import DEPLOY, checked, program
from tests.deploy.proxies import Place, make_certificate, nginx
from tests.docs.documents import ROOT
from tests.docs.typed import unknown_in

EXPOSURE = 15
"""Tenths, of at most 100: what `systemd-analyze security` may find open at most."""


def loaded(file: str) -> Any:
    return yaml.safe_load((DEPLOY / file).read_text())


@pytest.fixture
def unit_root(tmp_path: Path) -> Path:
    """A root directory with nothing but the unit and the command that it starts."""
    command = tmp_path / "opt" / "leadline" / "bin" / "leadline"
    units = tmp_path / "etc" / "systemd" / "system"
    for directory in (command.parent, units):
        directory.mkdir(parents=True)
    command.touch(mode=0o755)
    shutil.copy(DEPLOY / "leadline.service", units)
    return tmp_path


def test_nginx_takes_its_file(tmp_path: Path) -> None:
    place = Place(tmp_path, plain=8080, secure=8443, upstream="127.0.0.1:8000")
    make_certificate(place)
    said = checked(*nginx(place), "-t")
    assert "syntax is ok" in said
    assert "[warn]" not in said


def test_caddy_takes_its_file(tmp_path: Path) -> None:
    file = str(DEPLOY / "Caddyfile")
    said = checked(
        *(program("caddy"), "validate", "--adapter", "caddyfile", "--config", file),
        HOME=str(tmp_path),
        XDG_DATA_HOME=str(tmp_path),
    )
    assert "Valid configuration" in said
    assert '"level":"warn"' not in said


def test_systemd_takes_its_unit(unit_root: Path) -> None:
    verify = (program("systemd-analyze"), "verify", "--man=no", "--recursive-errors=no")
    assert checked(*verify, f"--root={unit_root}", "leadline.service") == ""


def test_systemd_finds_the_unit_closed() -> None:
    unit = str(DEPLOY / "leadline.service")
    checked(
        *(program("systemd-analyze"), "security", "--no-pager", "--offline=true"),
        *(f"--threshold={EXPOSURE}", unit),
    )


def test_systemd_starts_what_there_is() -> None:
    lines = (DEPLOY / "leadline.service").read_text().splitlines()
    (start,) = (line.partition("=")[2] for line in lines if line.startswith("ExecStart="))
    path, *words = start.split()
    assert path in (ROOT / "docs" / "install.md").read_text()
    assert unknown_in(" ".join(words)) is None


def test_compose_names_what_there_is() -> None:
    compose = loaded("compose.yaml")
    for service in compose["services"].values():
        assert set(service["networks"]) <= set(compose["networks"])
        assert {volume.split(":")[0] for volume in service["volumes"]} <= set(compose["volumes"])
    leadline = compose["services"]["leadline"]
    assert set(leadline["depends_on"]) <= set(compose["services"])
    assert (DEPLOY / leadline["build"]["context"] / leadline["build"]["dockerfile"]).is_file()
    assert leadline["volumes"] == ["data:/data"]


def test_compose_starts_postgresql_when_asked_to() -> None:
    services = loaded("compose.yaml")["services"]
    postgresql = services["postgresql"]
    assert postgresql["profiles"] == ["postgresql"]
    assert services["leadline"]["depends_on"]["postgresql"] == {
        "condition": "service_healthy",
        "required": False,
    }
    comment = (DEPLOY / "compose.yaml").read_text()
    (url,) = re.findall(r"LEADLINE_DATABASE_URL=(\S+)", comment)
    named = make_url(url)
    environment = postgresql["environment"]
    assert (named.drivername, named.host) == ("postgresql+psycopg", "postgresql")
    assert (named.username, named.database) == (
        environment["POSTGRES_USER"],
        environment["POSTGRES_DB"],
    )
    # Without a value in the file each is taken from the shell, where it may be missing.
    assert services["leadline"]["environment"]["LEADLINE_DATABASE_URL"] is None
    assert environment["POSTGRES_PASSWORD"] is None


def test_compose_trusts_its_own_network() -> None:
    compose = loaded("compose.yaml")
    (network,) = compose["networks"]["leadline"]["ipam"]["config"]
    trusted = compose["services"]["leadline"]["environment"]["LEADLINE_TRUSTED_PROXIES"]
    settings = Settings(trusted_proxies=trusted)
    default = Settings.model_fields["trusted_proxies"].default
    assert set(map(str, settings.trusted_proxies)) == {*map(str, default), network["subnet"]}


def test_the_page_names_the_network_of_compose() -> None:
    environment = loaded("compose.yaml")["services"]["leadline"]["environment"]
    trusted = environment["LEADLINE_TRUSTED_PROXIES"]
    page = (ROOT / "docs" / "behind-a-proxy.md").read_text()
    assert f'LEADLINE_TRUSTED_PROXIES="{trusted}"' in page


# What the reference of Traefik 3 lists, as far as the file uses it.
TRAEFIK = {
    "routers": {"entryPoints", "rule", "middlewares", "service", "tls"},
    "middlewares": {"redirectScheme", "headers"},
    "services": {"loadBalancer"},
    "serversTransports": {"maxIdleConnsPerHost", "forwardingTimeouts"},
    "redirectScheme": {"scheme", "permanent"},
    "headers": {"stsSeconds"},
    "loadBalancer": {"servers", "passHostHeader", "serversTransport"},
    "forwardingTimeouts": {"dialTimeout", "responseHeaderTimeout", "idleConnTimeout"},
}


def unknown_keys(value: Any, known: set[str] | None = None) -> Iterator[str]:
    for key, inner in value.items() if isinstance(value, dict) else ():
        if known is not None and key not in known:
            yield key
        yield from unknown_keys(inner, TRAEFIK.get(key))


def test_traefik_knows_every_key() -> None:
    http = loaded("traefik.yaml")["http"]
    assert set(http) == {"routers", "middlewares", "services", "serversTransports"}
    for kind, parts in http.items():
        for part in parts.values():
            assert list(unknown_keys(part, TRAEFIK[kind])) == []


def test_traefiks_parts_refer_to_one_another() -> None:
    http = loaded("traefik.yaml")["http"]
    routers = http["routers"].values()
    assert {name for router in routers for name in router["middlewares"]} == set(
        http["middlewares"]
    )
    assert {router["service"] for router in routers} == set(http["services"])
    balancers = [service["loadBalancer"] for service in http["services"].values()]
    assert {balancer["serversTransport"] for balancer in balancers} == set(
        http["serversTransports"]
    )
    (secure,) = (router for router in routers if "tls" in router)
    (plain,) = (router for router in routers if "tls" not in router)
    assert plain["rule"] == secure["rule"]
    assert http["middlewares"][plain["middlewares"][0]]["redirectScheme"]["scheme"] == "https"
