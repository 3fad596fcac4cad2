"""Putting the rows of `hits` in the order of their sites, so that a report reads few of the others.

Hits are stored as they come, those of all sites mixed, so that every row group has some of every
site. A stretch of them is rewritten in the order of site and time: then a site's rows of it lie
together, and DuckDB passes over the rest by what it knows of each row group. A stretch is so many
hits in the order of `hit_id`, in which they came, whatever their times: so each is in one stretch,
and a hit that comes late is in a later one.

First each row's place in the new order is found, from three narrow columns. Then the rows are
written a piece after the other: a piece fits in little memory, which loading and reports need too,
and to read a stretch several times costs no more than to sort all of it outside of memory. All that
goes on beside everything else, in a transaction; at its end, when nobody else may write, the former
rows are deleted. If somebody has deleted one of them meanwhile, DuckDB refuses to: then nothing has
happened, and it is done another time.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from typing import Any, NamedTuple

import duckdb

from leadline.logs import logger
from leadline.patience import stoppable
from leadline.warehouse.reclaiming import give_back

log = logger(__name__)

SCHEMA = """
CREATE TABLE clustered (last_hit_id UBIGINT NOT NULL);  -- up to it all is in order
INSERT INTO clustered VALUES (0)
"""

BEGIN_ANEW = "UPDATE clustered SET last_hit_id = 0"

ROW_GROUP = 122_880
"""Rows that DuckDB keeps together, and knows the least and the greatest values of."""


class Sizes(NamedTuple):
    """So many rows are put in order together, written at once, and in a row group.

    Beside the latest hits, a stretch at most is out of order. In longer ones a site would have
    fewer places, but each row would be read more often to write it. For a piece some 50 MB of
    memory are enough.
    """

    stretch: int = 8 * ROW_GROUP
    piece: int = ROW_GROUP // 2
    row_group: int = ROW_GROUP


USUAL = Sizes()

ROOM = 1024**3
"""Bytes that have to be free on the disk, of which a stretch takes a part for a while. With less,
hits might be refused."""

OWED = 4
"""So many stretches may wait for the room of their former rows to be given back."""

WORTH_IT = 1.5
"""A stretch is rewritten if reports of one site, each asked once, read so many times the row groups
that they would read of it in order. Of one site alone there is nothing to win."""

_LAST_DONE = "SELECT last_hit_id FROM clustered"

_NEXT = """
SELECT hit_id FROM hits WHERE hit_id > $after AND received_at < $until
ORDER BY hit_id LIMIT 1 OFFSET $others
"""

_IN_STRETCH = "hit_id > $after AND hit_id <= $last"

_READ = f"""
SELECT count(DISTINCT (rowid // $row_group, site_id)),
    count(DISTINCT rowid // $row_group) + count(DISTINCT site_id) - 1
FROM hits WHERE {_IN_STRETCH}
"""

_LAST_ROW = "SELECT max(rowid) FROM hits"

_ORDER = "site_id, received_at, hit_id"

_PLACE = f"""
CREATE OR REPLACE TEMP TABLE places AS
SELECT rowid AS former, (row_number() OVER (ORDER BY {_ORDER}) - 1) // $piece AS piece
FROM hits WHERE {_IN_STRETCH}
"""
_PIECES = "SELECT coalesce(max(piece) + 1, 0) FROM places"

_WRITE = f"""
INSERT INTO hits SELECT hits.* FROM hits JOIN places ON hits.rowid = former
WHERE piece = $piece AND {_IN_STRETCH} ORDER BY {_ORDER}
"""
_CLEAR = f"DELETE FROM hits WHERE rowid <= $last_row AND {_IN_STRETCH}"

_MOVE_ON = "UPDATE clustered SET last_hit_id = $last"

Connection = duckdb.DuckDBPyConnection


class _Stretch(NamedTuple):
    """Hits by their numbers, the first not included."""

    after: int
    last: int


class Clustering:
    """That of one DuckDB file, done by one thread at a time."""

    def __init__(
        self,
        cursor: Callable[[], Connection],
        writing: AbstractContextManager[Any],
        committing: AbstractContextManager[Any],
        merges: int,
    ) -> None:
        """`writing` keeps everybody else from changing the file; `committing` is for a commit.

        `merges` is as in `give_back`.
        """
        self._open = cursor
        self._writing = writing
        self._committing = committing
        self._merges = merges
        self._owed = 0

    def advance(self, until: datetime, sizes: Sizes = USUAL) -> bool:
        """Deal with the next stretch before `until`; False if there is none, or not now.

        Raises `GivenUp`.
        """
        with closing(self._open()) as cursor:  # which undoes what is not committed
            try:
                return self._advance(cursor, until.astimezone(UTC).replace(tzinfo=None), sizes)
            except duckdb.TransactionException:
                log.info("clustered later", why="hits were deleted meanwhile")
                return False

    def _advance(self, cursor: Connection, until: datetime, sizes: Sizes) -> bool:
        stretch = self._next(cursor, until, sizes.stretch)
        if stretch is None:
            return False
        asked = stretch._asdict() | {"row_group": sizes.row_group}
        ((read, least),) = _do(cursor, _READ, **asked).fetchall()
        if read < WORTH_IT * least:
            with self._writing, self._committing:
                _do(cursor, _MOVE_ON, last=stretch.last)
            return True
        if not self._has_room(cursor):
            return False
        self._rewrite(cursor, stretch, sizes.piece)
        self._owed += 1
        return True

    def _has_room(self, cursor: Connection) -> bool:
        """That of the former rows of stretches before, or else a little more of the disk."""
        with self._writing:
            if give_back(cursor, self._merges):
                self._owed = 0
        return self._owed < OWED

    def _next(self, cursor: Connection, until: datetime, rows: int) -> _Stretch | None:
        ((after,),) = _do(cursor, _LAST_DONE).fetchall()
        asked = {"after": after, "until": until, "others": rows - 1}
        found = _do(cursor, _NEXT, **asked).fetchone()
        return _Stretch(after, *found) if found else None

    def _rewrite(self, cursor: Connection, stretch: _Stretch, rows: int) -> None:
        span = stretch._asdict()
        cursor.begin()
        ((last_row,),) = _do(cursor, _LAST_ROW).fetchall()
        _do(cursor, _PLACE, **span, piece=rows)
        ((pieces,),) = _do(cursor, _PIECES).fetchall()
        for piece in range(pieces):
            _do(cursor, _WRITE, **span, piece=piece)
        with self._writing:
            _do(cursor, _CLEAR, **span, last_row=last_row)
            _do(cursor, _MOVE_ON, last=stretch.last)
            cursor.execute("DROP TABLE places")
            with self._committing:
                cursor.commit()


def _do(cursor: Connection, statement: str, **parameters: Any) -> Connection:
    with stoppable(cursor.interrupt):
        return cursor.execute(statement, parameters)
