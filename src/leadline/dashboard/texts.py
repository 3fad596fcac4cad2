"""Every sentence of the pages in the reader's language, and numbers and dates as it writes them.

The sentences are in `texts/LANGUAGE/*.ftl`, a file for each subject, in the syntax of Fluent.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import negotiate_locale
from babel.dates import format_interval, format_skeleton, get_day_names
from babel.lists import format_list
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
)
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Junk
from markupsafe import Markup, escape

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Each in its own words. The first is spoken to whoever asks for none of them."""

MINUS = "\N{MINUS SIGN}"

_LOCALES = {"en": Locale("en", "GB"), "de": Locale("de")}
_ASKED = re.compile(
    r"\s*([a-z]{1,8}(?:-[a-z\d]{1,8})*)\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", re.ASCII | re.I
)
_MARK = re.compile("\ue000([a-z_]+)\ue001")

Argument = str | int


class TextError(Exception):
    """There is no such text, or it needs an argument that it was not given."""


@dataclass(frozen=True)
class Texts:
    """What a page says in one of `LANGUAGES`. Raises `TextError`."""

    language: str

    @property
    def _locale(self) -> Locale:
        return _LOCALES[self.language]

    # Sentences

    def __call__(self, key: str, /, **arguments: Argument) -> str:
        """The text of this key, which is no markup; numbers come as the language writes them."""
        return self._filled(key, arguments, str)

    def html(self, key: str, /, **arguments: Argument) -> Markup:
        """A text that has markup of its own. Arguments are text, unless they are `Markup`."""
        return Markup(self._filled(key, arguments, escape))

    def _filled(
        self, key: str, arguments: Mapping[str, Argument], write: Callable[[Argument], str]
    ) -> str:
        numbers = {name: value for name, value in arguments.items() if isinstance(value, int)}
        frame = _frame(self.language, key, tuple(arguments), tuple(numbers.items()))
        return _MARK.sub(lambda mark: write(arguments[mark[1]]), frame) if arguments else frame

    def list(self, items: Sequence[str]) -> str:
        """One after the other, with an “and” before the last."""
        return format_list(items, locale=self._locale)

    # Numbers

    def count(self, number: int) -> str:
        return _count(self._locale, number)

    def compact(self, number: int) -> str:
        """In few characters, as for an axis: 12.3K."""
        return format_compact_decimal(number, locale=self._locale, fraction_digits=1)

    def decimal(self, number: float | Decimal, digits: int = 1) -> str:
        """With exactly so many digits after the point."""
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return format_decimal(number, pattern, locale=self._locale)

    def percent(self, share: float, digits: int = 0) -> str:
        """Of a share from 0 to 1."""
        pattern = _percent_pattern(self._locale, digits)
        return format_percent(share, pattern, locale=self._locale)

    def change(self, share: float) -> str:
        """By which part something is more, or less: +12%. A hundredfold is enough to say."""
        percents = format_percent(min(share, 99.99), f"+#,##0%;{MINUS}#,##0%", locale=self._locale)
        return percents.lstrip("+" + MINUS) if round(share, 2) == 0 else percents

    def money(self, amount: float | Decimal, currency: str) -> str:
        """`currency` is the code of ISO 4217."""
        return format_currency(amount, currency, locale=self._locale)

    def duration(self, seconds: float) -> str:
        """In whole seconds, and hours and minutes if it has any: 1m 23s."""
        minutes, seconds = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        if hours:
            return self("duration-hours", hours=hours, minutes=minutes)
        if minutes:
            return self("duration-minutes", minutes=minutes, seconds=int(seconds))
        return self("duration-seconds", seconds=int(seconds))

    # Dates

    def day(self, day: date) -> str:
        """Without its year: 10 Mar."""
        return _date(self._locale, "MMMd", day)

    def days(self, first: date, last: date) -> str:
        """From one day to another: 3 – 10 Mar 2026."""
        return format_interval(first, last, "yMMMd", locale=self._locale)

    def month(self, day: date) -> str:
        """The month of the day, with its year: March 2026."""
        return _date(self._locale, "yMMMM", day)

    def weekday(self, number: int) -> str:
        """0 is Monday."""
        return str(get_day_names("wide", "stand-alone", self._locale)[number])

    def moment(self, when: datetime, timezone: str = "UTC") -> str:
        """To the minute, as the clocks of the zone show it; written alike in every language."""
        local = when.astimezone(ZoneInfo(timezone) if timezone != "UTC" else UTC)
        return f"{local:%Y-%m-%d %H:%M}"

    # Names

    def country(self, code: str) -> str:
        """Of a code of ISO 3166-1; the code itself if that is no country's."""
        return str(self._locale.territories.get(code.upper(), code))

    @cached_property
    def countries(self) -> Mapping[str, str]:
        """Their names by their codes."""
        names = self._locale.territories.items()
        return {code: str(name) for code, name in names if len(code) == 2}

    def currency(self, code: str) -> str:
        """Of a code of ISO 4217; the code itself if that is no currency's."""
        return str(self._locale.currencies.get(code.upper(), code))


def texts_for(accept_language: str | None, chosen: str | None) -> Texts:
    """In the language that somebody has chosen, else in the one that their browser likes best."""
    if chosen in LANGUAGES:
        return Texts(chosen)
    liked = _by_liking(accept_language or "")
    return Texts(negotiate_locale(liked, list(LANGUAGES), sep="-") or next(iter(LANGUAGES)))


def _by_liking(accept_language: str) -> list[str]:
    """The languages of the header, without what is no language."""
    asked = [_ASKED.fullmatch(part) for part in accept_language.split(",")]
    liked = [(float(found[2] or 1), found[1]) for found in asked if found]
    return [name.lower() for weight, name in sorted(liked, key=lambda each: -each[0]) if weight]


@cache
def bundle(language: str) -> FluentBundle:
    """All texts of a language. Raises `TextError` for one that cannot be read."""
    read = FluentBundle([str(_LOCALES[language])], use_isolating=False)
    folder = resources.files("leadline.dashboard") / "texts" / language
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        resource = FluentResource(file.read_text("utf-8"))
        for entry in resource.body:
            if isinstance(entry, Junk):
                raise TextError(f"{language}/{file.name}: {entry.content}")
        read.add_resource(resource)
    return read


@lru_cache(maxsize=8192)
def _frame(
    language: str, key: str, names: tuple[str, ...], numbers: tuple[tuple[str, int], ...]
) -> str:
    """A text with its numbers in it, and marks where the other arguments go.

    What others wrote never gets into Fluent, which has a limit on its length.
    """
    try:
        pattern = bundle(language).get_message(key).value
    except LookupError:
        raise TextError(f"There is no text {key}") from None
    marks = {name: f"\ue000{name}\ue001" for name in names}
    assert pattern is not None
    frame, errors = bundle(language).format_pattern(pattern, marks | dict(numbers))
    if errors:
        raise TextError(f"{key}: {errors[0]}")
    return str(frame)


@lru_cache(maxsize=8192)
def _count(locale: Locale, number: int) -> str:
    return format_decimal(number, locale=locale)


@lru_cache(maxsize=1024)
def _date(locale: Locale, skeleton: str, day: date) -> str:
    return format_skeleton(skeleton, day, locale=locale)


@cache
def _percent_pattern(locale: Locale, digits: int) -> str:
    pattern: str = locale.percent_formats[None].pattern
    return pattern.replace("0", "0." + "0" * digits) if digits else pattern
