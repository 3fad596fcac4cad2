"""A server with months of made-up traffic, and what a report's page says of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from leadline.access import Role
from leadline.settings import Settings
from leadline.sites import Site
from tests.dashboard.elements import Elements, safe
from tests.dashboard.person import Person, signed_in
from tests.demo.making import UNTIL, made, plan
from tests.support import ManualClock, RunningServer, running_server

TILE = re.compile(r'<li class="tile.*?</li>', re.S)
ROW = re.compile(r"<tr>(.*?)</tr>", re.S)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)
TAG = re.compile(r"<[^>]*>")


class Demo:
    """The server stands at the moment up to which there is traffic."""

    def __init__(self, server: RunningServer, owner: Person) -> None:
        self.server = server
        self.owner = owner
        found = server.leadline.sites.list(server.leadline.organisations.first().id)
        self.shop: Site = next(site for site in found if site.currency == "EUR")

    def page(self, query: str = "", path: str = "") -> str:
        """The markup of the shop's report, which is safe."""
        answer = self.owner.get(f"/sites/{self.shop.slug}{path}{query and '?' + query}")
        assert answer.status_code == 200, (answer.status_code, answer.text)
        safe(answer.text)
        return answer.text


@contextmanager
def demo_server(data: Path) -> Iterator[Demo]:
    made(Settings(data=data), plan(hits=9000, days=60, sites=2))
    with running_server(data, clock=ManualClock(UNTIL)) as server:
        yield Demo(server, signed_in(server, Role.OWNER))


def tiles(html: str) -> dict[str, list[str]]:
    """The texts of each total, by its title."""
    found = (texts(tile) for tile in TILE.findall(html))
    return {title: rest for title, *rest in found}


def rows(html: str, table: str = "<tbody>") -> list[list[str]]:
    """The cells of the rows of the first body after a piece of markup."""
    body = html.split(table, 1)[1].split("</tbody>", 1)[0]
    return [[plain(cell) for cell in CELL.findall(row)] for row in ROW.findall(body)]


def card(html: str, group: str) -> list[list[str]]:
    """The lines of a panel in short."""
    return rows(html.split(f'id="card-{group}"', 1)[1].split("</section>", 1)[0])


def links(html: str) -> dict[str, str]:
    """Where links lead, by their text; the last of each."""
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', html, re.S)
    return {plain(text): unescape(address) for address, text in found}


def led(html: str, rel: str) -> str:
    """Where the page says that one goes on."""
    return next(str(each["href"]) for each in named(html, "a") if each.get("rel") == rel)


def query_of(address: str) -> str:
    return urlsplit(address).query


def texts(html: str) -> list[str]:
    return [each for part in TAG.split(html) if (each := unescape(part).strip())]


def plain(html: str) -> str:
    return " ".join(texts(html))


def named(html: str, tag: str) -> list[dict[str, str | None]]:
    return [attributes for name, attributes in Elements(html).found if name == tag]
