"""`leadline demo`."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from leadline.cli.options import Data, opened
from leadline.clock import utc_now
from leadline.settings import Settings

if TYPE_CHECKING:
    from leadline.demo import Demo

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
BAR = 30
STEPS = 10
"""Without a terminal, so many lines tell how far it is."""


def _is_past(_: object, moment: datetime | None) -> None:
    if moment is not None and not EARLIEST <= _aware(moment) <= utc_now():
        raise ValueError("a moment since the year 2000 that has passed")


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def demo(
    *,
    hits: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=100_000_000))] = 200_000,
    days: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=3650))] = 90,
    sites: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=10_000))] = 3,
    seed: int = 1,
    until: Annotated[datetime | None, Parameter(validator=_is_past)] = None,
    add: Annotated[bool, Parameter(negative=())] = False,
    data: Data = None,
) -> None:
    """Fill a data directory with made-up sites and their traffic, to see what reports look like.

    It also writes demo.json there: what the reports must say. No server may run on the directory.

    Parameters
    ----------
    hits
        How many pageviews and events there are, of all sites together.
    days
        Of how many days, today included.
    sites
        How many sites there are; the first is the largest.
    seed
        Another number makes other traffic; the same one the same, up to the same moment.
    until
        Up to when there are hits, such as 2026-03-10T12:00:00Z; without it, up to now.
    add
        Make the sites even if there are others, as long as these have no hits.
    """
    from leadline.demo import FILE, Plan, fill
    from leadline.logs import configure_logs

    moment = utc_now() if until is None else _aware(until)
    plan = Plan(hits=hits, days=days, sites=sites, seed=seed, until=moment)
    with opened(data) as metadata:
        settings = metadata.settings
        configure_logs(settings.model_copy(update={"log_level": "warning"}))
        made = fill(
            settings,
            metadata.sites,
            metadata.organisation.id,
            plan,
            beside=add,
            progress=_bar(hits) if sys.stderr.isatty() else _lines(hits),
        )
    for site in made.sites:
        print("\t".join((site.code, site.slug, site.timezone, site.currency, site.name)))
    _explain(made, settings, settings.data / FILE)


def _bar(hits: int) -> Callable[[int, datetime], None]:
    """One line that is written again and again."""

    def show(loaded: int, until: datetime) -> None:
        done = "#" * (BAR * loaded // hits)
        end = "\n" if loaded == hits else ""
        line = f"\r[{done:{BAR}}] {loaded:>11,} hits, up to {until:%Y-%m-%d}"
        print(line, end=end, file=sys.stderr, flush=True)

    return show


def _lines(hits: int) -> Callable[[int, datetime], None]:
    told = 0

    def show(loaded: int, until: datetime) -> None:
        nonlocal told
        if loaded * STEPS // hits > told:
            told = loaded * STEPS // hits
            print(f"{loaded:,} hits, up to {until:%Y-%m-%d}", file=sys.stderr, flush=True)

    return show


def _explain(made: "Demo", settings: Settings, file: Path) -> None:
    """What to do next."""
    first, data = made.sites[0], quote(str(settings.data))
    address = settings.public_url or f"http://127.0.0.1:{settings.port}"
    print(
        f"""
What the reports must say is in {file}. Now start a server there:

    leadline serve --data {data}

It prints a link to make the owner's account; then see {address}/sites/{first.slug}
For the APIs make a token, and ask:

    TOKEN=$(leadline token create demo --ability '*' --data {data})
    curl -H "Authorization: Bearer $TOKEN" \\
      "{address}/v1/aggregations?entity=pageview&entity_id={first.code}\\
&aggregates=pageviews,visits&date_grouping=day"
""",
        end="",
        file=sys.stderr,
    )
