"""What every question about hits may say: of which site, when, beside when, of which hits."""

import re
from datetime import date
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from leadline.faces.endpoint import Call
from leadline.faces.seal.errors import InvalidRequest
from leadline.faces.seal.segments import segment_condition
from leadline.faces.seal.stats.filters import OF_ANY_PAGE, Moved, conditions_of
from leadline.faces.seal.stats.periods import PRESETS, Compare, compared, days_of
from leadline.reports import Condition, Days, Period
from leadline.sites import Site

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
COUNTRY = r"^(?:[A-Za-z]{2}|[Uu][Nn][Kk][Nn][Oo][Ww][Nn])$"


def _only_date(value: Any) -> Any:
    if isinstance(value, str) and not _DATE.fullmatch(value):
        raise PydanticCustomError("date_parsing", "Input should be a date as in 2026-03-31")
    return value


Day = Annotated[date, BeforeValidator(_only_date)]


def _country(text: str) -> str:
    return text.capitalize() if len(text) > 2 else text.upper()


Country = Annotated[str, Field(pattern=COUNTRY), AfterValidator(_country)]


def _without_nulls(schema: dict[str, Any]) -> None:
    """A query has none: what is not said is left out."""
    for rules in schema["properties"].values():
        choices = [each for each in rules.pop("anyOf", ()) if each != {"type": "null"}]
        rules.update(*choices)
        if "default" in rules and rules["default"] is None:
            del rules["default"]


class OfSite(BaseModel):
    model_config = ConfigDict(json_schema_extra=_without_nulls)

    site_id: str | None = Field(default=None, description="The site's slug or tracking code.")
    account_id: str | None = Field(default=None, description="The same; one of both is needed.")


class OfPeriod(OfSite):
    period: str | None = Field(
        default=None,
        description=f"One of {', '.join(PRESETS)}. It goes before dates; without any it is 30d.",
    )
    start_date: Day | None = Field(default=None, description="A day of the site's time zone.")
    end_date: Day | None = Field(default=None, description="The last day, itself in.")


class Comparing(BaseModel):
    compare: Compare | None = Field(
        default=None, description="`previous` for the days just before, `yoy` for last year's."
    )


def _of_field(what: str) -> Any:
    return Field(default_factory=list, description=f"{what}; one of several, if repeated.")


class Narrowed(OfPeriod):
    """Of which hits."""

    filters: str | None = Field(
        default=None,
        description=(
            "`field:operator:value`, with commas between several, which all have to fit. Fields:"
            " utm_source, utm_medium, utm_campaign, utm_term, utm_content, country, device_type,"
            " browser, os, path, referrer. Operators: eq, ne, contains, not_contains, regex,"
            " not_regex, in, not_in; the last two take values with `|` between them."
        ),
    )
    country: list[Country] = _of_field("ISO 3166-1 alpha-2, or `Unknown`")
    utm_source: list[str] = _of_field("A source")
    utm_medium: list[str] = _of_field("A medium")
    utm_campaign: list[str] = _of_field("A campaign")
    utm_term: list[str] = _of_field("A term")
    utm_content: list[str] = _of_field("A content")
    device_type: list[str] = _of_field("A type of device")
    browser: list[str] = _of_field("A browser")
    os: list[str] = _of_field("An operating system")
    channel_group: list[str] = _of_field("A channel")
    segment: str | None = Field(default=None, description="The id or the name of a segment.")


class OnPages(Narrowed):
    content_grouping: list[str] = _of_field("A content group")


class OnLanding(Narrowed):
    landing_page: list[str] = _of_field("The page on which a visit began")


class Scope(NamedTuple):
    """A question understood: `other` are the days beside, if there are any."""

    site: Site
    days: Days
    other: Days | None = None
    filters: tuple[Condition, ...] = ()

    @property
    def period(self) -> Period:
        return self.days.period(self.site.timezone)

    @property
    def other_period(self) -> Period | None:
        return None if self.other is None else self.other.period(self.site.timezone)


def site_asked(call: Call, asked: OfSite) -> Site:
    """Raises `InvalidRequest`, and what tells that the token may not read it."""
    name = asked.site_id or asked.account_id
    if not name:
        raise InvalidRequest.one("query.site_id", "Field required", "missing")
    return call.readable(name)


def today(call: Call, site: Site) -> date:
    return call.services.reports.now().astimezone(ZoneInfo(site.timezone)).date()


def scope_of(call: Call, asked: OfPeriod, moved: Moved = OF_ANY_PAGE) -> Scope:
    """Raises `BadRequest`, `InvalidRequest`, `SavedNotFound`."""
    site = site_asked(call, asked)
    days = days_of(asked.period, asked.start_date, asked.end_date, today(call, site))
    other = compared(days, getattr(asked, "compare", None), asked.period)
    filters = filters_asked(call, asked, site, moved) if isinstance(asked, Narrowed) else ()
    return Scope(site, days, other, filters)


def filters_asked(
    call: Call, asked: Narrowed, site: Site, moved: Moved = OF_ANY_PAGE
) -> tuple[Condition, ...]:
    segments = call.services.segments
    segment = segment_condition(segments, site, asked.segment) if asked.segment else None
    parameters = {name: value for name, value in asked if isinstance(value, list)}
    return conditions_of(call.services.reports, asked.filters, parameters, segment, moved)
