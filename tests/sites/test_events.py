"""Events: there from the first hit on, or once created; deleted until they are sent again."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadline.database import Database
from leadline.sites import (
    NAME_LENGTH,
    Event,
    EventCurrency,
    EventNotFound,
    Events,
    EventTaken,
    InvalidName,
    OrganisationId,
    Site,
    SiteId,
    SiteNotFound,
    Sites,
    UnknownCursor,
    site_in_event_id,
)
from tests.sites.making import new_site
from tests.support import ManualClock

DOLLAR, EURO = EventCurrency.DOLLAR, EventCurrency.EURO


class Hits:
    """Who tells what events are called, as the warehouse would: the first and the last moment."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._seen: dict[SiteId, dict[str, tuple[datetime, datetime]]] = {}

    def send(self, site: Site, name: str) -> None:
        names = self._seen.setdefault(site.id, {})
        first, _ = names.get(name, (self._clock.now, None))
        names[name] = (first, self._clock.now)

    def names(self, site: SiteId) -> list[tuple[str, datetime, datetime]]:
        return [(name, *moments) for name, moments in self._seen.get(site, {}).items()]


@pytest.fixture
def hits(clock: ManualClock) -> Hits:
    return Hits(clock)


@pytest.fixture
def events(database: Database, hits: Hits, clock: ManualClock) -> Events:
    return Events(database, hits.names, clock)


@pytest.fixture
def site(sites: Sites, organisation: OrganisationId) -> Site:
    return sites.create(organisation, new_site())


def listed(events: Events, site: Site) -> tuple[Event, ...]:
    return events.page(site, limit=100).rows


def stored(database: Database) -> int:
    with database.reading() as connection:
        return len(connection.exec_driver_sql("SELECT * FROM site_events").all())


def test_an_event_is_there_from_its_first_hit_on_and_nothing_is_stored(
    events: Events, site: Site, hits: Hits, clock: ManualClock, database: Database
) -> None:
    assert listed(events, site) == ()
    began = clock.now
    hits.send(site, "buy")
    clock.advance(minutes=1)
    hits.send(site, "buy")
    (event,) = listed(events, site)
    assert (event.name, event.currency, event.created_at) == ("buy", None, began)
    assert events.get(site, event.id) == event
    assert site_in_event_id(event.id) == site.code
    assert stored(database) == 0


def test_ids_differ_by_site_and_by_name(
    events: Events, site: Site, hits: Hits, sites: Sites, organisation: OrganisationId
) -> None:
    other = sites.create(organisation, new_site("Other"))
    for name in ("buy", "Buy", "é", "😀" * NAME_LENGTH, " "):
        hits.send(site, name)
        hits.send(other, name)
    ids = {event.id for each in (site, other) for event in listed(events, each)}
    assert len(ids) == 10
    assert all(each.isascii() and each.isupper() and 21 <= len(each) <= 24 for each in ids)


@pytest.mark.parametrize("text", ["", "CDBUGS", "currency", "x" * 24, "A" * 20, "A" * 25, "É" * 24])
def test_what_is_no_id_names_no_site(text: str) -> None:
    assert site_in_event_id(text) is None


def test_an_event_is_created_before_its_first_hit(
    events: Events, site: Site, hits: Hits, clock: ManualClock
) -> None:
    made = events.create(site, "signup")
    assert (made.name, made.currency, made.created_at) == ("signup", DOLLAR, clock.now)
    clock.advance(minutes=1)
    assert events.create(site, "signup") == made
    assert events.create(site, "signup", EURO).currency is EURO
    hits.send(site, "signup")
    again = events.create(site, "signup")
    assert (again.id, again.currency, again.created_at) == (made.id, EURO, made.created_at)
    assert listed(events, site) == (again,)


def test_what_is_set_of_a_tracked_event_leaves_id_and_moment(
    events: Events, site: Site, hits: Hits, clock: ManualClock
) -> None:
    hits.send(site, "buy")
    (before,) = listed(events, site)
    clock.advance(days=1)
    changed = events.change(site, before.id, currency=EURO)
    assert changed == events.get(site, before.id)
    assert (changed.id, changed.currency) == (before.id, EURO)
    assert changed.created_at == before.created_at
    assert events.change(site, before.id) == changed
    assert events.create(site, "buy") == changed


