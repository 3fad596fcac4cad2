"""What is said of errors that an operator can do something about.

Loaded when one comes: it knows the errors of every room, and most commands need few of these.
"""

import duckdb
from cyclopts import CycloptsError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from leadline.access import AccessError
from leadline.assistants import ProtocolMissing
from leadline.backup import BackupTooNew, NotABackup, NotFresh, NothingToBackUp
from leadline.cli.doctor import NoBrowser
from leadline.cli.options import describe_settings_error
from leadline.cli.serve import CannotListen
from leadline.cli.sites import NotConfirmed
from leadline.control import TaskFailed
from leadline.database import DatabaseTooNew, DriverMissing, UnsuitableDatabase
from leadline.demo import DataNotEmpty
from leadline.export import NoSuchSpan
from leadline.mail import MailError
from leadline.sites import SitesError
from leadline.storage import DataInUse
from leadline.warehouse import (
    ClickHouseDriverMissing,
    NotEmpty,
    WarehouseElsewhere,
    WarehouseInUse,
    WarehouseTooNew,
    WarehouseUnavailable,
)

_WORDED = (
    *(SitesError, AccessError, MailError, NotConfirmed, NoBrowser, NoSuchSpan),
    *(DatabaseTooNew, DriverMissing, ProtocolMissing, UnsuitableDatabase),
    *(CannotListen, DataInUse, DataNotEmpty, WarehouseInUse, WarehouseTooNew),
    *(ClickHouseDriverMissing, WarehouseElsewhere, WarehouseUnavailable),
    *(BackupTooNew, NotABackup, NotFresh, NothingToBackUp, NotEmpty, TaskFailed),
)
"""Their text is for people."""


def said_of(error: Exception) -> str | None:
    """None of what nobody has foreseen."""
    said: str | None = None
    match error:
        case CycloptsError():
            said = f"{error} Try --help."
        case ValidationError():
            said = describe_settings_error(error)
        case DBAPIError():
            said = f"the metadata database: {error.orig}"
        case duckdb.Error():
            said = f"the hits: {error}"
        case EOFError():
            said = "no answer on standard input"
        case _ if isinstance(error, _WORDED):
            said = str(error)
        case OSError():
            said = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return said
