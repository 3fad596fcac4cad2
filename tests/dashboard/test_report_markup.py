"""Whatever visitors send is shown as text, on every page of a report and in its files."""

from csv import reader
from urllib.parse import quote

import httpx
import pytest

from leadline.dashboard.report import panels
from leadline.sites import Site
from tests.dashboard.elements import safe
from tests.dashboard.person import Person
from tests.nasty import MARKUP
from tests.support import BROWSER, RunningServer, eventually

PANELS = [name for name in panels.PANELS if name not in ("hosts", "countries")]
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "ref", "keyword")


@pytest.fixture(scope="module")
def site(server: RunningServer) -> Site:
    """Visitors have sent markup wherever they can."""
    site = server.site("Visited", domains=())
    for number, text in enumerate(MARKUP):
        query = "&".join(f"{name}={quote(text, safe='')}" for name in UTM)
        path = f"/{quote(text, safe='')}"
        with server.client("*") as client:
            hits = [
                {
                    "site_id": site.code,
                    "url": f"https://example.com{path}?{query}",
                    "ip": f"203.0.113.{number + 1}",
                    "user_agent": BROWSER,
                    "referrer": f"https://elsewhere.example/{text}",
                    **more,
                }
                for more in (
                    {"group": text},
                    {"event": "microconversion", "type": text, "properties": {text: text}},
                )
            ]
            answer = client.post("/api/v1/hits", json=hits)
        assert answer.status_code < 300, answer.text
    warehouse = server.leadline.storage.warehouse
    wanted = 2 * len(MARKUP)
    count = "SELECT count(*) FROM hits WHERE site_id = $site"
    eventually(lambda: warehouse.query(count, site=site.id) == [(wanted,)])
    return site


def test_markup_stays_text(owner: Person, site: Site) -> None:
    everywhere = ""
    for panel in PANELS:
        group = safe(owner.get(f"/sites/{site.slug}/panels/{panel}").text)
        everywhere += group.text
        short = owner.client.get(
            f"/sites/{site.slug}/panels/{panel}", headers={"HX-Request": "true"}
        )
        safe(short.text)
    safe(owner.get(f"/sites/{site.slug}").text)
    safe(owner.get(f"/sites/{site.slug}?sources=campaigns&content=entries").text)
    everywhere += safe(owner.get(f"/sites/{site.slug}/panels/events").text).text
    assert [text for text in MARKUP if text not in everywhere] == []


@pytest.mark.parametrize("text", MARKUP)
def test_a_filter_and_an_event_of_markup(owner: Person, site: Site, text: str) -> None:
    asked = {"f": f"utm_campaign:is:{text}"}
    page = owner.client.get(f"/sites/{site.slug}", params=asked)
    assert page.status_code == 200
    assert text in safe(page.text).text
    event = owner.client.get(f"/sites/{site.slug}/panels/events", params={"name": text})
    assert event.status_code == 200
    found = safe(event.text).text
    assert found.count(text) >= 2
    searched = owner.client.get(f"/sites/{site.slug}/panels/campaigns", params={"q": text})
    assert searched.status_code == 200
    safe(searched.text)


def test_no_cell_of_a_file_is_a_formula(owner: Person, site: Site) -> None:
    for panel in ("campaigns", "events"):
        answer = owner.get(f"/sites/{site.slug}/panels/{panel}.csv")
        cells = [cell for row in reader(answer.text.splitlines()) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "＝"))]  # noqa: RUF001
        assert {"'=HYPERLINK(1)", "'＝HYPERLINK(2)"} <= set(cells)  # noqa: RUF001


def test_what_is_asked_comes_back_as_text(owner: Person, site: Site) -> None:
    for text in MARKUP:
        for name in ("f", "period", "from", "segment", "metric", "by", "compare"):
            answer: httpx.Response = owner.client.get(f"/sites/{site.slug}", params={name: text})
            assert answer.status_code == 400, (name, text)
            safe(answer.text)