def test_a_deleted_event_is_gone_until_a_later_hit(
    events: Events, site: Site, hits: Hits, clock: ManualClock
) -> None:
    hits.send(site, "buy")
    event = events.create(site, "buy", EURO)
    assert events.delete(site, event.id) == event
    assert listed(events, site) == ()
    for again in (events.get, events.delete):
        with pytest.raises(EventNotFound):
            again(site, event.id)
    with pytest.raises(EventNotFound):
        events.change(site, event.id, currency=EURO)
    with pytest.raises(EventNotFound):
        events.delete_named(site, "buy")
    hits.send(site, "buy")  # of the same moment: it was on its way
    assert listed(events, site) == ()
    clock.advance(seconds=1)
    hits.send(site, "buy")
    (back,) = listed(events, site)
    assert (back.id, back.currency, back.created_at) == (event.id, None, event.created_at)
    clock.advance(seconds=1)
    assert events.delete_named(site, "buy") == back
    assert listed(events, site) == ()


def test_a_deleted_event_may_be_created_anew(
    events: Events, site: Site, clock: ManualClock
) -> None:
    event = events.create(site, "signup", EURO)
    events.delete_named(site, "signup")
    clock.advance(days=1)
    again = events.create(site, "signup")
    assert (again.id, again.currency, again.created_at) == (event.id, DOLLAR, clock.now)


def test_a_renamed_event_keeps_its_id_and_leaves_its_hits(
    events: Events, site: Site, hits: Hits, clock: ManualClock
) -> None:
    hits.send(site, "by")
    (event,) = listed(events, site)
    clock.advance(days=1)
    renamed = events.change(site, event.id, name="buy", currency=EURO)
    assert (renamed.id, renamed.name, renamed.currency) == (event.id, "buy", EURO)
    assert renamed.created_at == event.created_at
    assert listed(events, site) == (renamed,)
    clock.advance(days=1)
    hits.send(site, "by")
    hits.send(site, "buy")
    assert {each.name: each.currency for each in listed(events, site)} == {"by": None, "buy": EURO}
    assert len({each.id for each in listed(events, site)}) == 2
    (old,) = (each for each in listed(events, site) if each.name == "by")
    for taken, name in ((renamed, "by"), (old, "buy")):
        with pytest.raises(EventTaken):
            events.change(site, taken.id, name=name, currency=DOLLAR)
    assert events.get(site, renamed.id) == renamed  # all of it or nothing


def test_an_event_is_renamed_to_and_fro(
    events: Events, site: Site, hits: Hits, clock: ManualClock
) -> None:
    first, second = events.create(site, "a"), events.create(site, "b")
    for event, name in ((first, "c"), (second, "a"), (first, "b"), (second, "c"), (first, "a")):
        clock.advance(minutes=1)
        assert events.change(site, event.id, name=name).name == name
    assert {each.id: each.name for each in listed(events, site)} == {first.id: "a", second.id: "c"}
    clock.advance(minutes=1)
    hits.send(site, "b")
    assert events.create(site, "d").id not in {first.id, second.id}
    assert len({each.id for each in listed(events, site)}) == 4
    events.delete(site, first.id)
    assert events.create(site, "a").id == first.id


def test_a_deleted_and_returned_event_may_be_renamed(
    events: Events, site: Site, hits: Hits, clock: ManualClock
) -> None:
    event = events.create(site, "a")
    events.delete(site, event.id)
    clock.advance(minutes=1)
    hits.send(site, "a")
    assert events.change(site, event.id, name="b").name == "b"
    assert [each.name for each in listed(events, site)] == ["b"]


