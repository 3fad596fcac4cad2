"""What an operator types: `leadline serve`, `token`, `user`, `site`."""

import sys
from collections.abc import Sequence

from cyclopts import App
from pydantic import ValidationError

from leadline import __version__
from leadline.access import AccessError
from leadline.cli.options import describe_settings_error
from leadline.cli.serve import serve
from leadline.cli.sites import sites
from leadline.cli.tokens import tokens
from leadline.cli.users import users
from leadline.database import DatabaseTooNew
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. Exits with 1 and one line on standard error when it cannot be done."""
    from leadline.app import DataInUse
    from leadline.warehouse import WarehouseInUse, WarehouseTooNew

    try:
        cli(arguments)
    except ValidationError as error:
        _fail(describe_settings_error(error))
    except (SitesError, AccessError, DatabaseTooNew) as error:
        _fail(str(error))
    except (DataInUse, WarehouseInUse, WarehouseTooNew) as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))


def _fail(message: str) -> None:
    print(f"leadline: {message}", file=sys.stderr)
    raise SystemExit(1)
