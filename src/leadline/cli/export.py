"""`leadline export`."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from leadline.cli.options import Data, opened

Wanted = Literal["parquet", "csv", "jsonl"]


def export(
    site: str,
    *,
    format: Annotated[Wanted, Parameter("--format")] = "csv",
    since: date | None = None,
    until: date | None = None,
    output: Annotated[str, Parameter(allow_leading_hyphen=True)] = "-",
    data: Data = None,
) -> None:
    """Write the hits of a site into one file. The server may run.

    Parameters
    ----------
    site
        The code or the slug.
    format
        parquet, csv or jsonl.
    since
        The first day, such as 2026-03-10, in the site's time zone; without it, that of the first
        hit.
    until
        The last day; without it, today.
    output
        The file to write; one that is there is replaced, once the new one is whole. `-` is standard
        output.
    """
    from leadline.export import Format
    from leadline.export import export as write

    with opened(data) as metadata:
        found = metadata.sites.get(metadata.organisation.id, site)
        target = None if output == "-" else Path(output)
        write(metadata.settings, found, Format(format), target, since, until)
