"""What an operator types: `leadline serve`, `token`, `site`, `doctor`, `backup` and others."""

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from leadline import __version__
from leadline.access import AccessError
from leadline.cli.backup import backup, restore
from leadline.cli.demo import demo
from leadline.cli.doctor import NoBrowser, doctor
from leadline.cli.export import export
from leadline.cli.mail import mail
from leadline.cli.mcp import mcp
from leadline.cli.options import describe_settings_error
from leadline.cli.serve import CannotListen, serve
from leadline.cli.sites import NotConfirmed, sites
from leadline.cli.tokens import tokens
from leadline.cli.users import users
from leadline.database import DatabaseTooNew, DriverMissing, UnsuitableDatabase
from leadline.sites import SitesError

cli = App(
    name="leadline",
    version=__version__,
    help="Web analytics that you host yourself, speaking Fathom's and SealMetrics' APIs.",
    version_flags=["--version"],
)
cli.command(serve)
cli.command(tokens)
cli.command(users)
cli.command(sites)
cli.command(demo)
cli.command(doctor)
cli.command(backup)
cli.command(restore)
cli.command(export)
cli.command(mail)
cli.command(mcp)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command.

    Exits with 1 and one line on standard error when it cannot be done, with 2 when it cannot be
    understood.
    """
    import duckdb

    from leadline.assistants import ProtocolMissing
    from leadline.backup import BackupTooNew, NotABackup, NotFresh, NothingToBackUp
    from leadline.control import TaskFailed
    from leadline.demo import DataNotEmpty
    from leadline.export import NoSuchSpan
    from leadline.mail import MailError
    from leadline.storage import DataInUse
    from leadline.warehouse import (
        ClickHouseDriverMissing,
        NotEmpty,
        WarehouseElsewhere,
        WarehouseInUse,
        WarehouseTooNew,
        WarehouseUnavailable,
    )

    try:
        cli(arguments, print_error=False, exit_on_error=False)
    except CycloptsError as error:
        _fail(f"{error} Try --help.", code=2)
    except ValidationError as error:
        _fail(describe_settings_error(error))
    except (SitesError, AccessError, MailError, NotConfirmed, NoBrowser, NoSuchSpan) as error:
        _fail(str(error))
    except (DatabaseTooNew, DriverMissing, ProtocolMissing, UnsuitableDatabase) as error:
        _fail(str(error))
    except (CannotListen, DataInUse, DataNotEmpty, WarehouseInUse, WarehouseTooNew) as error:
        _fail(str(error))
    except (ClickHouseDriverMissing, WarehouseElsewhere, WarehouseUnavailable) as error:
        _fail(str(error))
    except (BackupTooNew, NotABackup, NotFresh, NothingToBackUp, NotEmpty, TaskFailed) as error:
        _fail(str(error))
    except DBAPIError as error:
        _fail(f"the metadata database: {error.orig}")
    except duckdb.Error as error:
        _fail(f"the hits: {error}")
    except EOFError:
        _fail("no answer on standard input")
    except KeyboardInterrupt:
        _fail("interrupted", code=130)
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))


def _fail(message: str, code: int = 1) -> None:
    line = " ".join(message.split()).encode("utf-8", "backslashreplace").decode()
    print(f"leadline: {line}", file=sys.stderr)
    raise SystemExit(code)
