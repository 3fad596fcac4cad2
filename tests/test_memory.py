"""Answers from memory are as true as those of the database."""

from threading import Thread

import pytest
from sqlalchemy import text

from leadline.database import Database, Location
from leadline.memory import LARGEST, Memory, NotInMemory, from_memory


class Counted:
    """A question whose answer says how often it was fetched."""

    def __init__(self) -> None:
        self.fetched = 0

    def __call__(self) -> int:
        self.fetched += 1
        return self.fetched


on_sqlite = pytest.mark.parametrize("location", ["sqlite"], indirect=True)
"""Where it can be told that nothing has changed."""


@on_sqlite
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
    database: Database, location: Location
) -> None:
    fetch = Counted()
    database.memory.remember("q", fetch)
    other = Database(location)
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


@on_sqlite
def test_where_nobody_may_wait_only_memory_answers(database: Database) -> None:
    def ask() -> str:
        return database.memory.remember("q", lambda: "fetched")

    with pytest.raises(NotInMemory):
        from_memory(ask)
    assert ask() == "fetched"
    assert from_memory(ask) == "fetched"


def test_where_nobody_may_wait_no_database_is_asked(database: Database) -> None:
    def read() -> None:
        with database.reading():
            pass

    def write() -> None:
        with database.writing():
            pass

    for question in (read, write):
        with pytest.raises(NotInMemory):
            from_memory(question)
    read()
    write()


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


def test_threads_never_get_an_answer_from_before_a_change() -> None:
    """Each thread asks what the number is; whoever saw the change must not get an older number."""
    number = 0
    memory = Memory(lambda: number)
    behind: list[tuple[int, int]] = []

    def ask() -> None:
        for _ in range(3000):
            seen = number
            answer = memory.remember("number", lambda: number)
            if answer < seen:
                behind.append((answer, seen))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        number += 1
    assert behind == []
