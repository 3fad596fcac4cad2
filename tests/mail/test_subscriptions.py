"""Who gets figures by mail, when they are due, and that each is sent once."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.access import Organisations, Role, Stale, User
from leadline.database import Database
from leadline.mail import Mail, Outbox, Rhythm, Subscriptions
from leadline.sites import NewSite, Site, Sites
from tests.support import ManualClock

WEEKLY, MONTHLY = Rhythm.WEEKLY, Rhythm.MONTHLY
ZONES = ("UTC", "Europe/Berlin", "Pacific/Kiritimati", "America/St_Johns", "Pacific/Pago_Pago")
MAIL = Mail("ada@example.com", "Figures", "text", "html")

moments = st.datetimes(datetime(2020, 1, 2), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(moments, st.sampled_from(ZONES), st.sampled_from(Rhythm))
def test_the_newest_day_that_is_due(now: datetime, timezone: str, rhythm: Rhythm) -> None:
    """An hour after the other, backwards, until it is seven on such a day."""
    zone = ZoneInfo(timezone)
    hour = now.astimezone(zone).replace(minute=0, second=0, microsecond=0, tzinfo=None)

    def is_one(day: date) -> bool:
        return day.weekday() == 0 if rhythm is WEEKLY else day.day == 1

    while not (is_one(hour.date()) and hour.time() == time(7)):
        hour -= timedelta(hours=1)
    assert rhythm.due(now, timezone) == hour.date()


def test_of_which_days_it_speaks() -> None:
    assert WEEKLY.before(date(2026, 3, 9)) == (date(2026, 3, 2), date(2026, 3, 8))
    assert MONTHLY.before(date(2026, 3, 1)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert MONTHLY.before(date(2026, 1, 1)) == (date(2025, 12, 1), date(2025, 12, 31))


@pytest.fixture
def subscriptions(database: Database, clock: ManualClock) -> Subscriptions:
    return Subscriptions(database, clock)


@pytest.fixture
def ada(database: Database) -> User:
    organisations = Organisations(database)
    return organisations.add_user(
        organisations.first().id,
        email="ada@example.com",
        password="correct horse battery",
        role=Role.MEMBER,
    )


@pytest.fixture
def site(database: Database) -> Site:
    organisation = Organisations(database).first().id
    return Sites(database).create(
        organisation, NewSite(name="Acme", timezone="Europe/Berlin", currency="EUR")
    )


def test_somebody_subscribes_and_changes_their_mind(
    subscriptions: Subscriptions, ada: User, site: Site
) -> None:
    subscriptions.change(ada.id, site, {WEEKLY, MONTHLY}, "de")
    assert subscriptions.rhythms(ada.id, site.id) == {WEEKLY, MONTHLY}
    weekly, monthly = sorted(subscriptions.all(), key=lambda each: each.rhythm, reverse=True)
    assert (weekly.sent, monthly.sent) == (date(2026, 3, 9), date(2026, 3, 1))
    subscriptions.change(ada.id, site, {MONTHLY}, "en")
    (kept,) = subscriptions.all()
    assert (kept.rhythm, kept.language) == (MONTHLY, "en")
    subscriptions.change(ada.id, site, set(), "en")
    assert subscriptions.all() == []


def test_each_is_sent_once(
    subscriptions: Subscriptions, outbox: Outbox, ada: User, site: Site, clock: ManualClock
) -> None:
    subscriptions.change(ada.id, site, {WEEKLY}, "en")
    (known,) = subscriptions.all()
    clock.advance(days=7)
    due = WEEKLY.due(clock.now, site.timezone)
    assert subscriptions.send(known, due, outbox, MAIL)
    assert not subscriptions.send(known, due, outbox, MAIL)
    assert outbox.waiting() == 1
    assert subscriptions.all()[0].sent == due == date(2026, 3, 16)


def test_a_link_ends_one_without_a_sign_in(
    subscriptions: Subscriptions, outbox: Outbox, ada: User, site: Site
) -> None:
    subscriptions.change(ada.id, site, {WEEKLY, MONTHLY}, "en")
    weekly = next(each for each in subscriptions.all() if each.rhythm is WEEKLY)
    seal = subscriptions.link_to_end(weekly)
    assert subscriptions.check(seal) == (ada.id, site.id, WEEKLY)
    for _ in range(2):
        subscriptions.end(seal)
        assert subscriptions.rhythms(ada.id, site.id) == {MONTHLY}
    assert not subscriptions.send(weekly, date(2026, 3, 16), outbox, MAIL)
    assert outbox.waiting() == 0
    with pytest.raises(Stale):
        subscriptions.end(seal[:-2] + "AA")


def test_who_is_gone_gets_nothing(
    subscriptions: Subscriptions, ada: User, site: Site, database: Database
) -> None:
    subscriptions.change(ada.id, site, {WEEKLY}, "en")
    organisations = Organisations(database)
    organisations.remove_user(organisations.first().id, ada.email)
    assert subscriptions.all() == []
