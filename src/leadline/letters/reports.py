"""A site's figures of a week or a month, by mail."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from leadline.access import Members, User
from leadline.clock import Clock, utc_now
from leadline.dashboard import Texts
from leadline.letters.writing import Cell, Letter
from leadline.logs import logger
from leadline.mail import MailError, Outbox, Rhythm, Subscription, Subscriptions
from leadline.reports import (
    Days,
    Dimension,
    EventMetric,
    HitsUnavailable,
    Metric,
    Order,
    Query,
    Reports,
)
from leadline.sites import Site, SiteNotFound, Sites

log = logger(__name__)

TOTALS = {
    Metric.VISITORS: "metric-visitors",
    Metric.VISITS: "metric-visits",
    Metric.PAGEVIEWS: "metric-pageviews",
}
LONGEST_LIST = 5
END_PATH = "/mails/end/"


class MailedReports:
    """Sends what is due, each once; `public_url` is where its links lead.

    Whoever may not see the site any more gets nothing, and what was missed while no server ran is
    sent once, of the newest days.
    """

    def __init__(
        self,
        outbox: Outbox,
        subscriptions: Subscriptions,
        sites: Sites,
        members: Members,
        reports: Reports,
        public_url: str | None,
        clock: Clock = utc_now,
    ) -> None:
        self._outbox = outbox
        self._subscriptions = subscriptions
        self._sites = sites
        self._members = members
        self._reports = reports
        self._public_url = public_url
        self._clock = clock

    @property
    def are_sent(self) -> bool:
        """Whether there is a mail server, and an address for the links."""
        return self._outbox.is_set_up and self._public_url is not None

    def run(self) -> None:
        """While the hits cannot be had, nothing; it is due the next time too."""
        if not self.are_sent:
            return
        for subscription in self._subscriptions.all():
            try:
                self._send(subscription)
            except SiteNotFound:
                continue
            except MailError as error:
                log.error("no report by mail", site=subscription.site, error=str(error))
            except HitsUnavailable:
                return

    def _send(self, subscription: Subscription) -> None:
        site = self._sites.numbered(subscription.site)
        due = subscription.rhythm.due(self._clock(), site.timezone)
        if due <= subscription.sent or not site.is_active:
            return
        people = (member.user for member in self._members.of_site(site))
        reader = next((user for user in people if user.id == subscription.user), None)
        if reader is not None:
            self._mail(subscription, site, due, reader)

    def _mail(self, subscription: Subscription, site: Site, due: date, reader: User) -> None:
        end = f"{self._public_url}{END_PATH}{self._subscriptions.link_to_end(subscription)}"
        letter = self._letter(Texts(subscription.language), site, subscription.rhythm, due)
        letter.link(letter.texts("mail-report-link"), f"{self._public_url}/sites/{site.slug}")
        letter.link(letter.texts("mail-report-end"), end)
        self._subscriptions.send(subscription, due, self._outbox, letter.mail(reader.email, end))

    def _letter(self, texts: Texts, site: Site, rhythm: Rhythm, due: date) -> Letter:
        days = Days(*rhythm.before(due))
        when = texts.month(days.first) if rhythm is Rhythm.MONTHLY else texts.days(*days)
        letter = Letter(texts, texts("mail-report", site=site.name, when=when))
        letter.table(f"{site.name}, {when}", self._totals(texts, site, rhythm, days))
        for title, dimension in (
            ("mail-report-pages", Dimension.PATHNAME),
            ("mail-report-sources", Dimension.SOURCE),
        ):
            letter.table(texts(title), self._top(texts, site, days, dimension))
        letter.table(texts("mail-report-events"), self._events(texts, site, days))
        return letter

    def _totals(self, texts: Texts, site: Site, rhythm: Rhythm, days: Days) -> list[Cell]:
        earlier = Days(*rhythm.before(days.first))
        query = _query(site, days, tuple(TOTALS))
        pair = next(iter(self._reports.compared(query, earlier.period(site.timezone))), None)
        return [
            Cell(
                texts(title),
                _with_change(
                    texts,
                    getattr(pair.row, metric) if pair else 0,
                    getattr(pair.other, metric) if pair else 0,
                ),
            )
            for metric, title in TOTALS.items()
        ]

    def _top(self, texts: Texts, site: Site, days: Days, dimension: Dimension) -> list[Cell]:
        order = (Order(Metric.VISITORS, descending=True),)
        query = _query(
            site,
            days,
            (Metric.VISITORS,),
            dimensions=(dimension,),
            order=order,
            limit=LONGEST_LIST,
        )
        return [
            Cell(row.values[0] or texts("value-direct"), texts.count(row.visitors))
            for row in self._reports.rows(query)
        ]

    def _events(self, texts: Texts, site: Site, days: Days) -> list[Cell]:
        order = (Order(EventMetric.CONVERSIONS, descending=True),)
        query = _query(
            site,
            days,
            (EventMetric.CONVERSIONS,),
            dimensions=(Dimension.EVENT_NAME,),
            order=order,
            limit=LONGEST_LIST,
        )
        return [
            Cell(row.values[0], texts.count(row.conversions)) for row in self._reports.events(query)
        ]


def _query(site: Site, days: Days, metrics: Sequence[Metric | EventMetric], **more: Any) -> Query:
    period = days.period(site.timezone)
    return Query(
        sites=(site.id,), since=period.since, until=period.until, metrics=tuple(metrics), **more
    )


def _with_change(texts: Texts, now: int, before: int) -> str:
    """Beside nothing there is no change to speak of."""
    count = texts.count(now)
    return f"{count} ({texts.change(now / before - 1)})" if before else count
