"""Who gets a site's figures by mail, and which they have got."""

from collections.abc import Set
from datetime import date, timedelta

import msgspec
from sqlalchemy import ColumnElement, delete, insert, select, update

from leadline.access import Seals, Stale, UserId
from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.mail.model import Mail
from leadline.mail.outbox import Outbox
from leadline.mail.rhythm import Rhythm
from leadline.mail.tables import mail_subscriptions
from leadline.sites import Site, SiteId

_PURPOSE = "mail subscription"
LINK_VALID = timedelta(days=400)


class Subscription(msgspec.Struct, frozen=True):
    """One rhythm of one person and one site. `sent` is the day of the newest mail, or of the one
    that would have been before the first. `language` is that of the pages when it was made."""

    user: UserId
    site: SiteId
    rhythm: Rhythm
    language: str
    sent: date


class Subscriptions:
    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._seals = Seals(database, clock)
        self._clock = clock

    def all(self) -> list[Subscription]:
        """Those of one site after the other."""
        return self._read()

    def rhythms(self, user: UserId, site: SiteId) -> set[Rhythm]:
        """In which this person gets mails of the site."""
        columns = mail_subscriptions.c
        return {
            each.rhythm for each in self._read(columns.user_id == user, columns.site_id == site)
        }

    def _read(self, *conditions: ColumnElement[bool]) -> list[Subscription]:
        columns = mail_subscriptions.c
        asked = select(mail_subscriptions).where(*conditions)
        with self._database.reading() as connection:
            rows = connection.execute(asked.order_by(columns.site_id, columns.user_id)).all()
        return [
            Subscription(
                UserId(row.user_id), SiteId(row.site_id), Rhythm(row.rhythm), row.language, row.sent
            )
            for row in rows
        ]

    def change(self, user: UserId, site: Site, rhythms: Set[Rhythm], language: str) -> None:
        """Mails in these rhythms and no other; the first of a new one when it is due again."""
        now, known = self._clock(), self.rhythms(user, site.id)
        mine = (mail_subscriptions.c.user_id == user) & (mail_subscriptions.c.site_id == site.id)
        with self._database.writing() as connection:
            gone = mail_subscriptions.c.rhythm.in_(known - rhythms)
            connection.execute(delete(mail_subscriptions).where(mine & gone))
            connection.execute(update(mail_subscriptions).where(mine).values(language=language))
            for rhythm in sorted(rhythms - known):
                connection.execute(
                    insert(mail_subscriptions).values(
                        user_id=user,
                        site_id=site.id,
                        rhythm=rhythm,
                        language=language,
                        sent=rhythm.due(now, site.timezone),
                    )
                )

    def send(self, subscription: Subscription, due: date, outbox: Outbox, mail: Mail) -> bool:
        """Put a mail into the outbox, and note in the same transaction for which day it was.

        False, and no mail, if somebody else has done so or the subscription has ended. Raises
        `MailError`.
        """
        table = mail_subscriptions
        as_known = (
            (table.c.user_id == subscription.user)
            & (table.c.site_id == subscription.site)
            & (table.c.rhythm == subscription.rhythm)
            & (table.c.sent == subscription.sent)
        )
        with self._database.writing() as connection:
            noted = connection.execute(update(table).where(as_known).values(sent=due))
            if noted.rowcount:
                outbox.put(connection, mail)
        return bool(noted.rowcount)

    def link_to_end(self, subscription: Subscription) -> str:
        """What stands for it in a link that ends it without a sign-in."""
        return self._seals.seal(
            _PURPOSE, (subscription.user, subscription.site, subscription.rhythm), LINK_VALID
        )

    def check(self, seal: str) -> tuple[UserId, SiteId, Rhythm]:
        """What a link would end. Raises `Stale`."""
        user, site, rhythm = self._seals.open(_PURPOSE, seal, tuple[int, int, str])
        if rhythm not in set(Rhythm):
            raise Stale
        return UserId(user), SiteId(site), Rhythm(rhythm)

    def end(self, seal: str) -> None:
        """Once more does nothing. Raises `Stale`."""
        user, site, rhythm = self.check(seal)
        table = mail_subscriptions
        theirs = (table.c.user_id == user) & (table.c.site_id == site)
        with self._database.writing() as connection:
            connection.execute(delete(table).where(theirs & (table.c.rhythm == rhythm)))
