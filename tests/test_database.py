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
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, select, text

import leadline.app  # every room declares its tables
from leadline import migrations
from leadline.database import Database, DatabaseTooNew, UtcDateTime, metadata

OPEN = """
import sys
from pathlib import Path
from leadline.database import Database
from leadline.access import Organisations
sys.stdin.readline()
database = Database(Path(sys.argv[1]))
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


def test_the_same_uniqueness_and_references_as_declared(database: Database, tmp_path: Path) -> None:
    """What a comparison of tables and columns does not look at: the rules between them."""
    declared = Database(tmp_path / "declared.sqlite3")
    with declared.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(text(f"DROP TABLE {table.name}"))
        metadata.create_all(connection)
    assert rules(database) == rules(declared)
    declared.close()


def rules(database: Database) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with database.reading() as connection:
        for table in metadata.tables:
            rows: list[str] = []
            for pragma in ("table_info", "foreign_key_list", "index_list"):
                for row in connection.exec_driver_sql(f"PRAGMA {pragma}({table})"):
                    if pragma == "index_list":
                        columns = connection.exec_driver_sql(f"PRAGMA index_info({row[1]})").all()
                        rows.append(repr((row[2:], [column[2] for column in columns])))
                    else:
                        rows.append(repr(row[1:]))
            found[table] = sorted(rows)
    return found


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


def test_processes_that_open_a_fresh_directory_at_once_agree(tmp_path: Path) -> None:
    count = 3
    file = tmp_path / "data" / "leadline.sqlite3"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    with ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(lambda process: process.communicate("go\n", timeout=60), processes))
    assert [process.returncode for process in processes] == [0] * count, answers
    assert len({uuid for uuid, _ in answers}) == 1


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


def test_the_change_count_tells_of_every_commit(database: Database, tmp_path: Path) -> None:
    elsewhere = Database(tmp_path / "leadline.sqlite3")
    counts = [database.change_count()]
    for writer in (database, elsewhere, database):
        with writer.writing() as connection:
            connection.execute(insert(notes).values(last=5))
        counts.append(database.change_count())
    assert len(set(counts)) == 4
    with elsewhere.reading() as connection:
        connection.execute(select(notes.c.last)).all()
    assert database.change_count() == counts[-1]
    elsewhere.close()


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
