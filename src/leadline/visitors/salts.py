"""One random salt per reporting day, kept no longer than the day's hashes may still be needed."""

import secrets
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Column, Date, LargeBinary, Table, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from leadline.clock import Clock, utc_now
from leadline.database import Database, UtcDateTime, metadata

SALT_BYTES = 32
KEPT_AFTER_THE_DAY = timedelta(hours=24)
KEPT_AHEAD = timedelta(hours=24)
"""A clock that was ahead by more than this has left salts that nobody will need for long."""
EARLIEST_OFFSET = timedelta(hours=14)
"""The zone in which a day begins first is 14 hours ahead of UTC."""
LATEST_OFFSET = timedelta(hours=12)
"""The zone in which a day ends last is 12 hours behind UTC."""

daily_salts = Table(
    "daily_salts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("salt", LargeBinary(SALT_BYTES), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)


def disposal_time(day: date) -> datetime:
    """When the salt of `day` has to be gone: 24 hours after the day ended everywhere."""
    midnight = datetime.combine(day + timedelta(days=1), time(), UTC)
    return midnight + LATEST_OFFSET + KEPT_AFTER_THE_DAY


def is_over(day: date, now: datetime) -> bool:
    """Whether the salt of `day` has to be gone: its time is over, or it was made by a wrong clock.

    The second is so of a day that begins nowhere in the next 24 hours.
    """
    begins = datetime.combine(day, time(), UTC) - EARLIEST_OFFSET
    return disposal_time(day) <= now or begins > now + KEPT_AHEAD


class SaltUnavailable(Exception):
    """The database cannot be asked for a day's salt; whoever needs it has to come again."""


class Salts:
    """The salts of the present days, shared by every process on the same database."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._traces = True  # a process before this one may have left some

    def get(self, day: date) -> bytes:
        """The salt of `day`, made when it is first asked for. Raises `SaltUnavailable`."""
        try:
            return self._get(day)
        except SQLAlchemyError as error:
            raise SaltUnavailable(f"no salt for {day}: {error}") from error

    def _get(self, day: date) -> bytes:
        query = select(daily_salts.c.salt).where(daily_salts.c.day == day)
        with self._database.reading() as connection:
            found: bytes | None = connection.execute(query).scalar()
        if found is not None:
            return found
        with self._database.writing() as connection:
            others: bytes | None = connection.execute(query).scalar()
            if others is not None:  # somebody was quicker
                return others
            made = secrets.token_bytes(SALT_BYTES)
            values = {"day": day, "salt": made, "created_at": self._clock()}
            connection.execute(insert(daily_salts).values(**values))
        return made

    def dispose(self) -> tuple[date, ...]:
        """Destroy every salt that `is_over`; answers their days.

        Their bytes go from the files too: at once, or by a later call if somebody reads now.
        """
        now = self._clock()
        with self._database.writing() as connection:
            days = connection.execute(select(daily_salts.c.day)).scalars().all()
            over = tuple(day for day in days if is_over(day, now))
            if over:
                connection.execute(delete(daily_salts).where(daily_salts.c.day.in_(over)))
        if over or self._traces:
            self._traces = not self._database.scrub(daily_salts)
        return over
