"""The traffic of a demo is as much as was asked for, and looks as if it had been collected."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.collector import page_address
from leadline.demo.arrivals import arrivals
from leadline.demo.catalog import brands
from leadline.demo.people import AGENTS
from leadline.enrichment import UNASSIGNED, SpamHosts, describe
from leadline.spool import Hit, Kind
from leadline.visitors.identity import OVERLAP
from tests.demo.making import UNTIL, plan, told

HALF_AN_HOUR = timedelta(minutes=30)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2026, 11, 1), timezones=st.just(UTC))


def zone_of(hit: Hit, count: int) -> ZoneInfo:
    return ZoneInfo(brands(count)[hit.site - 1].timezone)


@settings(max_examples=12)
@given(st.integers(1, 300), st.integers(1, 40), st.integers(1, 3), st.integers(0, 2**32), TIMES)
def test_as_many_as_are_asked_for_in_the_time_that_is_asked_for(
    hits: int, days: int, sites: int, seed: int, until: datetime
) -> None:
    found = told(plan(hits=hits, days=days, sites=sites, seed=seed, until=until))
    assert sum(each.hit.kind is not Kind.DEPARTURE for each in found) == hits
    moments = [each.hit.received_at for each in found]
    assert moments == sorted(moments)
    assert moments[-1] < until
    for each in found:
        hit, zone = each.hit, zone_of(each.hit, sites)
        local = hit.received_at.astimezone(zone)
        assert hit.day == local.date()
        assert (until.astimezone(zone).date() - hit.day).days < days
        midnight = datetime.combine(hit.day, datetime.min.time(), zone).astimezone(UTC)
        assert (hit.previous is not None) == (hit.received_at < midnight + OVERLAP)


def test_a_visitor_is_known_on_one_day_of_one_site() -> None:
    days = defaultdict(set)
    for each in told(plan(hits=20_000, sites=3)):
        days[each.hit.visitor].add((each.hit.site, each.hit.day))
    assert {len(of_visitor) for of_visitor in days.values()} == {1}


def test_visits_are_as_they_will_be_given() -> None:
    """A hit goes on with a visit if it says so, and 30 minutes have not passed; not otherwise."""
    last: dict[int, datetime] = {}
    crossed = again = 0
    for each in told(plan(hits=20_000, sites=3)):
        hit = each.hit
        if hit.kind is Kind.DEPARTURE:
            continue
        before = last.get(hit.visitor) or (hit.previous and last.get(hit.previous)) or None
        if each.view == 1:
            assert before is None or hit.received_at - before >= HALF_AN_HOUR
            again += before is not None
        else:
            assert before is not None
            assert hit.received_at - before < HALF_AN_HOUR
            crossed += hit.visitor not in last
        last[hit.visitor] = hit.received_at
    assert crossed > 0
    assert again > 0


def test_the_same_seed_is_the_same_traffic() -> None:
    wanted = plan(hits=2000, sites=2)
    assert told(wanted) == told(wanted)
    assert told(wanted) != told(plan(hits=2000, sites=2, seed=2))


def test_every_column_that_a_collector_fills_is_filled() -> None:
    hits = [each.hit for each in told(plan(hits=20_000))]
    of_wire = {wire: [hit for hit in hits if hit.wire == wire] for wire in ("fathom", "seal")}
    for wire, found in of_wire.items():
        for name in Hit.__struct_fields__:
            is_told = wire == "seal" or name not in ("group", "browser_timezone")
            assert any(getattr(hit, name) for hit in found) == is_told, (wire, name)
    assert {hit.kind for hit in hits} == set(Kind)
    for hit in hits:
        assert hit.origin.removeprefix("https://") in brands(4)[hit.site - 1].hosts
        assert bool(hit.name) == (hit.kind in (Kind.CONVERSION, Kind.MICRO))
        assert (hit.amount is not None) == (hit.kind is Kind.CONVERSION)
        assert hit.browser
        assert hit.operating_system
        assert hit.device_type
        assert hit.country
        assert hit.language
        assert hit.source.channel
        if hit.amount is not None:
            assert hit.amount == hit.amount.quantize(Decimal("0.0001"))
            assert hit.amount.as_tuple().exponent == -4
        if hit.kind is Kind.DEPARTURE:
            assert set(hit.properties) == {"engaged", "scroll"}


def test_a_site_with_two_hosts_has_pages_on_both() -> None:
    hosts = brands(3)[2].hosts
    hits = [each.hit for each in told(plan(hits=5000, sites=3)) if each.hit.site == 3]
    assert {hit.origin for hit in hits} == {f"https://{host}" for host in hosts}
    assert len(hosts) == 2
    internal = [hit for hit in hits if hit.source.referrer.removeprefix("https://") in hosts]
    assert internal
    assert {hit.source.source for hit in internal} == {""}


def test_channels_are_many() -> None:
    channels = {each.hit.source.channel for each in told(plan(hits=20_000, sites=1))}
    assert len(channels) >= 12
    assert UNASSIGNED not in channels


def test_nobody_is_taken_for_a_crawler_or_for_spam() -> None:
    for agent, _, _ in AGENTS:
        known = describe(agent.encode())
        assert not known.is_crawler
        assert known.browser not in ("", "Other")
        assert known.device_type
    spam = SpamHosts()
    for arrival in arrivals():
        address = page_address(arrival.referrer)
        assert address is None or not spam.names(address.host)


def test_days_differ_and_nights_are_quiet() -> None:
    hits = [each.hit for each in told(plan(hits=20_000, sites=1))]
    local = [hit.received_at.astimezone(ZoneInfo("Europe/Madrid")) for hit in hits]
    night, noon = (sum(begin <= at.hour < begin + 4 for at in local) for begin in (2, 12))
    assert night * 3 < noon
    half = UNTIL - timedelta(days=15)
    assert sum(hit.received_at > half for hit in hits) > len(hits) / 2


def test_pages_have_a_long_tail() -> None:
    hits = [each.hit for each in told(plan(hits=60_000, sites=1)) if each.view]
    counted = Counter(hit.path for hit in hits)
    assert len(counted) > 800
    assert sum(count for _, count in counted.most_common(10)) > len(hits) / 5
