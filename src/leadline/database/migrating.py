"""How a database comes to its present shape."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from leadline import migrations
from leadline.migrations import HEAD


class DatabaseTooNew(Exception):
    """The database was written by a newer Leadline than this one."""


def migrate(connection: Connection) -> None:
    """Bring the database to the present shape, inside the caller's transaction.

    Raises `DatabaseTooNew`.
    """
    found = _revision(connection)
    if found != HEAD:
        _upgrade(connection, found)


def _upgrade(connection: Connection, found: str | None) -> None:
    from alembic import command  # noqa: PLC0415  (a third of a second that most starts need not pay)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseTooNew(f"the metadata were written by a newer Leadline (revision {found})")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
