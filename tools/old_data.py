"""Packs what this revision leaves in a data directory, for later revisions to start on.

`python -m tools.old_data` writes `tests/data/VERSION.tar.xz`. It is run once for each release,
before the release is tagged; `tests/test_old_data.py` starts a server on each of them.
"""

import tarfile
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from leadline import __version__
from leadline.access import Role
from leadline.settings import Settings
from leadline.sites import MultiDomain, NewSite, Sharing, SiteChange, SiteId, UtmField
from leadline.spool import Hit, Kind, Source
from leadline.storage import Storage
from tests.support import RunningServer, eventually, running_server

TARGET = Path(__file__).parents[1] / "tests" / "data"
LOADED, SPOOLED = 40, 5
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def main() -> None:
    with TemporaryDirectory() as directory:
        data = Path(directory) / "data"
        with running_server(data) as server:
            secret = people_and_sites(server)
            send(server, LOADED)
            shop = server.leadline.sites.get(server.leadline.organisations.first().id, "shop")
        leave_in_the_spool(data, shop.id)
        (data / "leadline.lock").unlink(missing_ok=True)
        pack(data, secret)


def people_and_sites(server: RunningServer) -> str:
    """The secret of a token that may do everything."""
    leadline = server.leadline
    organisation = leadline.organisations.first().id
    leadline.organisations.add_user(
        organisation, email="ada@example.com", password="correct horse battery", role=Role.OWNER
    )
    shop = server.site("Shop", code="SHOPCODE", slug="shop", domains=("shop.example",))
    leadline.sites.add_utm_mapping(shop, "partner", UtmField.SOURCE)
    leadline.sites.create(
        organisation,
        NewSite(
            name="Shared",
            code="SHAREDAA",
            slug="shared",
            timezone="Europe/Madrid",
            currency="USD",
            sharing=Sharing.PRIVATE,
            share_password="open sesame",
            multi_domain=MultiDomain.SEPARATE,
        ),
    )
    asleep = server.site("Asleep", code="ASLEEPAA", slug="asleep")
    leadline.sites.update(asleep, SiteChange(is_active=False))
    leadline.sites.delete(server.site("Gone", code="GONEAAAA", slug="gone"))
    eventually(lambda: all(each.erased_at for each in leadline.sites.deletions()))
    return server.token("*")


def send(server: RunningServer, hits: int) -> None:
    """Send hits of both wires, half each, and wait until they are in the warehouse."""
    with httpx.Client(base_url=server.url, headers={"User-Agent": "Mozilla/5.0"}) as client:
        for number in range(hits // 2):
            address = {"sid": "SHOPCODE", "h": "https://shop.example", "p": f"/{number}"}
            client.get("/", params=address).raise_for_status()
            body = 'd={"a": "shop", "u": "https://shop.example/%d"}' % number  # noqa: UP031
            client.post("/event", content=body, headers=FORM).raise_for_status()
    query = "SELECT count(*) FROM hits"
    eventually(lambda: server.leadline.storage.warehouse.query(query) == [(hits,)])


def leave_in_the_spool(data: Path, site: SiteId) -> None:
    """Hits that were answered, and not loaded yet when the server ended."""
    storage = Storage(Settings(data=data))
    storage.spool.start()
    now = datetime.now(UTC)
    for number in range(SPOOLED):
        storage.spool.append_unwaited(
            Hit(
                site=site,
                received_at=now,
                day=now.date(),
                visitor=number,
                previous=None,
                kind=Kind.PAGEVIEW,
                origin="https://shop.example",
                path=f"/spooled/{number}",
                source=Source(),
            )
        )
    storage.spool.close()
    storage.warehouse.close()


def pack(data: Path, secret: str) -> None:
    (data / "token").write_text(secret)
    TARGET.mkdir(exist_ok=True)
    target = TARGET / f"{__version__}.tar.xz"
    with tarfile.open(target, "w:xz", preset=9) as archive:
        archive.add(data, "data")
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
