"""Who sent a hit is nowhere on disk: neither the address nor the User-Agent, in any form."""

from ipaddress import ip_address
from pathlib import Path

import httpx

from tests.support import PATIENCE, eventually, running_server

ADDRESS = ip_address("2001:db8:1234:5678:9abc:def0:1357:2468")
USER_AGENT = "Mozilla/5.0 (Unmistakable; rv:77.123456) Gecko/20100101 Nobody/42.4242"


def test_no_file_of_the_server_holds_an_address_or_a_user_agent(tmp_path: Path) -> None:
    headers = {"X-Forwarded-For": str(ADDRESS), "User-Agent": USER_AGENT}
    with running_server(tmp_path) as server:
        site = server.site(domains=("example.com",))
        fathom = {"h": "https://example.com", "p": "/fathom", "sid": site.code}
        refused = {"h": "https://other.example", "p": "/refused", "sid": site.code}
        event = {"a": site.slug, "u": "https://example.com/seal"}
        with httpx.Client(
            base_url=server.url, headers=headers, verify=False, timeout=PATIENCE
        ) as client:
            assert client.get("/", params=fathom).status_code == 200
            assert client.get("/", params=refused).status_code == 200
            assert client.post("/event", json=event).status_code == 204
        warehouse = server.leadline.storage.warehouse
        count = "SELECT count(*) FROM hits UNION ALL SELECT count(*) FROM refusals"
        eventually(lambda: warehouse.query(count) == [(2,), (1,)])
        (spool,) = (file.read_bytes() for file in (tmp_path / "spool").iterdir())
        assert b"/fathom" in spool
        assert b"/seal" in spool
        assert not traces(tmp_path)
    assert not traces(tmp_path)


def traces(directory: Path) -> list[str]:
    """The files in which something of the visitor is found."""
    secrets = (ADDRESS.packed, str(ADDRESS).encode(), ADDRESS.exploded.encode(), b"Unmistakable")
    return [
        str(file)
        for file in directory.rglob("*")
        if file.is_file() and any(secret in file.read_bytes() for secret in secrets)
    ]
