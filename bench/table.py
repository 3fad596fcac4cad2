"""What a benchmark says, and the data directory that it is about."""

from pathlib import Path
from typing import NamedTuple

from leadline.access import Abilities, Organisations, Role, Sessions, Tokens
from leadline.database import Database
from leadline.settings import Settings
from leadline.sites import NewSite, Site, Sites


class Line(NamedTuple):
    what: str
    figure: str
    beside: str
    aim: str


class Prepared(NamedTuple):
    settings: Settings
    secret: str
    session: str
    site: Site


def prepare(data: Path, timezone: str = "Europe/Madrid") -> Prepared:
    """A data directory with a token, a session of its owner, and a site."""
    settings = Settings(data=data, seal_rate_limit=10**9)
    database = Database(settings.metadata_file)
    organisations = Organisations(database)
    organisation = organisations.first()
    new = NewSite(name="Bench", timezone=timezone, currency="EUR", domains=("example.com",))
    site = Sites(database).create(organisation.id, new)
    made = Tokens(database).create(organisation.id, "bench", Abilities(full=True))
    user = organisations.add_user(
        organisation.id, email="bench@example.com", password="x" * 20, role=Role.OWNER
    )
    session = Sessions(database).open(user.id)
    database.close()
    return Prepared(settings, made.secret, session, site)
