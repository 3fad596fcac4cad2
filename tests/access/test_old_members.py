"""What the migration to access by site makes of an organisation of before."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from leadline import migrations
from leadline.access import Members, Organisations, Sessions, SiteRole, UserId
from leadline.database import Database
from leadline.sites import Sites

BEFORE = """
INSERT INTO organisations (id, uuid, name, timezone, currency, created_at)
    VALUES (1, 'a', 'Blumen & Möbel', 'UTC', 'EUR', '2026-01-01 00:00:00'),
        (2, 'b', 'Blumen & Möbel', 'UTC', 'EUR', '2026-01-01 00:00:00');
INSERT INTO users (id, email, email_key, name, password_hash, created_at)
    VALUES (1, 'a@example.com', 'a@example.com', 'Ada', '', '2026-01-01 00:00:00'),
        (2, 'e@example.com', 'e@example.com', 'Eve', '', '2026-01-01 00:00:00');
INSERT INTO memberships VALUES (1, 1, 'owner'), (1, 2, 'member');
INSERT INTO sites (id, organisation_id, code, slug, name, sharing, timezone, currency, is_active,
        created_at, revision)
    VALUES (1, 1, 'AAAAA', 'a-site', 'A', 'none', 'UTC', 'EUR', 1, '2026-01-01 00:00:00', 1),
        (2, 2, 'BBBBB', 'b-site', 'B', 'none', 'UTC', 'EUR', 1, '2026-01-01 00:00:00', 2);
"""


def test_members_of_before_still_view_what_they_viewed(tmp_path: Path) -> None:
    location = tmp_path / "metadata.db"
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(f"sqlite:///{location}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0010")
        for statement in BEFORE.split(";")[:-1]:
            connection.execute(text(statement))
    engine.dispose()
    database = Database(location)
    organisations, sessions = Organisations(database), Sessions(database)
    first = organisations.first()
    assert first.slug == "blumen-mobel"
    assert organisations.named("blumen-mobel-2").uuid == "b"
    (site,) = Sites(database).list(first.id)
    eve = sessions.find(sessions.open(UserId(2)))
    assert eve is not None
    assert eve.abilities.visible == frozenset({site.id})
    assert not eve.abilities.may_manage(site.id)
    ada, member = Members(database).list(first.id)
    assert (dict(ada.sites), dict(member.sites)) == ({}, {site.id: SiteRole.VIEWER})
    database.close()
