"""A map of the world whose countries are the darker the more came from there.

The outlines are in `assets/world.svg`, which `web/world.mjs` makes: each under the code of its
country, and all together as `land`.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 2000, 883
SHADES = 6
"""Besides shade 0, of the land from which nothing came."""


class Country(NamedTuple):
    """`address` leads to what is shown of this country alone."""

    code: str
    name: str
    value: str
    shade: int
    address: str


class Shade(NamedTuple):
    """A line of the legend: a shade, and the least that it stands for."""

    shade: int
    text: str


class WorldMap(NamedTuple):
    """Countries with a value, the greatest first."""

    countries: tuple[Country, ...]
    legend: tuple[Shade, ...]
    width: int = WIDTH
    height: int = HEIGHT


def world_map(
    values: Mapping[str, int],
    *,
    name: Callable[[str], str],
    address: Callable[[str], str],
    text: Callable[[int], str] = str,
) -> WorldMap:
    """The map of numbers by country, whose codes are those of ISO 3166-1.

    A code of nowhere is not seen. `name`, `text` and `address` say what a country is called, how a
    number is written and where a country leads.
    """
    known = {code: value for code, value in values.items() if value > 0}
    bounds = _bounds(max(known.values(), default=0))
    lightest = SHADES - len(bounds) + 1
    countries = (
        Country(
            code=code,
            name=name(code),
            value=text(value),
            shade=lightest + bisect_right(bounds, value) - 1,
            address=address(code),
        )
        for code, value in sorted(known.items(), key=lambda each: (-each[1], each[0]))
    )
    legend = (Shade(lightest + index, text(bound)) for index, bound in enumerate(bounds))
    return WorldMap(tuple(countries), tuple(legend))


def _bounds(top: int) -> Sequence[int]:
    """From where on each shade holds: round numbers as far from each other as factors go."""
    if top == 0:
        return []
    return sorted({_rounded_down(round(top ** (step / SHADES))) for step in range(SHADES)})


def _rounded_down(number: int) -> int:
    power: int = 10 ** (len(str(number)) - 1)
    return number // power * power
