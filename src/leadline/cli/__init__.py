"""What an operator types: `leadline serve`, `token`, `site`, `doctor`, `backup` and others."""

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from leadline import __version__
from leadline.cli.backup import backup, restore
from leadline.cli.demo import demo
from leadline.cli.doctor import doctor
from leadline.cli.export import export
from leadline.cli.mail import mail
from leadline.cli.mcp import mcp
from leadline.cli.serve import serve
from leadline.cli.sites import sites
from leadline.cli.tokens import tokens
from leadline.cli.users import users

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
    try:
        cli(arguments, print_error=False, exit_on_error=False)
    except KeyboardInterrupt:
        _fail("interrupted", code=130)
    except Exception as error:
        from leadline.cli.failures import said_of

        said = said_of(error)
        if said is None:
            raise
        _fail(said, code=2 if isinstance(error, CycloptsError) else 1)


def _fail(message: str, code: int = 1) -> None:
    line = " ".join(message.split()).encode("utf-8", "backslashreplace").decode()
    print(f"leadline: {line}", file=sys.stderr)
    raise SystemExit(code)
