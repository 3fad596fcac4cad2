"""Segments: trees of conditions that are kept under a name, for reports to be limited to."""

import itertools
import re
import secrets
from collections.abc import Callable, Collection
from datetime import datetime
from string import ascii_lowercase, digits
from typing import Any, NewType

import msgspec
from msgspec import UNSET, UnsetType
from slugify import slugify
from sqlalchemy import Row

from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.reports import tables
from leadline.reports.dimensions import is_of_events
from leadline.reports.errors import InvalidSaved, SavedFault, SavedNameTaken
from leadline.reports.filters import AllOf, Condition, InvalidFilter, check, conditions
from leadline.reports.shelf import NAME_LENGTH, Shelf, check_text

SegmentId = NewType("SegmentId", int)
"""The segment's own number, never used twice."""

MOST_SEGMENTS = 200
"""Of a site."""

SLUG_LENGTH = 50
DESCRIPTION_LENGTH = 500

RESERVED = frozenset(
    """
    all-traffic organic-search paid-search social direct referral mobile desktop
    """.split()  # noqa: SIM905  (a list of words reads best as a text)
)
"""What SealMetrics calls the segments that every site has of itself."""

_PUBLIC = "seg_"
_SLUG = re.compile(rf"[a-z0-9-]{{1,{SLUG_LENGTH}}}")
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


class Segment(msgspec.Struct, frozen=True):
    """Which hits and visits of a site somebody looks at.

    `public_id` is `seg_` and 16 characters more. `name` has up to 50 of a-z, 0-9 and `-`; no two
    segments of a site have one. `color` is as in `#09afAF`. `created_by` is the number of a user;
    None once that user is gone, or if it was made by none.
    """

    id: SegmentId
    public_id: str
    name: str
    display_name: str
    description: str | None
    color: str | None
    condition: Condition
    created_by: int | None
    created_at: datetime
    updated_at: datetime


class NewSegment(msgspec.Struct, frozen=True, kw_only=True):
    """What a segment is made of. The service makes a `name` of the displayed one if none is given.

    `display_name` has 1 to 100 characters, `description` up to 500.
    """

    display_name: str
    condition: Condition
    name: str | None = None
    description: str | None = None
    color: str | None = None


class SegmentChange(msgspec.Struct, frozen=True, kw_only=True):
    """The fields to change; one left unset stays as it is."""

    name: str | UnsetType = UNSET
    display_name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    color: str | UnsetType | None = UNSET
    condition: Condition | UnsetType = UNSET


class Segments:
    """The segments of every site. Every change is one transaction.

    A segment is named by its number, its `public_id` or its `name`. `is_pattern` says whether the
    warehouse takes a text as a regular expression.
    """

    def __init__(
        self, database: Database, is_pattern: Callable[[str], bool], clock: Clock = utc_now
    ) -> None:
        self._shelf = Shelf(database, tables.segments, _segment_in, most=MOST_SEGMENTS)
        self._is_pattern = is_pattern
        self._clock = clock

    def list(self, site: int) -> tuple[Segment, ...]:
        """In order of creation."""
        return self._shelf.list(site)

    def get(self, site: int, segment: int | str) -> Segment:
        """Raises `SavedNotFound`."""
        return self._shelf.get(site, segment, _column_of(segment))

    def create(self, site: int, new: NewSegment, *, by: int | None = None) -> Segment:
        """`by` is the number of the user who makes it.

        Raises `InvalidSaved`, `InvalidFilter`, `SavedNameTaken`, `TooManySaved`, `SiteGone`.
        """
        values = self._values(new)
        now = self._clock()
        values |= {"public_id": _PUBLIC + _random(16), "created_by": by}
        values |= {"created_at": now, "updated_at": now}
        with self._shelf.changing() as connection:
            if new.name is None:
                taken = self._shelf.names(connection, site)
                values["name"] = _free_name(new.display_name, taken)
            return self._shelf.add(connection, site, values)

    def change(self, site: int, segment: int | str, change: SegmentChange) -> Segment:
        """Raises `SavedNotFound`, `InvalidSaved`, `InvalidFilter`, `SavedNameTaken`."""
        values = self._values(change)
        if values:
            values["updated_at"] = self._clock()
        with self._shelf.changing() as connection:
            found = self._shelf.find(connection, site, segment, _column_of(segment))
            if not values:
                return found
            return self._shelf.change(connection, site, found.id, values)

    def delete(self, site: int, segment: int | str) -> Segment:
        """The segment that was. Raises `SavedNotFound`."""
        with self._shelf.changing() as connection:
            found = self._shelf.find(connection, site, segment, _column_of(segment))
            return self._shelf.remove(connection, site, found.id)

    def duplicate(
        self, site: int, segment: int | str, name: str | None = None, *, by: int | None = None
    ) -> Segment:
        """The same under another name. Raises `SavedNotFound`, and as `create` does."""
        found = self.get(site, segment)
        new = NewSegment(
            name=name,
            display_name=found.display_name,
            description=found.description,
            color=found.color,
            condition=found.condition,
        )
        return self.create(site, new, by=by)

    def _values(self, given: NewSegment | SegmentChange) -> dict[str, Any]:
        """The columns that are given."""
        values = {
            field: value
            for field, value in msgspec.structs.asdict(given).items()
            if value is not UNSET
        }
        for field, value in values.items():
            if value is not None and field != "condition":
                _check_field(field, value)
        if "condition" in values:
            values["condition"] = self._written(values["condition"])
        return values

    def _written(self, tree: Condition) -> str:
        check(AllOf((tree,)), self._is_pattern)  # as a query asks it
        if any(is_of_events(each.dimension) for each in conditions(tree, of_hits=False)):
            raise InvalidFilter("a segment is of pageviews and visits, and not of events")
        return msgspec.json.encode(tree).decode()


def _check_field(field: str, text: str) -> None:
    """Raises `InvalidSaved`, `SavedNameTaken`."""
    match field:
        case "name":
            if not _SLUG.fullmatch(text):
                raise InvalidSaved(field, SavedFault.SLUG, SLUG_LENGTH)
            if text in RESERVED:
                raise SavedNameTaken(text)
        case "color":
            if not _COLOR.fullmatch(text):
                raise InvalidSaved(field, SavedFault.COLOR)
        case "display_name":
            check_text(field, text, NAME_LENGTH)
        case "description":
            check_text(field, text, DESCRIPTION_LENGTH, least=0)


def _column_of(segment: int | str) -> str:
    if isinstance(segment, int):
        return "id"
    return "public_id" if segment.startswith(_PUBLIC) else "name"


def _free_name(display_name: str, taken: Collection[str]) -> str:
    """The name that a displayed one suggests, as free names of sites are found."""
    first = slugify(display_name, max_length=SLUG_LENGTH).strip("-") or f"segment-{_random(8)}"
    unavailable = RESERVED.union(taken)
    numbered = (_numbered(first, number) for number in itertools.count(2))
    return next(name for name in itertools.chain((first,), numbered) if name not in unavailable)


def _numbered(name: str, number: int) -> str:
    suffix = f"-{number}"
    return name[: SLUG_LENGTH - len(suffix)].rstrip("-") + suffix


def _random(length: int) -> str:
    return "".join(secrets.choice(ascii_lowercase + digits) for _ in range(length))


def _segment_in(row: Row[Any]) -> Segment:
    return Segment(
        id=SegmentId(row.id),
        public_id=row.public_id,
        name=row.name,
        display_name=row.display_name,
        description=row.description,
        color=row.color,
        condition=msgspec.json.decode(row.condition, type=Condition),
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
