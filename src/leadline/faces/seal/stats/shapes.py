"""What answers about hits have in common: envelopes, rows whose fields depend on the question."""

from collections.abc import Mapping
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field, create_model

from leadline.faces.endpoint import Answer
from leadline.faces.seal.shapes import present
from leadline.faces.seal.stats.periods import count
from leadline.reports import Days

Of = TypeVar("Of")

MONEY_TEXT = r"^-?\d+\.\d\d$"


class DateRange(Answer):
    start_date: str = Field(examples=["2026-03-01"])
    end_date: str = Field(examples=["2026-03-30"])
    days: int

    @classmethod
    def of(cls, days: Days) -> "DateRange":
        first, last = map(str, days)
        return cls(start_date=first, end_date=last, days=count(days))


def sometimes(description: str) -> Any:
    """A field that is not there where it is None."""
    return Field(default=None, description=description, exclude_if=_is_none)


def _is_none(value: object) -> bool:
    return value is None


class Totals(Answer):
    """What everything that was asked about adds up to, in the figures of the rows."""

    entrances: int | None = sometimes("Visits that began.")
    engaged_entrances: int | None = sometimes("Of those, visits with a second pageview.")
    bounces: int | None = sometimes("The others.")
    bounce_rate: float | None = sometimes("In percent.")
    page_views: int | None = sometimes("Pages that were seen.")
    microconversions: int | None = sometimes("Each of them.")
    conversions: int | None = sometimes("Each of them.")
    conversion_rate: float | None = sometimes("In percent, 100 at most.")
    count: int | None = sometimes("Events.")
    revenue: str | float | None = sometimes("As the rows have it.")


class Before(Totals):
    """The same of the days before."""

    date_range: DateRange


class Paginated(Answer, Generic[Of]):
    success: Literal[True] = True
    data: list[Of]
    total: int = Field(description="Rows on all pages.")
    page: int
    page_size: int
    has_next: bool
    has_prev: bool
    comparison: Before | None = Field(default=None, description="With `compare`.")
    totals: Totals | None = Field(default=None, description="With `include_totals`.")
    timestamp: str = Field(default_factory=present)


def paginated(
    rows: list[Any],
    total: int,
    asked: Any,
    totals: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    other: Days | None = None,
) -> Paginated[Any]:
    """An answer of one page; `before` are the totals of the `other` days."""
    return Paginated(
        data=rows,
        total=total,
        page=asked.page,
        page_size=asked.page_size,
        has_next=asked.page * asked.page_size < total,
        has_prev=asked.page > 1,
        comparison=Before(date_range=DateRange.of(other), **before) if other and before else None,
        totals=Totals(**totals) if totals and asked.include_totals else None,
    )


def row_shape(name: str, fields: Mapping[str, Any]) -> type[BaseModel]:
    """A shape with these fields, each a type or a type with its `Field`."""
    given: dict[str, Any] = {
        field: kind if isinstance(kind, tuple) else (kind, ...) for field, kind in fields.items()
    }
    return create_model(name, __base__=Answer, __module__=__name__, **given)
