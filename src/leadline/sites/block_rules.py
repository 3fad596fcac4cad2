"""What an owner does not want counted, kept rule by rule."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import UNSET
from sqlalchemy import Connection, Row, delete, func, select, update

from leadline.clock import Clock, utc_now
from leadline.database import LARGEST_NUMBER, Database, insert_row
from leadline.sites import rows
from leadline.sites.block_lists import BlockKind, Rule, normalise
from leadline.sites.errors import (
    BlockRuleFault,
    BlockRuleNotFound,
    BlockRuleTaken,
    InvalidBlockRule,
    TooManyBlockRules,
)
from leadline.sites.model import (
    BLOCK_RULES_OF_A_KIND,
    NOTE_LENGTH,
    BlockRule,
    BlockRuleChange,
    Site,
)
from leadline.sites.tables import site_block_rules


class BlockRules:
    """The rules of every site, of which a hit has to break none. Every method is one transaction.

    `changed` is called after each change is committed and before the method returns.
    """

    def __init__(
        self,
        database: Database,
        changed: Callable[[], None] = lambda: None,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._changed = changed
        self._clock = clock

    def list(self, site: Site) -> tuple[BlockRule, ...]:
        """In order of creation, inactive ones included."""
        query = _of(site).order_by(site_block_rules.c.id)
        with self._database.reading() as connection:
            return tuple(_rule_in(row) for row in connection.execute(query))

    def get(self, site: Site, rule_id: int) -> BlockRule:
        """Raises `BlockRuleNotFound`."""
        with self._database.reading() as connection:
            return _rule_in(_row(connection, site, rule_id))

    def add(
        self, site: Site, kind: str, value: str, note: str = "", *, is_active: bool = True
    ) -> BlockRule:
        """Raises `InvalidBlockRule`, `BlockRuleTaken`, `TooManyBlockRules`."""
        rule = normalise(Rule(kind, value))
        values = {"note": _checked_note(note), "is_active": is_active, "created_at": self._clock()}
        with self._changing(site) as connection:
            _check_free(connection, site, rule)
            of_kind = _of(site).where(site_block_rules.c.kind == rule.kind)
            count = select(func.count()).select_from(of_kind.subquery())
            if connection.execute(count).scalar_one() >= BLOCK_RULES_OF_A_KIND:
                raise TooManyBlockRules(BLOCK_RULES_OF_A_KIND)
            values |= {"site_id": site.id, **rule._asdict()}
            rule_id = insert_row(connection, site_block_rules, **values)
            added = _rule_in(_row(connection, site, rule_id))
        self._changed()
        return added

    def change(self, site: Site, rule_id: int, change: BlockRuleChange) -> BlockRule:
        """Raises `BlockRuleNotFound`, `InvalidBlockRule`, `BlockRuleTaken`."""
        values: dict[str, Any] = {}
        if change.note is not UNSET:
            values["note"] = _checked_note(change.note)
        if change.is_active is not UNSET:
            values["is_active"] = change.is_active
        with self._changing(site) as connection:
            row = _row(connection, site, rule_id)
            if change.value is not UNSET:
                rule = normalise(Rule(row.kind, change.value))
                if rule.value != row.value:
                    _check_free(connection, site, rule)
                    values["value"] = rule.value
            if values:
                mine = site_block_rules.c.id == row.id
                connection.execute(update(site_block_rules).where(mine).values(**values))
            changed = _rule_in(_row(connection, site, rule_id))
        self._changed()
        return changed

    def remove(self, site: Site, rule_id: int) -> None:
        """Raises `BlockRuleNotFound`."""
        with self._changing(site) as connection:
            row = _row(connection, site, rule_id)
            connection.execute(delete(site_block_rules).where(site_block_rules.c.id == row.id))
        self._changed()

    @contextmanager
    def _changing(self, site: Site) -> Iterator[Connection]:
        with self._database.writing() as connection:
            rows.touch(connection, site, self._clock())
            yield connection


def _of(site: Site) -> Any:
    return select(site_block_rules).where(site_block_rules.c.site_id == site.id)


def _row(connection: Connection, site: Site, rule_id: int) -> Row[Any]:
    if rule_id > LARGEST_NUMBER:
        raise BlockRuleNotFound(rule_id)
    row = connection.execute(_of(site).where(site_block_rules.c.id == rule_id)).one_or_none()
    if row is None:
        raise BlockRuleNotFound(rule_id)
    return row


def _rule_in(row: Row[Any]) -> BlockRule:
    return BlockRule(
        row.id, BlockKind(row.kind), row.value, row.note, row.is_active, row.created_at
    )


def _check_free(connection: Connection, site: Site, rule: Rule) -> None:
    same = _of(site).where(
        site_block_rules.c.kind == rule.kind, site_block_rules.c.value == rule.value
    )
    if connection.execute(same).one_or_none() is not None:
        raise BlockRuleTaken(rule.value)


def _checked_note(note: str) -> str:
    if len(note) > NOTE_LENGTH or not (note.isprintable() or not note):
        raise InvalidBlockRule(BlockRuleFault.NOTE, NOTE_LENGTH)
    return note
