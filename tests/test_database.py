"""The metadata database: how it comes to its shape, and what is promised about transactions."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

import leadline.app  # every room declares its tables
from leadline import migrations
from leadline.database import Database, DatabaseTooNew, Location, UtcDateTime, metadata
from tests.postgresql import ENGINES
from tests.support import PATIENCE

OPEN = """
import sys
from pathlib import Path
from leadline.database import Database
from leadline.access import Organisations
sys.stdin.readline()
where = sys.argv[1]
database = Database(where if "://" in where else Path(where))
print(Organisations(database).first().uuid)
database.close()
"""


def revision(connection: Connection) -> str:
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


# Its shape


def test_the_expected_revision_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_the_migrations_make_the_tables_that_the_rooms_declare(database: Database) -> None:
    assert leadline.app is not None
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert revision(connection) == migrations.HEAD


def test_the_same_uniqueness_and_references_as_declared(database: Database) -> None:
    """What a comparison of tables and columns does not look at: the rules between them."""
    migrated = rules(database)
    assert any("CASCADE" in rule for rule in migrated)
    with database.writing() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    assert rules(database) == migrated


def rules(database: Database) -> list[str]:
    with database.reading() as connection:
        found = inspect(connection)
        return sorted(
            f"{table} {rule}"
            for table in metadata.tables
            for rule in (
                found.get_pk_constraint(table),
                *found.get_columns(table),
                *found.get_foreign_keys(table),
                *found.get_unique_constraints(table),
                *found.get_indexes(table),
            )
        )


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "leadline.sqlite3"
    Database(file).close()
    before = file.read_bytes()
    Database(file).close()
    assert file.read_bytes() == before
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_database_of_a_newer_leadline_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "leadline.sqlite3"
    database = Database(file)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    before = file.read_bytes()
    with pytest.raises(DatabaseTooNew, match="9999"):
        Database(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("engine", ENGINES)
def test_processes_that_open_an_empty_database_at_once_agree(
    request: pytest.FixtureRequest, tmp_path: Path, engine: str
) -> None:
    count = 3
    where = str(tmp_path / "data" / "leadline.sqlite3")
    if engine == "postgresql":
        where = request.getfixturevalue("postgresql").empty()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, where],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    with ThreadPoolExecutor(count) as pool:
        answers = list(
            pool.map(lambda process: process.communicate("go\n", timeout=PATIENCE), processes)
        )
    assert [process.returncode for process in processes] == [0] * count, answers
    assert len({uuid for uuid, _ in answers}) == 1


def test_an_error_tells_nothing_of_the_values(database: Database) -> None:
    """Its text may be logged, and a value may be a salt."""
    with pytest.raises(DBAPIError) as failed, database.writing() as connection:
        connection.execute(text("SELECT :value FROM nothing"), {"value": "a secret"})
    assert "a secret" not in str(failed.value)


# Its transactions

notes = Table("site_revisions", MetaData(), Column("last", Integer))


def test_an_error_rolls_everything_back(database: Database) -> None:
    with database.reading() as connection:
        before = connection.execute(select(notes.c.last)).all()

    def fail() -> None:
        with database.writing() as connection:
            connection.execute(insert(notes).values(last=99))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail()
    with database.reading() as connection:
        assert connection.execute(select(notes.c.last)).all() == before


def test_a_reader_sees_one_state(database: Database) -> None:
    with database.reading() as reader:
        before = reader.execute(select(notes.c.last)).all()
        with database.writing() as connection:
            connection.execute(insert(notes).values(last=99))
        assert reader.execute(select(notes.c.last)).all() == before
    with database.reading() as reader:
        assert len(reader.execute(select(notes.c.last)).all()) == len(before) + 1


def test_writers_wait_for_one_another(database: Database) -> None:
    def add(_: int) -> None:
        with database.writing() as connection:
            (highest,) = connection.execute(text("SELECT max(last) FROM site_revisions")).one()
            connection.execute(insert(notes).values(last=highest + 1))

    with database.reading() as connection:
        (first,) = connection.execute(text("SELECT max(last) FROM site_revisions")).one()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    with database.reading() as connection:
        (highest,) = connection.execute(text("SELECT max(last) FROM site_revisions")).one()
    assert highest == first + 40


def test_the_change_count_tells_of_every_commit(database: Database, location: Location) -> None:
    elsewhere = Database(location)
    counts = [database.change_count()]
    for writer in (database, elsewhere, database):
        with writer.writing() as connection:
            connection.execute(insert(notes).values(last=5))
        counts.append(database.change_count())
    assert len(set(counts)) == 4
    elsewhere.close()


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_the_change_count_of_sqlite_stands_while_nobody_commits(database: Database) -> None:
    before = database.change_count()
    with database.reading() as connection:
        connection.execute(select(notes.c.last)).all()
    assert database.change_count() == before


def test_times_are_utc_to_the_microsecond_whatever_zone_they_came_in(database: Database) -> None:
    moments = Table("moments", MetaData(), Column("at", UtcDateTime))
    plus_two = timezone(timedelta(hours=2))
    given = datetime(2026, 3, 10, 14, 0, 0, 123_456, tzinfo=plus_two)
    with database.writing() as connection:
        moments.create(connection)
        connection.execute(insert(moments).values(at=given))
        connection.execute(insert(moments).values(at=None))
    with database.reading() as connection:
        stored, nothing = connection.execute(select(moments.c.at)).scalars().all()
    assert stored == given
    assert stored.tzinfo is UTC
    assert nothing is None
