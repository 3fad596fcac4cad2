"""Goals: what the owner of a site hopes that visits come to."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.reports import tables
from leadline.reports.filters import Operator
from leadline.reports.shelf import NAME_LENGTH, Shelf, check_text
from leadline.reports.targets import Target, TargetKind, check_target

MOST_GOALS = 100
"""Of a site."""


class Goal(msgspec.Struct, frozen=True):
    """No two goals of a site have one name."""

    id: int
    name: str
    target: Target
    created_at: datetime


class Goals:
    """The goals of every site. Every method is one transaction.

    `is_pattern` says whether the warehouse takes a text as a regular expression.
    """

    def __init__(
        self, database: Database, is_pattern: Callable[[str], bool], clock: Clock = utc_now
    ) -> None:
        self._shelf = Shelf(database, tables.goals, _goal_in, most=MOST_GOALS)
        self._is_pattern = is_pattern
        self._clock = clock

    def list(self, site: int) -> tuple[Goal, ...]:
        """In order of creation."""
        return self._shelf.list(site)

    def get(self, site: int, goal: int) -> Goal:
        """Raises `SavedNotFound`."""
        return self._shelf.get(site, goal)

    def add(self, site: int, name: str, target: Target) -> Goal:
        """Raises `InvalidSaved`, `SavedNameTaken`, `TooManySaved`, `SiteGone`."""
        values = self._values(name, target) | {"created_at": self._clock()}
        with self._shelf.changing() as connection:
            return self._shelf.add(connection, site, values)

    def change(self, site: int, goal: int, name: str, target: Target) -> Goal:
        """Raises `SavedNotFound`, `InvalidSaved`, `SavedNameTaken`."""
        values = self._values(name, target)
        with self._shelf.changing() as connection:
            return self._shelf.change(connection, site, goal, values)

    def remove(self, site: int, goal: int) -> Goal:
        """The goal that was. Raises `SavedNotFound`."""
        with self._shelf.changing() as connection:
            return self._shelf.remove(connection, site, goal)

    def _values(self, name: str, target: Target) -> dict[str, Any]:
        check_text("name", name, NAME_LENGTH)
        check_target(target, self._is_pattern)
        return {"name": name} | msgspec.structs.asdict(target)


def _goal_in(row: Row[Any]) -> Goal:
    target = Target(TargetKind(row.kind), Operator(row.operator), row.value)
    return Goal(row.id, row.name, target, row.created_at)
