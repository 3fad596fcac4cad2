"""What a site's owner calls the channels that its visitors come by, kept rule by rule."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import UNSET, structs
from sqlalchemy import Connection, Row, delete

from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.sites.channel_patterns import PATTERNS, ChannelPatterns, by_priority, check_pattern
from leadline.sites.entries import Entries, checked_text
from leadline.sites.errors import EntryIsLive, InvalidEntry
from leadline.sites.model import (
    CHANNEL_NAME_LENGTH,
    HIGHEST_PRIORITY,
    ChannelRule,
    ChannelRuleChange,
    NewChannelRule,
    Site,
)
from leadline.sites.tables import site_channel_rules


class Replaced(StrEnum):
    """Which rules others take the place of: all, or those that are not active."""

    ALL = "all"
    DRAFTS = "drafts"


class Replacement(NamedTuple):
    """How many rules went, and how many came."""

    removed: int
    added: int


class ChannelRules:
    """The channel rules of every site: they act on hits from then on. Each method is one
    transaction.

    `changed` is called after each change is committed and before the method returns.
    """

    def __init__(
        self,
        database: Database,
        changed: Callable[[], None] = lambda: None,
        clock: Clock = utc_now,
    ) -> None:
        self._entries = Entries(database, site_channel_rules, rule_in, changed, clock)

    def list(self, site: Site) -> tuple[ChannelRule, ...]:
        """In the order in which they are tried, inactive ones included."""
        return tuple(by_priority(self._entries.list(site)))

    def get(self, site: Site, number: int) -> ChannelRule:
        """Raises `EntryNotFound`."""
        return self._entries.get(site, number)

    def match(
        self, site: Site, source: str, medium: str, campaign: str, *, include_inactive: bool = False
    ) -> ChannelRule | None:
        """The rule that gives these values their channel; see `ChannelPatterns.find`."""
        rules = [rule for rule in self.list(site) if rule.is_active or include_inactive]
        return ChannelPatterns(rules).find(source, medium, campaign)

    def add(self, site: Site, new: NewChannelRule) -> ChannelRule:
        """Raises `InvalidEntry`, `TooManyEntries`."""
        values = _checked(structs.asdict(new))
        _check_some_pattern(values)
        with self._entries.changing(site) as connection:
            return self._entries.add(connection, site, values)

    def change(self, site: Site, number: int, change: ChannelRuleChange) -> ChannelRule:
        """Raises `EntryNotFound`, `InvalidEntry`."""
        given = structs.asdict(change)
        values = _checked({field: value for field, value in given.items() if value is not UNSET})
        with self._entries.changing(site) as connection:
            found = self._entries.find(connection, site, number)
            _check_some_pattern(structs.asdict(found) | values)
            return self._entries.change(connection, site, number, values)

    def remove(self, site: Site, number: int, *, only_if_inactive: bool = False) -> None:
        """Raises `EntryNotFound`, `EntryIsLive`."""
        with self._entries.changing(site) as connection:
            if only_if_inactive and self._entries.find(connection, site, number).is_active:
                raise EntryIsLive(number)
            self._entries.remove(connection, site, number)

    def check(self, rules: Sequence[NewChannelRule]) -> tuple[InvalidEntry, ...]:
        """What is wrong with rules that are to take the place of others, in their order."""
        return tuple(error for number, rule in enumerate(rules) for error in _faults(number, rule))

    def replace(
        self, site: Site, rules: Sequence[NewChannelRule], which: Replaced, *, dry_run: bool = False
    ) -> Replacement:
        """The new ones get numbers of their own; among drafts none is active.

        A dry run does all of it and takes it back. Raises `InvalidEntry`, `TooManyEntries`.
        """
        checked = [_checked(structs.asdict(rule)) for rule in rules]
        for values in checked:
            _check_some_pattern(values)
            values["is_active"] = values["is_active"] and which is Replaced.ALL
        found = Replacement(0, len(checked))
        with suppress(_OnlyTried), self._entries.changing(site) as connection:
            found = Replacement(self._clear(connection, site, which), len(checked))
            for values in checked:
                self._entries.add(connection, site, values)
            if dry_run:
                raise _OnlyTried
        return found

    def _clear(self, connection: Connection, site: Site, which: Replaced) -> int:
        """How many they were."""
        columns = site_channel_rules.c
        statement = delete(site_channel_rules).where(columns.site_id == site.id)
        if which is Replaced.DRAFTS:
            statement = statement.where(columns.is_active.is_(False))
        return connection.execute(statement).rowcount


class _OnlyTried(Exception):
    """Ends a dry run, whose transaction is rolled back."""


def _faults(number: int, rule: NewChannelRule) -> Iterable[InvalidEntry]:
    for field, value in structs.asdict(rule).items():
        try:
            _checked({field: value})
        except InvalidEntry as error:
            yield error.within(f"rules.{number}")
    if not any(getattr(rule, field).strip() for field in PATTERNS):
        yield _no_pattern().within(f"rules.{number}")


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """Raises `InvalidEntry`."""
    return {field: _checked_value(field, value) for field, value in values.items()}


def _checked_value(field: str, value: Any) -> Any:
    if field in PATTERNS:
        return check_pattern(field, value)
    if field == "channel_name":
        return checked_text(field, value, CHANNEL_NAME_LENGTH, least=1)
    if field == "priority" and not 0 <= value <= HIGHEST_PRIORITY:
        raise InvalidEntry(field, "A priority is from 0 to {}", HIGHEST_PRIORITY)
    return value


def _check_some_pattern(values: dict[str, Any]) -> None:
    if not any(values[field] for field in PATTERNS):
        raise _no_pattern()


def _no_pattern() -> InvalidEntry:
    return InvalidEntry("source_pattern", "A rule has at least one pattern")


def rule_in(row: Row[Any]) -> ChannelRule:
    return ChannelRule(
        row.id,
        row.channel_name,
        row.source_pattern,
        row.medium_pattern,
        row.campaign_pattern,
        row.priority,
        row.is_active,
        row.created_at,
        row.updated_at,
    )
