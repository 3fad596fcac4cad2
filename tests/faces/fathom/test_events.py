"""`/v1/sites/{site_id}/events`, by id and by name, of hits in either warehouse."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from leadline.sites import Site, SiteChange
from tests.clickhouse import WAREHOUSES
from tests.collector.hits import fathom, seal, settle
from tests.faces.fathom.wire import NOT_PERMITTED, Account, Json, codes, error_of, errors_of
from tests.support import ManualClock, RunningServer, running_server

KEYS = ["id", "object", "name", "currency", "created_at"]
CURRENCIES = [
    "dollar",
    "pound",
    "euro",
    "yuan",
    "peso",
    "shekel",
    "yen",
    "won",
    "hryvnia",
    "franc",
    "rupee",
    "integer",
    "none",
]


class Shop(NamedTuple):
    """A site of a server with a clock of its own."""

    server: RunningServer
    clock: ManualClock
    client: httpx.Client
    site: Site

    def address(self, *rest: str) -> str:
        return "/".join([f"/v1/sites/{self.site.code}/events", *rest])

    def track(self, *names: str) -> None:
        """One hit of each name, a second after one another."""
        for name in names:
            self.clock.advance(seconds=1)
            assert fathom(self.server, self.site.code, "POST", name=name).status_code == 200
        settle(self.server)

    def listed(self, **query: Any) -> list[Json]:
        answer = self.client.get(self.address(), params=query)
        assert answer.status_code == 200, answer.text
        found: list[Json] = answer.json()["data"]
        return found

    def names(self) -> list[str]:
        return [event["name"] for event in self.listed(limit=100)]

    def create(self, **fields: Any) -> Json:
        answer = self.client.post(self.address(), json=fields)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def conversions(self, **query: Any) -> str:
        given = {"entity": "event", "aggregates": "conversions"} | query
        answer = self.client.get("/v1/aggregations", params=given)
        assert answer.status_code == 200, answer.text
        found: str = answer.json()[0]["conversions"]
        return found


class Place(NamedTuple):
    server: RunningServer
    clock: ManualClock


@pytest.fixture(scope="module", params=WAREHOUSES)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    data = tmp_path_factory.mktemp("events")
    inside = request.param == "clickhouse"
    url = request.getfixturevalue("clickhouse").url(data) if inside else None
    clock = ManualClock()
    with running_server(data, clock=clock, warehouse_url=url) as server:
        yield Place(server, clock)


@pytest.fixture
def shop(place: Place) -> Iterator[Shop]:
    with place.server.client("*") as client:
        yield Shop(place.server, place.clock, client, place.server.site("Shop"))


# What there is


def test_an_event_is_listed_from_its_first_hit_on(shop: Shop) -> None:
    empty = {"object": "list", "url": shop.address(), "has_more": False, "data": []}
    assert shop.client.get(shop.address()).json() == empty
    shop.track("Signed up", "Bought", "Signed up")
    fathom(shop.server, shop.site.code)
    shop.clock.advance(seconds=1)
    seal(shop.server, shop.site.slug, e="sale")
    settle(shop.server)
    answer = shop.client.get(shop.address()).json()
    assert answer | {"data": []} == empty
    assert [event["name"] for event in answer["data"]] == ["Signed up", "Bought", "sale"]
    for event in answer["data"]:
        assert list(event) == KEYS
        assert (event["object"], event["currency"]) == ("event", None)
        assert shop.client.get(shop.address(event["id"])).json() == event


def test_the_moment_is_that_of_the_first_hit(shop: Shop) -> None:
    shop.clock.advance(hours=1)
    first = (shop.clock.now).strftime("%Y-%m-%d %H:%M:%S")
    fathom(shop.server, shop.site.code, "POST", name="Bought")
    settle(shop.server)
    shop.track("Bought", "Bought")
    (event,) = shop.listed()
    assert event["created_at"] == first


def test_pages(shop: Shop) -> None:
    shop.track(*(f"Number {number}" for number in range(12)))
    ids = [event["id"] for event in shop.listed(limit=100)]
    assert shop.names() == [f"Number {number}" for number in range(12)]
    first = shop.client.get(shop.address())
    assert (codes(first), first.json()["has_more"]) == (ids[:10], True)
    after = shop.client.get(shop.address(), params={"starting_after": ids[9]})
    assert (codes(after), after.json()["has_more"]) == (ids[10:], False)
    before = shop.client.get(shop.address(), params={"ending_before": ids[9], "limit": 3})
    assert (codes(before), before.json()["has_more"]) == (ids[6:9], True)
    shop.client.delete(shop.address(ids[9]))
    assert codes(shop.client.get(shop.address(), params={"starting_after": ids[9]})) == ids[10:]
    both = {"starting_after": ids[0], "ending_before": ids[1]}
    assert list(errors_of(shop.client.get(shop.address(), params=both))) == ["ending_before"]
    for name, value in (
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "x"),
        ("starting_after", "Number 1"),
        ("starting_after", shop.site.code),
        ("ending_before", "\0"),
    ):
        answer = shop.client.get(shop.address(), params={name: value})
        assert list(errors_of(answer)) == [name]


# By id


def test_an_event_is_created_before_its_first_hit(shop: Shop) -> None:
    event = shop.create(name="Bought")
    assert list(event) == KEYS
    assert (event["name"], event["currency"]) == ("Bought", "dollar")
    assert shop.listed() == [event]
    assert shop.create(name=" Bought ", currency="euro") == event | {"currency": "euro"}
    shop.track("Bought")
    assert shop.listed() == [event | {"currency": "euro"}]
    assert shop.create(name="Bought") == event | {"currency": "euro"}


def test_a_form_is_understood(shop: Shop) -> None:
    answer = shop.client.post(shop.address(), data={"name": "Bought", "currency": "yen"})
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["currency"]) == ("Bought", "yen")


def test_an_event_is_changed_by_id(shop: Shop) -> None:
    shop.track("By")
    (event,) = shop.listed()
    its = shop.address(event["id"])
    assert shop.client.post(its).json() == event
    assert shop.client.post(its, json={"unheard": "of"}).json() == event
    changed = shop.client.post(its, json={"currency": "pound"})
    assert changed.status_code == 200
    assert changed.json() == event | {"currency": "pound"}
    renamed = shop.client.post(its, json={"name": "Buy"}).json()
    assert renamed == event | {"currency": "pound", "name": "Buy"}
    assert shop.client.get(its).json() == renamed
    assert shop.listed() == [renamed]
    shop.track("Buy", "By", "By")
    assert sorted(shop.names()) == ["Buy", "By"]
    taken = shop.client.post(its, json={"name": "By", "currency": "won"})
    assert errors_of(taken) == {"name": ["The name has already been taken."]}
    assert shop.client.get(its).json() == renamed
    assert shop.conversions(entity_id=event["id"]) == "1"


def test_a_deleted_event_comes_back_when_it_is_sent_again(shop: Shop) -> None:
    shop.track("Bought", "Other")
    event = shop.create(name="Bought", currency="euro")
    its = shop.address(event["id"])
    answer = shop.client.delete(its)
    assert answer.status_code == 200
    assert answer.json() == {"id": event["id"], "object": "event", "deleted": True}
    assert shop.names() == ["Other"]
    for again in (
        shop.client.get(its),
        shop.client.post(its, json={"currency": "won"}),
        shop.client.delete(its),
    ):
        assert error_of(again, 404) == "The event could not be found"
    by_name = {"site_id": shop.site.code, "entity_name": "Bought"}
    assert shop.conversions(**by_name) == "1"
    shop.track("Bought")
    assert shop.listed() == [event | {"currency": None}, *shop.listed()[1:]]
    assert shop.conversions(**by_name) == shop.conversions(entity_id=event["id"]) == "2"


def test_data_is_never_wiped(shop: Shop) -> None:
    shop.track("Bought")
    (event,) = shop.listed()
    for path in (event["id"], "currency", "x"):
        error_of(shop.client.delete(shop.address(path, "data")), 410)
    assert shop.listed() == [event]


# By name


def test_a_currency_is_set_by_name(shop: Shop) -> None:
    shop.track("Bought")
    (event,) = shop.listed()
    for currency in CURRENCIES:
        body = {"name": "Bought", "currency": currency}
        answer = shop.client.post(shop.address("currency"), json=body)
        assert answer.status_code == 200
        assert answer.json() == event | {"currency": currency}
    early = {"name": "Not yet", "currency": "franc"}
    assert shop.client.post(shop.address("currency"), data=early).status_code == 200
    assert [(each["name"], each["currency"]) for each in shop.listed()] == [
        ("Bought", "none"),
        ("Not yet", "franc"),
    ]


@pytest.mark.parametrize("name", ["Signed up", "50% / é & 😀?=#", "currency", "x" * 255])
def test_an_event_is_deleted_by_name(shop: Shop, name: str) -> None:
    shop.track(name)
    event = shop.create(name=name)
    answer = shop.client.delete(shop.address(), params={"name": name})
    assert answer.status_code == 200
    assert answer.json() == {"id": event["id"], "object": "event", "deleted": True}
    assert shop.names() == []
    error_of(shop.client.delete(shop.address(), params={"name": name}), 404)
    shop.track(name)
    assert shop.names() == [name]
    assert shop.listed()[0]["currency"] is None


def test_no_event_has_the_id_currency(shop: Shop) -> None:
    shop.track("currency")
    its = shop.address("currency")
    for answer in (shop.client.get(its), shop.client.delete(its), shop.client.put(its)):
        error_of(answer, 405)
        assert answer.headers["allow"] == "POST"
    assert set(errors_of(shop.client.post(its))) == {"name", "currency"}
    assert shop.names() == ["currency"]


# What is refused


NAMES: list[tuple[Any, str]] = [
    (None, "The name field is required."),
    ("", "The name field is required."),
    ("  ", "The name field is required."),
    (7, "The name field must be a string."),
    (["x"], "The name field must be a string."),
    ("x" * 256, "The name field must not be greater than 255 characters."),
    ("a\0b", "The name field format is invalid."),
]


@pytest.mark.parametrize(("name", "sentence"), NAMES)
def test_a_wrong_name(shop: Shop, name: Any, sentence: str) -> None:
    event = shop.create(name="Fine")
    refused = {"name": [sentence]}
    fields = {"name": name, "currency": "euro"}
    for path in ((), ("currency",)):
        assert errors_of(shop.client.post(shop.address(*path), json=fields)) == refused
    if isinstance(name, str):
        assert errors_of(shop.client.delete(shop.address(), params={"name": name})) == refused
    if "required" not in sentence:
        assert errors_of(shop.client.post(shop.address(event["id"]), json=fields)) == refused
    assert errors_of(shop.client.delete(shop.address())) == {"name": [NAMES[0][1]]}
    assert shop.listed() == [event]


@pytest.mark.parametrize("currency", ["crown", "EUR", "Euro", "euro\0", 7, True, ["euro"], {}])
def test_a_wrong_currency(shop: Shop, currency: Any) -> None:
    event = shop.create(name="Fine")
    fields = {"name": "Other", "currency": currency}
    for path in ((), ("currency",), (event["id"],)):
        errors = errors_of(shop.client.post(shop.address(*path), json=fields))
        assert errors == {"currency": ["The selected currency is invalid."]}
    assert shop.listed() == [event]


def test_a_currency_is_needed_where_it_is_set(shop: Shop) -> None:
    for currency in ({}, {"currency": None}, {"currency": ""}):
        answer = shop.client.post(shop.address("currency"), json={"name": "Bought"} | currency)
        assert errors_of(answer) == {"currency": ["The currency field is required."]}
    assert shop.listed() == []


@pytest.mark.parametrize("name", ["x", "A" * 22, "a%00b", "%FF", "%ED%A0%80", "x" * 4000, "%25"])
def test_an_id_of_none(shop: Shop, name: str) -> None:
    shop.track("Bought")
    its = shop.address(name)
    error_of(shop.client.get(its), 404)
    error_of(shop.client.post(its, json={"currency": "euro"}), 404)
    error_of(shop.client.delete(its), 404)


def test_a_body_that_cannot_be_read(shop: Shop) -> None:
    for body, kind, status in (
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ("x", "text/plain", 415),
    ):
        headers = {"Content-Type": kind}
        for path in ((), ("currency",)):
            answer = shop.client.post(shop.address(*path), content=body, headers=headers)
            error_of(answer, status)


# Whose they are


def test_an_event_of_another_site_is_not_there(shop: Shop) -> None:
    event = shop.create(name="Bought")
    other = shop._replace(site=shop.server.site("Other"))
    assert other.listed() == []
    its = other.address(event["id"])
    error_of(other.client.get(its), 404)
    error_of(other.client.post(its, json={"currency": "euro"}), 404)
    error_of(other.client.delete(its), 404)
    error_of(other.client.delete(other.address(), params={"name": "Bought"}), 404)
    cursor = other.client.get(other.address(), params={"starting_after": event["id"]})
    assert list(errors_of(cursor)) == ["starting_after"]
    mine = other.create(name="Bought", currency="won")
    assert mine["id"] != event["id"]
    with Account(shop.server).client("*") as stranger:
        error_of(stranger.get(shop.address(event["id"])), 404)
        error_of(stranger.post(shop.address("currency"), json=event), 404)
    assert shop.listed() == [event]


@pytest.mark.parametrize("ability", ["all-sites-readonly", "read:{site}"])
def test_who_may_read_may_not_write(shop: Shop, ability: str) -> None:
    event = shop.create(name="Bought")
    its = shop.address(event["id"])
    with shop.server.client(ability.format(site=shop.site.code)) as reader:
        assert reader.get(shop.address()).json()["data"] == [event]
        assert reader.get(its).json() == event
        for answer in (
            reader.post(shop.address(), json={"name": "New"}),
            reader.post(shop.address("currency"), json={"name": "New", "currency": "won"}),
            reader.post(its, json={"currency": "won"}),
            reader.delete(its),
            reader.delete(shop.address(), params={"name": "Bought"}),
        ):
            assert answer.status_code == 400
            assert answer.json() == NOT_PERMITTED
    assert shop.listed() == [event]


def test_a_deactivated_and_a_deleted_site_have_none(shop: Shop) -> None:
    event = shop.create(name="Bought")
    its = shop.address(event["id"])
    shop.server.leadline.sites.update(shop.site, SiteChange(is_active=False))
    for address in (shop.address(), its):
        assert error_of(shop.client.get(address), 404) == "The site could not be found"
    error_of(shop.client.post(shop.address(), json={"name": "New"}), 404)
    shop.server.leadline.sites.update(shop.site, SiteChange(is_active=True))
    assert shop.client.get(its).json() == event
    shop.client.delete(f"/v1/sites/{shop.site.code}")
    error_of(shop.client.get(its), 404)
    given = {"entity": "event", "aggregates": "conversions", "entity_id": event["id"]}
    error_of(shop.client.get("/v1/aggregations", params=given), 404)


# Their reports


def test_an_id_names_an_event_in_aggregations(shop: Shop) -> None:
    shop.track("Bought", "Bought", "Other")
    event = shop.listed()[0]
    site = {"site_id": shop.site.slug}
    assert shop.conversions(entity_id=event["id"]) == "2"
    assert shop.conversions(entity_id=event["id"], **site) == "2"
    assert shop.conversions(entity_id=shop.site.code, entity_name="Other", **site) == "1"
    given = {"entity": "event", "aggregates": "conversions"}
    foreign = {"site_id": shop.server.site("Elsewhere").code}
    unknown = shop.site.code + "A" * 16
    for query in ({"entity_id": unknown}, {"entity_id": event["id"]} | foreign):
        answer = shop.client.get("/v1/aggregations", params=given | query)
        assert error_of(answer, 404) == "The event could not be found"
    for query in ({"entity_id": "A" * 5 + "B" * 16}, {"entity_id": "A" * 8 + "B" * 16}):
        answer = shop.client.get("/v1/aggregations", params=given | query)
        assert error_of(answer, 404) == "The site could not be found"
    with shop.server.client(f"read:{foreign['site_id']}") as stranger:
        answer = stranger.get("/v1/aggregations", params=given | {"entity_id": event["id"]})
        assert error_of(answer, 404) == "The site could not be found"
    for query in (site, {"entity_id": shop.site.code}, {"entity_id": "Bought"}):
        answer = shop.client.get("/v1/aggregations", params=given | query)
        assert list(errors_of(answer)) == ["entity_name"]
