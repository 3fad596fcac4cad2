"""The options that commands share, and what they open."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from pydantic import ValidationError

from leadline.access import (
    COMMAND,
    AuditLog,
    Change,
    Organisation,
    Organisations,
    SecondFactors,
    Tokens,
)
from leadline.database import Database
from leadline.settings import Settings
from leadline.sites import Sites

Data = Annotated[
    Path | None,
    Parameter(
        "--data", env_var="LEADLINE_DATA", help="The data directory. [default: ./data]", show=True
    ),
]


def settings_with(**options: Any) -> Settings:
    """The settings of the environment, an option that was given going first."""
    return Settings(**{name: value for name, value in options.items() if value is not None})


def describe_settings_error(error: ValidationError) -> str:
    """Each wrong setting in one line, under the name of its variable."""
    return "; ".join(
        f"LEADLINE_{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}"
        for problem in error.errors()
    )


@dataclass(frozen=True)
class Metadata:
    """The rooms that work without a server; beside a running one they are safe too."""

    settings: Settings
    database: Database
    sites: Sites
    tokens: Tokens
    organisations: Organisations
    second_factors: SecondFactors
    organisation: Organisation


@contextmanager
def opened(data: Path | None, change: Change | None = None) -> Iterator[Metadata]:
    """With a `change` what is changed inside has an entry in the audit log."""
    settings = settings_with(data=data)
    database = Database(settings.metadata)
    try:
        organisations = Organisations(database)
        first = organisations.first()
        metadata = Metadata(
            settings,
            database,
            Sites(database),
            Tokens(database),
            organisations,
            SecondFactors(database),
            first,
        )
        audit = AuditLog(database)
        with audit.noting(first.id, COMMAND, change) if change else nullcontext():
            yield metadata
    finally:
        database.close()
