"""What every engine of the warehouse can do; a report knows no more of it than this."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from leadline.spool import Position
from leadline.warehouse.batch import Arrivals

IS_HIT = "kind <> 'departure'"
"""Of the rows of `hits` those that are hits."""


class WarehouseUnavailable(Exception):
    """What holds the hits cannot be reached, does not answer, or refuses."""


class Ask(Protocol):
    """See `Warehouse.query`."""

    def __call__(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]: ...


class Snapshot(NamedTuple):
    """The hits as they are at one moment. `lanes` is how many threads may `ask` at once."""

    ask: Ask
    lanes: int = 1


class Dialect(Protocol):
    """What not every engine writes alike, as SQL. A parameter is named without its `$`."""

    @property
    def summarises(self) -> bool:
        """Whether there are the tables `visits`, `rollups` and `summarised`."""

    @property
    def visit(self) -> str:
        """The columns of `hits` that together name a visit."""

    def matches(self, text: str, pattern: str) -> str:
        """Whether the regular expression of the parameter `pattern` is somewhere in a text."""

    def microseconds(self, moment: str) -> str:
        """A moment as a whole number."""

    def place(self, moment: str, number: str) -> str:
        """What rows are in order of: the moment, and of one moment the number, 64 bits unsigned."""

    def begun(self, moments: str, by: str) -> str:
        """How many moments of the parameter are not after the moment `by`."""

    def divided(self, number: str, by: int) -> str:
        """A whole number, without the rest; which way it is rounded below 0 is not said."""

    def element(self, numbers: str, at: str) -> str:
        """The whole number at a place of a list, the parameter `numbers`; the first is at 1."""

    def property(self, properties: str, key: str) -> str:
        """The text under the key of the parameter `key`, empty without one."""

    def each_key(self, properties: str) -> str:
        """The keys, each in a row of its own."""

    def steps_done(self, steps: str) -> str:
        """Of grouped hits, how many steps they do one after the other, each hit one at most.

        Bit n of the whole number `steps` says whether a hit fits step n.
        """

    def rows(self, **parameters: str) -> str:
        """A table in brackets whose columns are parameters, lists of one length."""


class Warehouse(Protocol):
    """Hits, site facts and refusals, each spooled record taken in exactly once.

    Tables and columns have the same names in every engine. In `site_facts` a site may have several
    rows, and in `refusals` a minute: the least, the greatest and the sum count. Safe to use from
    several threads; reading goes on while a batch is loaded.
    """

    @property
    def dialect(self) -> Dialect: ...

    def loaded(self) -> Position:
        """The place in the spool up to which nothing is needed any more."""

    def load(self, arrivals: Arrivals) -> None:
        """Take in a batch. If this raises after `loaded` has moved, `finish` does the rest."""

    def finish(self) -> None:
        """Do what an earlier `load` could not; raises while it still cannot be done."""

    def erased(self) -> frozenset[int]:
        """The sites whose hits are gone, and of which none will be taken in again."""

    def snapshot(self, lanes: int = 1) -> AbstractContextManager[Snapshot]:
        """While the block runs, queries see the hits as they are now, if the engine can do that.

        There are as many `lanes` as can be had, one at least. Raises `WarehouseUnavailable`.
        """

    def query(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """The rows of one query, its parameters written `$name`; moments are UTC without a zone.

        Raises `WarehouseUnavailable`.
        """

    def summarise(
        self, until: datetime, zones: Mapping[int, str], kept: Collection[int] = ()
    ) -> bool:
        """A step of what reports of these sites, in these zones, need of what began before `until`.

        Whether there may be more to do. Reports say the same without it, and sooner with it;
        loading goes on. What days of the sites that are `kept` add up to stays when hits expire.
        """

    def may_expire(self, site: int, before: datetime) -> bool:
        """Whether everything is worked out that is to stay of a site's hits before a moment."""

    def cluster(self, until: datetime) -> bool:
        """A step of putting what came before `until` in the order of its sites.

        False if there is nothing more to do now. Reports say the same without it, and sooner with
        it; loading goes on. Raises `GivenUp`.
        """

    def is_pattern(self, text: str) -> bool:
        """Whether this is a regular expression in the syntax of RE2, which all engines use."""

    def export(self, directory: Path) -> None:
        """Write what there is at this moment into files there, while loading goes on."""

    def export_hits(self, site: int, since: datetime, until: datetime, directory: Path) -> None:
        """Write a site's rows of `hits` in a span into files there, while loading goes on.

        One file at least, Parquet with the columns of the table; in the order of their names they
        are in order of time, then of `hit_id`. Moments are UTC without a zone. Raises
        `WarehouseUnavailable`.
        """

    def expire(self, site: int, before: datetime) -> bool:
        """Delete some of a site's rows of `hits` before a moment; False if there were none.

        A portion each time, between which loading goes on. What a site's facts say stays. Raises
        `WarehouseUnavailable`.
        """

    def next_segment(self, directory: Path) -> int:
        """The number of a spool segment above every hit in the files of `export`."""

    def take_back(self, directory: Path) -> None:
        """Read the files of `export`, all or nothing; no hit loaded before may be in them.

        Raises `NotEmpty`.
        """

    def forget_all(self) -> None:
        """Undo `take_back`."""

    def close(self) -> None: ...
