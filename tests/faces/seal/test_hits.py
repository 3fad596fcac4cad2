"""Hits that a program sends: what is stored, what is refused, and that nothing is partial."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.faces.seal.conftest import Connect
from tests.faces.seal.dialect import calls, data, hit, new_site, refusal, stored, wrong_fields
from tests.support import BROWSER, RunningServer, eventually, running_server

pytestmark = pytest.mark.one_database

PAGE = "https://shop.example/pricing?utm_source=letter"


def a_hit(site: str, **fields: Any) -> dict[str, Any]:
    return {"site_id": site, "url": PAGE, "ip": "203.0.113.7", "user_agent": BROWSER} | fields


def settled(server: RunningServer, api: httpx.Client) -> None:
    """Returns when everything that was sent before is loaded: records keep their order."""
    site = new_site(api)["id"]
    data(api.post("/hits", json=a_hit(site)), 202)
    eventually(lambda: stored(server, site, "path"))


@pytest.fixture
def own(api: httpx.Client) -> str:
    return str(new_site(api, domains=["shop.example"], currency="USD")["id"])


def test_one_hit_without_an_array(server: RunningServer, api: httpx.Client, own: str) -> None:
    answer = api.post("/hits", json=a_hit(own))
    assert data(answer, 202) == {"accepted": 1, "rejected": 0, "rejections": []}
    settled(server, api)
    columns = ("kind", "origin", "path", "utm_source", "wire")
    assert stored(server, own, *columns) == [
        ("pageview", "https://shop.example", "/pricing", "letter", "api")
    ]


def test_everything_that_a_hit_can_say(server: RunningServer, api: httpx.Client, own: str) -> None:
    at = datetime.now(UTC) - timedelta(hours=5)
    sent = [
        a_hit(
            own,
            group="plans",
            referrer="https://news.example/item",
            timezone="Asia/Kathmandu",
            language="ne-NP,ne;q=0.9",
        ),
        a_hit(
            own,
            event="conversion",
            type="purchase",
            amount=12.5,
            currency="USD",
            properties={"plan": "pro", "seats": 3, "trial": False, "none": None, "ratio": 0.25},
            timestamp=at.isoformat(),
            ip="2001:db8::7",
        ),
        a_hit(own, event="microconversion", type="sign-up", id="a"),
        a_hit(own, event="conversion", type="free"),
    ]
    assert data(api.post("/hits", json=sent), 202)["accepted"] == 4
    settled(server, api)
    rows = stored(
        server,
        own,
        "kind",
        "name",
        "amount",
        "properties",
        "content_group",
        "browser_timezone",
        "referrer",
    )
    texts = '{"none":"","plan":"pro","ratio":"0.25","seats":"3","trial":"false"}'
    news = "https://news.example"
    assert rows == [
        ("pageview", "", None, None, "plans", "Asia/Kathmandu", news),
        ("conversion", "purchase", Decimal("12.5"), texts, "", "", ""),
        ("micro", "sign-up", None, None, "", "", news),
        ("conversion", "free", Decimal(0), None, "", "", news),
    ]
    assert stored(server, own, "browser", "device_type", "language")[0] == (
        "Chrome",
        "Desktop",
        "ne",
    )
    moments = [moment for (moment,) in stored(server, own, "received_at")]
    assert moments[1] == at.replace(tzinfo=None)


def test_a_program_and_a_browser_mean_the_same_visitor(
    server: RunningServer, api: httpx.Client, own: str
) -> None:
    """The purchase that a server reports belongs to the visit that a script has seen."""
    hit(server, own, f"{PAGE}&utm_medium=mail")
    data(api.post("/hits", json=a_hit(own, ip="127.0.0.1", event="conversion", type="buy")), 202)
    data(api.post("/hits", json=a_hit(own, ip="::ffff:127.0.0.1", url="https://shop.example")), 202)
    settled(server, api)
    rows = stored(server, own, "visitor", "visit_id", "utm_medium")
    assert len({(visitor, visit) for visitor, visit, _ in rows}) == 1
    assert [medium for *_, medium in rows] == ["mail", "mail", ""]


def test_visitors_are_told_apart(server: RunningServer, api: httpx.Client, own: str) -> None:
    sent = [
        a_hit(own, ip=ip, user_agent=agent)
        for ip in ("203.0.113.7", "203.0.113.8", "2001:db8::7")
        for agent in (BROWSER, f"{BROWSER} Edg/140", f"{BROWSER} Käfer/1")
    ]
    data(api.post("/hits", json=sent), 202)
    settled(server, api)
    assert len(set(stored(server, own, "visitor"))) == 9


def test_a_hit_that_the_site_does_not_want_is_told_of(
    server: RunningServer, api: httpx.Client, own: str
) -> None:
    sleeping = new_site(api)["id"]
    data(api.delete(f"/sites/{sleeping}"))
    sent = [
        a_hit(own),
        a_hit(own, url="https://other.example/"),
        a_hit(sleeping),
        a_hit(own, url="https://www.shop.example/"),
        a_hit(own, user_agent="curl/8.5.0"),
    ]
    assert data(api.post("/hits", json=sent), 202) == {
        "accepted": 2,
        "rejected": 3,
        "rejections": [
            {"index": 1, "reason": "invalid_domain"},
            {"index": 2, "reason": "invalid_account"},
            {"index": 4, "reason": "blocklist_ua"},
        ],
    }
    settled(server, api)
    found = data(api.get(f"/sites/{own}/pixel/rejections"))
    assert (found["accepted"], found["rejected"]) == (2, 2)
    told = {each["reason"]: each["origins"] for each in found["reasons"]}
    assert told["invalid_domain"] == [{"origin": "other.example", "count": 1}]


def test_a_thousand_hits_and_not_one_more(
    server: RunningServer, api: httpx.Client, own: str
) -> None:
    many = [a_hit(own, url=f"https://shop.example/{number}") for number in range(1001)]
    assert wrong_fields(api.post("/hits", json=many)) == ["body"]
    assert wrong_fields(api.post("/hits", json=[])) == ["body"]
    assert data(api.post("/hits", json=many[:1000]), 202)["accepted"] == 1000
    settled(server, api)
    assert stored(server, own, "path") == [(f"/{number}",) for number in range(1000)]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"ip": "nobody"}, "ip"),
    ({"ip": "203.0.113.7:80"}, "ip"),
    ({"ip": 3405803783}, "ip"),
    ({"ip": None}, "ip"),
    ({"user_agent": None}, "user_agent"),
    ({"user_agent": 5}, "user_agent"),
    ({"url": "/pricing"}, "url"),
    ({"url": "mailto:a@example.com"}, "url"),
    ({"url": None}, "url"),
    ({"site_id": None}, "site_id"),
    ({"event": "purchase"}, "event"),
    ({"event": "conversion"}, "type"),
    ({"event": "microconversion"}, "type"),
    ({"type": "purchase"}, "type"),
    ({"event": "conversion", "type": ""}, "type"),
    ({"event": "conversion", "type": "x" * 256}, "type"),
    ({"event": "microconversion", "type": "x", "amount": 1}, "amount"),
    ({"amount": 1}, "amount"),
    ({"event": "conversion", "type": "x", "amount": 10**13}, "amount"),
    ({"event": "conversion", "type": "x", "amount": True}, "amount"),
    ({"event": "conversion", "type": "x", "amount": "a lot"}, "amount"),
    ({"event": "conversion", "type": "x", "currency": "EUR"}, "currency"),
    ({"event": "conversion", "type": "x", "group": "x"}, "group"),
    ({"properties": ["a"]}, "properties"),
    ({"timestamp": "2026-03-10"}, "timestamp"),
    ({"timestamp": "2026-03-10T12:00:00"}, "timestamp"),
    ({"timestamp": "1700000000"}, "timestamp"),
    ({"timestamp": 1700000000}, "timestamp"),
    ({"timestamp": "0001-01-01T00:00:00+14:00"}, "timestamp"),
    ({"timestamp": "9999-12-31T23:59:59-14:00"}, "timestamp"),
    ({"id": ""}, "id"),
    ({"id": "x" * 256}, "id"),
    ({"id": 5}, "id"),
    ({"timestmap": "2026-03-10T12:00:00Z"}, "timestmap"),
]


@pytest.mark.parametrize(("bad", "field"), BAD)
def test_one_bad_hit_refuses_them_all(
    server: RunningServer, api: httpx.Client, own: str, bad: dict[str, Any], field: str
) -> None:
    sent = [a_hit(own), a_hit(own) | bad, a_hit(own)]
    assert wrong_fields(api.post("/hits", json=sent)) == [f"body.1.{field}"]
    assert wrong_fields(api.post("/hits", json=sent[1])) == [f"body.0.{field}"]
    settled(server, api)
    assert stored(server, own, "path") == []


def test_every_bad_hit_is_named_up_to_a_hundred(api: httpx.Client, own: str) -> None:
    bad = {"event": "conversion", "currency": "EUR"}
    sent = [a_hit(own), a_hit(own) | bad, a_hit(own, timestamp=None), a_hit(own, amount=1)]
    assert wrong_fields(api.post("/hits", json=sent)) == [
        "body.1.type",
        "body.1.currency",
        "body.3.amount",
    ]
    old = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    sent = [a_hit(own, timestamp=old) for _ in range(150)]
    assert wrong_fields(api.post("/hits", json=sent)) == [
        f"body.{place}.timestamp" for place in range(100)
    ]
    assert wrong_fields(api.post("/hits", json=[5, a_hit(own), "x"])) == ["body.0", "body.2"]


def test_null_is_not_sent(api: httpx.Client, own: str) -> None:
    names = ("referrer", "type", "amount", "currency", "properties", "group", "timezone")
    nothing = dict.fromkeys((*names, "timestamp", "id"))
    assert data(api.post("/hits", json=a_hit(own) | nothing), 202)["accepted"] == 1


@pytest.mark.parametrize(
    "body", ['"x"', "5", "null", "[[]]", "{", "", "[" * 100_000, '{"a":1e999}']
)
def test_what_is_no_hit(api: httpx.Client, body: str) -> None:
    wrong_fields(api.post("/hits", content=body))


def test_half_a_character_is_no_text(api: httpx.Client, own: str) -> None:
    body = json.dumps(a_hit(own)).replace("Mozilla", "\\ud800")
    wrong_fields(api.post("/hits", content=body))


def test_sites_of_one_array_need_each_its_permission(
    server: RunningServer, api: httpx.Client, own: str, connect: Connect
) -> None:
    other, read = new_site(api)["id"], new_site(api)["id"]
    manager = connect(f"manage:{own}", f"manage:{other}", f"read:{read}")
    assert data(manager.post("/hits", json=[a_hit(own), a_hit(other)]), 202)["accepted"] == 2
    for site in (read, "no.such.site", new_site(api)["id"]):
        refusal(manager.post("/hits", json=[a_hit(own), a_hit(site)]), 403, "forbidden")
    refusal(api.post("/hits", json=[a_hit(own), a_hit("no.such.site")]), 404, "not_found")
    settled(server, api)
    assert len(stored(server, own, "path")) == 1


def test_a_site_is_named_by_its_code_too(server: RunningServer, api: httpx.Client) -> None:
    site = server.site(f"Site {uuid4()}")
    sent = [a_hit(site.code.lower(), id="a"), a_hit(site.slug.upper(), id="a")]
    assert data(api.post("/hits", json=sent), 202)["accepted"] == 2
    settled(server, api)
    assert len(stored(server, site.slug, "path")) == 1


def test_a_retry_counts_once(server: RunningServer, api: httpx.Client, own: str) -> None:
    first = [
        a_hit(own, id=str(number), url=f"https://shop.example/{number}") for number in range(9)
    ]
    for sent in (first, first, first[5:] + first[:2], [*first[3:5], a_hit(own)], first[0]):
        data(api.post("/hits", json=sent), 202)
    settled(server, api)
    paths = [f"/{number}" for number in range(9)]
    assert [path for (path,) in stored(server, own, "path")] == [*paths, "/pricing"]


def test_a_rejected_hit_may_come_again(server: RunningServer, api: httpx.Client, own: str) -> None:
    """Its id is not used up: once the host is listed it counts."""
    sent = a_hit(own, url="https://new.example/", id="a")
    assert data(api.post("/hits", json=sent), 202)["accepted"] == 0
    data(api.post(f"/sites/{own}/domains", json={"domain": "new.example"}), 201)
    assert data(api.post("/hits", json=sent), 202)["accepted"] == 1
    settled(server, api)
    assert stored(server, own, "origin") == [("https://new.example",)]


def test_a_large_array_gets_through_and_a_larger_one_is_refused(
    server: RunningServer, api: httpx.Client, own: str
) -> None:
    long = a_hit(own, properties={"text": "x" * 500})
    full = json.dumps([long] * 1000).encode()
    assert len(full) > 700_000
    assert data(api.post("/hits", content=full), 202)["accepted"] == 1000
    error = refusal(api.post("/hits", content=full + b" " * 2**20), 413, "payload_too_large")
    assert "1048576 bytes" in error["message"]


def test_what_is_more_than_a_record_is_refused(
    server: RunningServer, api: httpx.Client, own: str
) -> None:
    """A hit on disk may be a little longer than it was on its way."""
    least = a_hit(own, url="//shop.example/", ip="::1", user_agent="Opera/9.80 (X11)")
    compact = (",", ":")
    least["url"] += "x" * (1046 - len(json.dumps(least, separators=compact)))
    body = json.dumps([least] * 1000, separators=compact).encode()
    assert len(body) < 2**20
    refusal(api.post("/hits", content=body), 413, "payload_too_large")
    settled(server, api)
    assert stored(server, own, "path") == []
    half = json.dumps([least] * 500, separators=compact).encode()
    assert data(api.post("/hits", content=half), 202)["accepted"] == 500


def test_503_when_it_cannot_be_stored(tmp_path: Path) -> None:
    with running_server(tmp_path, spool_segment_bytes=4096) as server:
        site = server.site("Shop").slug
        with calls(server, server.token("*")) as api:
            many = [a_hit(site, id=str(number)) for number in range(50)]
            data(api.post("/hits", json=many), 202)
            spool = server.settings.spool_directory
            spool.rename(tmp_path / "elsewhere")
            answer = api.post("/hits", json=[*many, a_hit(site, url="https://shop.example/lost")])
            refusal(answer, 503, "service_unavailable")
            assert int(answer.headers["Retry-After"]) > 0
            (tmp_path / "elsewhere").rename(spool)
            data(api.post("/hits", json=[*many, a_hit(site, url="https://shop.example/last")]), 202)
            eventually(lambda: len(stored(server, site, "path")) == 51)
        assert stored(server, site, "path")[-1] == ("/last",)


def test_503_at_the_bound_of_the_spool(tmp_path: Path) -> None:
    with running_server(tmp_path, spool_max_bytes=2**20) as server:
        site = server.site("Shop").slug
        with calls(server, server.token("*")) as api:
            answers = [api.post("/hits", json=[a_hit(site)] * 1000) for _ in range(12)]
            assert {answer.status_code for answer in answers} == {202, 503}
            refusal(answers[-1], 503, "service_unavailable")
            accepted = 1000 * sum(answer.status_code == 202 for answer in answers)
            eventually(lambda: len(stored(server, site, "path")) == accepted)
