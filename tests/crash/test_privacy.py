"""Who visited is nowhere: not in a file, not in the log, not after a kill and not after a restart.

Addresses and User-Agents that occur nowhere else are looked for in every form they may have.
"""

from collections.abc import Callable, Iterator
from ipaddress import IPv6Address, ip_address
from pathlib import Path

import httpx

from leadline.network import Address
from leadline.sites import Site
from tests.clickhouse import ClickHouseInside
from tests.clickhouse_http import listening
from tests.crash.support import ServerProcess, counted, owner_of, warehouse_at
from tests.support import PATIENCE, eventually

ADDRESSES = [
    ip_address("203.119.247.183"),
    ip_address("198.41.229.151"),
    ip_address("2001:db8:1234:5678:9abc:def0:1357:2468"),
]
USER_AGENTS = [f"Mozilla/5.0 (Unmistakable; rv:77.{n}3456) Gecko/20100101" for n in range(3)]
LATE = {"LEADLINE_LOADER_INTERVAL": "1", "LEADLINE_SPOOL_SEGMENT_BYTES": "1000000"}


def traces_of(address: Address) -> Iterator[bytes]:
    number = int(address)
    for packed in (address.packed, address.packed[::-1]):
        yield packed
        yield packed.hex().encode()
        yield packed.hex().upper().encode()
        yield packed.hex(":").encode()
        yield packed.hex(":", 2).encode()
    yield from (text.encode() for text in (str(address), address.exploded, str(number)))
    yield address.reverse_pointer.encode()
    if isinstance(address, IPv6Address):  # the network alone would tell enough
        yield from (address.packed[:8], address.packed[:8][::-1], address.packed[:8].hex().encode())


def traces() -> list[bytes]:
    agents = [agent.encode() for agent in USER_AGENTS]
    return [
        *(trace for address in ADDRESSES for trace in traces_of(address)),
        *agents,
        *(agent.hex().encode() for agent in agents),
        b"Unmistakable",
        "Unmistakable".encode("utf-16-le"),
    ]


def found_in(directory: Path) -> list[tuple[str, bytes]]:
    return [
        (str(file), trace)
        for file in directory.rglob("*")
        if file.is_file()
        for content in [file.read_bytes()]
        for trace in traces()
        if trace in content
    ]


def visit(url: str, site: Site) -> int:
    """Hits of every kind by each of them; how many of them count."""
    count = 0
    for address, agent in zip(ADDRESSES, USER_AGENTS, strict=True):
        headers = {"X-Forwarded-For": str(address), "User-Agent": agent}
        with httpx.Client(base_url=url, headers=headers, verify=False, timeout=PATIENCE) as client:
            page = {"h": "https://shop.example", "p": "/", "sid": site.code}
            event = {"a": site.slug, "u": "https://shop.example/buy", "e": "buy", "v": 1}
            assert client.get("/", params=page).status_code == 200
            assert client.post("/event", json=event).status_code == 204
            count += 2
            assert client.get("/", params=page | {"h": "https://other.test"}).status_code == 200
            assert client.post("/event", content=b"{broken").status_code == 204
            assert client.get("/v1/sites").status_code == 401
            assert client.get("/nothing").status_code == 404
            client.get(f"/t.js?id={site.slug}").raise_for_status()
    return count


def tell(url: str, site: Site, secret: str) -> int:
    """Hits that a program sends of each of them, wrong ones too; how many of them count."""
    sent = [
        {
            "site_id": site.slug,
            "url": "https://shop.example/told",
            "ip": str(address),
            "user_agent": agent,
            "id": f"told-{number}",
        }
        for number, (address, agent) in enumerate(zip(ADDRESSES, USER_AGENTS, strict=True))
    ]
    with httpx.Client(
        base_url=url, headers={"X-API-Key": secret}, verify=False, timeout=PATIENCE
    ) as client:
        assert client.post("/api/v1/hits", json=sent).status_code == 202
        assert client.post("/api/v1/hits", json=[*sent, {"ip": sent[0]["ip"]}]).status_code == 422
        broken = [each | {"ip": f"{each['ip']}.x", "timestamp": "now"} for each in sent]
        answer = client.post("/api/v1/hits", json=broken)
        assert answer.status_code == 422
        assert not [trace for trace in traces() if trace in answer.content]
        assert client.post("/api/v1/hits", content=str(sent)).status_code == 422
    return len(sent)


def test_nothing_of_a_visitor_is_left(tmp_path: Path) -> None:
    check(tmp_path, lambda: found_in(tmp_path))


def test_nothing_of_a_visitor_is_left_in_clickhouse(
    clickhouse: ClickHouseInside, tmp_path: Path
) -> None:
    with listening(clickhouse.url(tmp_path)) as line:
        check(tmp_path, lambda: found_in(tmp_path) + found_in(clickhouse.directory), line.url())
    assert any(clickhouse.directory.rglob("*.bin"))


def check(
    directory: Path, found: Callable[[], list[tuple[str, bytes]]], warehouse_url: str | None = None
) -> None:
    """`found` looks wherever anything is written."""
    data, log = directory / "data", directory / "log"
    chatty = LATE | {"LEADLINE_LOG_LEVEL": "debug"} | warehouse_at(warehouse_url)
    with owner_of(data) as owner:
        site = owner.site("Shop")
        owner.sites.add_domain(site, "shop.example")
        server = ServerProcess(data, environment=chatty, log=log)
        sent = visit(server.url, site) + tell(server.url, site, owner.secret)
        server.kill()
        assert any(file.stat().st_size for file in (data / "spool").glob("*.spool"))
        assert found() == []
        server = ServerProcess(data, environment=chatty, log=log)
        eventually(lambda: owner.hits(server.url, site) == sent)
        assert found() == []
        server.stop()
        assert found() == []
    assert sum(counted(data, warehouse_url).values()) == sent


def test_the_search_finds_what_there_is(tmp_path: Path) -> None:
    for number, trace in enumerate(traces()):
        (tmp_path / str(number)).write_bytes(b"before" + trace + b"behind")
    assert {trace for _, trace in found_in(tmp_path)} == set(traces())