@pytest.mark.parametrize("name", ["", " ", "a\0b", "\udcff", "x" * (NAME_LENGTH + 1)])
def test_a_name_that_none_can_have(events: Events, site: Site, name: str) -> None:
    event = events.create(site, "fine")
    with pytest.raises(InvalidName):
        events.create(site, name)
    with pytest.raises(InvalidName):
        events.change(site, event.id, name=name)
    with pytest.raises(EventNotFound):
        events.delete_named(site, name)
    with pytest.raises(EventNotFound):
        events.get(site, name)
    with pytest.raises(UnknownCursor):
        events.page(site, limit=1, after=name)
    assert listed(events, site) == (event,)


def test_an_event_of_another_site_is_not_there(
    events: Events, site: Site, sites: Sites, organisation: OrganisationId
) -> None:
    other = sites.create(organisation, new_site("Other"))
    theirs = events.create(other, "theirs")
    with pytest.raises(EventNotFound):
        events.get(site, theirs.id)
    with pytest.raises(EventNotFound):
        events.change(site, theirs.id, currency=EURO)
    with pytest.raises(EventNotFound):
        events.delete(site, theirs.id)
    with pytest.raises(EventNotFound):
        events.delete_named(site, "theirs")
    for side in ("after", "before"):
        with pytest.raises(UnknownCursor):
            events.page(site, limit=1, **{side: theirs.id})
    assert listed(events, other) == (theirs,)


def test_a_deleted_site_takes_them_along(
    events: Events, site: Site, sites: Sites, database: Database
) -> None:
    event = events.create(site, "buy")
    sites.delete(site)
    assert stored(database) == 0
    with pytest.raises(SiteNotFound):
        events.create(site, "late")
    with pytest.raises(SiteNotFound):
        events.delete(site, event.id)


def test_without_an_answer_about_hits_nothing_is_stored(database: Database, site: Site) -> None:
    def away(_: SiteId) -> list[tuple[str, datetime, datetime]]:
        raise TimeoutError

    events = Events(database, away)
    for ask in (listed, lambda events, site: events.create(site, "buy")):
        with pytest.raises(TimeoutError):
            ask(events, site)
    assert stored(database) == 0


NAMES = ["a", "b", "c"]
steps = st.lists(
    st.tuples(st.sampled_from(["hit", "create", "delete"]), st.sampled_from(NAMES)), max_size=15
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taken=steps, limit=st.integers(1, 4), cursor=st.sampled_from(NAMES))
def test_any_history(
    database: Database,
    sites: Sites,
    organisation: OrganisationId,
    taken: list[tuple[str, str]],
    limit: int,
    cursor: str,
) -> None:
    """What is listed is what was sent or created since it was deleted last, in its order."""
    clock = ManualClock()
    hits = Hits(clock)
    events = Events(database, hits.names, clock)
    site = sites.create(organisation, new_site())
    there: dict[str, EventCurrency | None] = {}
    begun: dict[str, datetime] = {}
    first_hits: dict[str, datetime] = {}
    ids: dict[str, str] = {}
    for what, name in taken:
        clock.advance(seconds=1)
        if what == "delete":
            if name in there:
                events.delete_named(site, name)
                del there[name]
            continue
        if what == "hit":
            hits.send(site, name)
            first_hits.setdefault(name, clock.now)
            begun.setdefault(name, clock.now)
            there.setdefault(name, None)
        else:
            events.create(site, name)
            if name not in there:
                begun[name] = first_hits.get(name, clock.now)
            there[name] = there.get(name) or DOLLAR
        ids |= {event.name: event.id for event in listed(events, site)}
    order = sorted(there, key=lambda name: begun[name])
    found = {event.name: event for event in listed(events, site)}
    assert {name: event.currency for name, event in found.items()} == there
    slices: list[tuple[dict[str, str], list[str]]] = [({}, order)]
    if cursor in ids:
        place = begun[cursor]
        slices += [
            ({"after": ids[cursor]}, [name for name in order if begun[name] > place]),
            ({"before": ids[cursor]}, [name for name in order if begun[name] < place]),
        ]
    for side, rest in slices:
        page = events.page(site, limit=limit, **side)
        expected = rest[-limit:] if "before" in side else rest[:limit]
        assert page.rows == tuple(found[name] for name in expected)
        assert page.has_more is (len(rest) > limit)
