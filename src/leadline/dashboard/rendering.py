"""The templates of the pages: what they may use beyond what a handler gives them."""

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from leadline import __version__
from leadline.dashboard.static import asset_url


def render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("leadline.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"asset": asset_url, "version": __version__}
    environment.filters |= {"moment": moment, "day": day, "count": count}
    return environment


def moment(when: datetime, timezone: str = "UTC") -> str:
    """A moment to the minute, as the clocks of the zone show it."""
    local = when.astimezone(ZoneInfo(timezone) if timezone != "UTC" else UTC)
    return f"{local:%Y-%m-%d %H:%M}"


def day(day: date) -> str:
    return f"{day.day} {day:%b}"


def count(number: int) -> str:
    """A number with a narrow space between its thousands."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
