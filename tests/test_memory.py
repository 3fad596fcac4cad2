"""Answers from memory are as true as those of the database."""

from pathlib import Path

import pytest
from sqlalchemy import text

from leadline.database import Database
from leadline.memory import LARGEST, Memory, NotInMemory, memory_only


class Counted:
    """A question whose answer says how often it was fetched."""

    def __init__(self) -> None:
        self.fetched = 0

    def __call__(self) -> int:
        self.fetched += 1
        return self.fetched


def test_an_answer_is_fetched_once_while_nothing_changes(database: Database) -> None:
    fetch = Counted()
    assert [database.memory.remember("q", fetch) for _ in range(3)] == [1, 1, 1]
    assert database.memory.remember("other", fetch) == 2


def test_a_commit_here_is_noticed_by_the_next_question(database: Database) -> None:
    fetch = Counted()
    database.memory.remember("q", fetch)
    with database.writing() as connection:
        connection.execute(text("UPDATE site_revisions SET last = last + 1"))
    assert database.memory.remember("q", fetch) == 2


def test_a_commit_through_another_opening_is_noticed_too(
    database: Database, tmp_path: Path
) -> None:
    fetch = Counted()
    database.memory.remember("q", fetch)
    other = Database(tmp_path / "leadline.sqlite3")
    with other.writing() as connection:
        connection.execute(text("UPDATE site_revisions SET last = last + 1"))
    other.close()
    assert database.memory.remember("q", fetch) == 2


def test_a_change_during_the_fetch_is_not_papered_over(database: Database) -> None:
    def fetch_while_somebody_writes() -> str:
        with database.writing() as connection:
            connection.execute(text("UPDATE site_revisions SET last = last + 1"))
        return "old"

    assert database.memory.remember("q", fetch_while_somebody_writes) == "old"
    assert database.memory.remember("q", lambda: "new") == "new"


def test_where_nobody_may_wait_only_memory_answers(database: Database) -> None:
    with memory_only():
        with pytest.raises(NotInMemory):
            database.memory.remember("q", lambda: "fetched")
        with pytest.raises(NotInMemory), database.reading():
            pass
        with pytest.raises(NotInMemory), database.writing():
            pass
    assert database.memory.remember("q", lambda: "fetched") == "fetched"
    with memory_only():
        assert database.memory.remember("q", lambda: "again") == "fetched"


def test_an_error_is_not_remembered(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        database.memory.remember("q", lambda: 1 // 0)
    assert database.memory.remember("q", lambda: "fine") == "fine"


def test_memory_is_bounded() -> None:
    memory = Memory(lambda: 0)
    for number in range(LARGEST + 2):
        memory.remember(number, lambda: None)
    fetch = Counted()
    memory.remember(0, fetch)
    assert fetch.fetched == 1
