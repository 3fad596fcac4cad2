"""A site's figures by mail: from the page where somebody asks for them to the link at the end."""

from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from leadline.reports import Days, Metric, Query, Reports
from leadline.settings import Settings
from leadline.sites import Site, SiteChange
from tests.dashboard.person import Person, first, given, text_of
from tests.demo.making import UNTIL, made, plan
from tests.letters.test_letters import parts
from tests.mail.mailbox import Mailbox, running_mailbox
from tests.support import ManualClock, RunningServer, eventually, running_server

ORIGIN = "http://stats.example.com"


class Mailing(NamedTuple):
    """UNTIL is a Tuesday, the last of March."""

    server: RunningServer
    mailbox: Mailbox
    clock: ManualClock
    reader: Person
    site: Site

    def sent(self, number: int) -> list[EmailMessage]:
        """All mails, once the jobs have sent so many."""
        self.server.leadline.mailed_reports.run()
        eventually(lambda: len(self.mailbox.mails) >= number)
        return self.mailbox.mails


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("mailed")
    made(Settings(data=directory), plan(hits=2000, days=70, sites=1))
    return directory


@pytest.fixture
def mailing(data: Path) -> Iterator[Mailing]:
    clock = ManualClock(UNTIL)
    with (
        running_mailbox() as mailbox,
        running_server(
            data,
            clock=clock,
            public_url=ORIGIN,
            smtp_url=mailbox.url,
            mail_from="Leadline <stats@example.com>",
        ) as server,
    ):
        (site,) = server.leadline.sites.list(first(server))
        yield Mailing(server, mailbox, clock, given(server, site), site)
        for subscription in server.leadline.subscriptions.all():
            server.leadline.subscriptions.change(subscription.user, site, set(), "en")


def plain(subject: str) -> str:
    return subject.replace("\N{THIN SPACE}", " ")


def visitors(mailing: Mailing, first_day: date, last_day: date) -> int:
    period = Days(first_day, last_day).period(mailing.site.timezone)
    query = Query(
        sites=(mailing.site.id,),
        since=period.since,
        until=period.until,
        metrics=(Metric.VISITORS,),
    )
    (row,) = Reports(mailing.server.leadline.storage.warehouse).rows(query)
    return row.visitors


def test_somebody_asks_for_mails_gets_them_and_ends_them(mailing: Mailing) -> None:
    path = f"/sites/{mailing.site.slug}/mails"
    assert f'href="{path}"' in mailing.reader.get(f"/sites/{mailing.site.slug}").text
    assert "Saved." in text_of(mailing.reader.send(path, weekly="on", monthly="on"))
    assert mailing.reader.get(path).text.count(" checked") == 2
    mailing.server.leadline.mailed_reports.run()
    assert mailing.server.leadline.outbox.waiting() == 0

    mailing.clock.advance(days=1)  # the first of April
    (monthly,) = mailing.sent(1)
    assert monthly["Subject"] == f"{mailing.site.name}: March 2026"
    march = visitors(mailing, date(2026, 3, 1), date(2026, 3, 31))
    february = visitors(mailing, date(2026, 2, 1), date(2026, 2, 28))
    text, html = parts(monthly)
    assert march > february > 0
    assert f"Visitors: {march:,} (+{march / february - 1:.0%})\n" in text
    for said in ("Pages, by visitors\n/", "Sources, by visitors\n", "Events\n"):
        assert said in text
    assert f"The whole report:\n{ORIGIN}/sites/{mailing.site.slug}\n" in text
    assert "src=" not in html

    mailing.clock.advance(days=6)
    weekly = mailing.sent(2)[-1]
    assert plain(weekly["Subject"]).endswith(": 30 Mar – 5 Apr 2026")
    for _ in range(2):
        mailing.server.leadline.mailed_reports.run()
    eventually(lambda: mailing.server.leadline.outbox.waiting() == 0)
    assert len(mailing.mailbox.mails) == 2

    link = "".join(weekly["List-Unsubscribe"].split()).strip("<>")
    assert weekly["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in parts(weekly)[0]
    assert link.startswith(f"{ORIGIN}/mails/end/")
    stranger, end = Person(mailing.server), urlsplit(link).path
    assert f"The weekly mails of {mailing.site.name} end." in stranger.read(end)
    assert mailing.reader.get(path).text.count(" checked") == 2
    ended = stranger.post(end, {"List-Unsubscribe": "One-Click"})
    assert (ended.status_code, "have ended" in text_of(ended)) == (200, True)
    page = mailing.reader.get(path).text
    assert 'name="monthly" checked' in page
    assert 'name="weekly" checked' not in page
    mailing.reader.send(path)
    assert " checked" not in mailing.reader.get(path).text


def test_a_link_that_is_not_ours(mailing: Mailing) -> None:
    stranger = Person(mailing.server)
    for answer in (stranger.get("/mails/end/xyz"), stranger.post("/mails/end/xyz", {})):
        assert answer.status_code == 410
        assert "This link is over" in text_of(answer)


def test_what_was_missed_is_sent_once_of_the_newest_days(mailing: Mailing) -> None:
    mailing.reader.client.headers["Accept-Language"] = "de"
    mailing.reader.send(f"/sites/{mailing.site.slug}/mails", weekly="on")
    mailing.clock.advance(days=30)
    (mail,) = mailing.sent(1)
    assert plain(mail["Subject"]).endswith(": 20.–26. Apr. 2026")
    assert "Besucher: 0\n" in parts(mail)[0]


def test_of_a_site_that_is_switched_off_there_is_none(mailing: Mailing) -> None:
    mailing.reader.send(f"/sites/{mailing.site.slug}/mails", weekly="on")
    mailing.clock.advance(days=7)
    sites = mailing.server.leadline.sites
    sites.update(mailing.site, SiteChange(is_active=False))
    mailing.server.leadline.mailed_reports.run()
    assert mailing.server.leadline.outbox.waiting() == 0
    sites.update(mailing.site, SiteChange(is_active=True))
    assert len(mailing.sent(1)) == 1


def test_who_may_not_see_the_site_any_more_gets_none(mailing: Mailing) -> None:
    mailing.reader.send(f"/sites/{mailing.site.slug}/mails", weekly="on")
    mailing.clock.advance(days=7)
    (subscription,) = mailing.server.leadline.subscriptions.all()
    mailing.server.leadline.members.take(mailing.site, subscription.user)
    mailing.server.leadline.mailed_reports.run()
    assert mailing.server.leadline.outbox.waiting() == 0


def test_without_a_mail_server_there_is_none_to_choose(server: RunningServer) -> None:
    site = server.site("Silent")
    page = text_of(given(server, site).get(f"/sites/{site.slug}/mails"))
    assert "sends no reports by mail" in page
