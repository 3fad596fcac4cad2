"""Funnels: the steps of a way through a site, in their order."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.reports import tables
from leadline.reports.errors import InvalidSaved, SavedFault
from leadline.reports.funnel import FEWEST_STEPS, MOST_STEPS
from leadline.reports.shelf import NAME_LENGTH, Shelf, check_text
from leadline.reports.targets import Target, check_target

MOST_FUNNELS = 100
"""Of a site."""


class SavedFunnel(msgspec.Struct, frozen=True):
    """No two funnels of a site have one name."""

    id: int
    name: str
    steps: tuple[Target, ...]
    created_at: datetime


class Funnels:
    """The funnels of every site. Every method is one transaction.

    `is_pattern` says whether the warehouse takes a text as a regular expression.
    """

    def __init__(
        self, database: Database, is_pattern: Callable[[str], bool], clock: Clock = utc_now
    ) -> None:
        self._shelf = Shelf(database, tables.funnels, _funnel_in, most=MOST_FUNNELS)
        self._is_pattern = is_pattern
        self._clock = clock

    def list(self, site: int) -> tuple[SavedFunnel, ...]:
        """In order of creation."""
        return self._shelf.list(site)

    def get(self, site: int, funnel: int) -> SavedFunnel:
        """Raises `SavedNotFound`."""
        return self._shelf.get(site, funnel)

    def add(self, site: int, name: str, steps: Sequence[Target]) -> SavedFunnel:
        """Raises `InvalidSaved`, `SavedNameTaken`, `TooManySaved`, `SiteGone`."""
        values = self._values(name, steps) | {"created_at": self._clock()}
        with self._shelf.changing() as connection:
            return self._shelf.add(connection, site, values)

    def change(self, site: int, funnel: int, name: str, steps: Sequence[Target]) -> SavedFunnel:
        """Raises `SavedNotFound`, `InvalidSaved`, `SavedNameTaken`."""
        values = self._values(name, steps)
        with self._shelf.changing() as connection:
            return self._shelf.change(connection, site, funnel, values)

    def remove(self, site: int, funnel: int) -> SavedFunnel:
        """The funnel that was. Raises `SavedNotFound`."""
        with self._shelf.changing() as connection:
            return self._shelf.remove(connection, site, funnel)

    def _values(self, name: str, steps: Sequence[Target]) -> dict[str, Any]:
        check_text("name", name, NAME_LENGTH)
        if not FEWEST_STEPS <= len(steps) <= MOST_STEPS:
            raise InvalidSaved("steps", SavedFault.STEPS, f"{FEWEST_STEPS} to {MOST_STEPS}")
        for number, step in enumerate(steps, start=1):
            try:
                check_target(step, self._is_pattern)
            except InvalidSaved as error:
                raise InvalidSaved("steps", error.fault, error.about, step=number) from error
        return {"name": name, "steps": msgspec.json.encode(steps).decode()}


def _funnel_in(row: Row[Any]) -> SavedFunnel:
    steps = msgspec.json.decode(row.steps, type=tuple[Target, ...])
    return SavedFunnel(row.id, row.name, steps, row.created_at)
