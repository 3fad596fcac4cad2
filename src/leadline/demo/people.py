"""Who visits: places, languages and browsers, as headers would tell them."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from leadline.demo.wheel import Wheel
from leadline.enrichment import Agent, Place, describe, language_of, screen_class

AT_HOME = 0.5
"""The part of a site's visitors that is from its own country."""

COMBINATIONS = 8192


class Profile(NamedTuple):
    """What is stored of a visitor, in the order of the last fields of a `Hit`."""

    browser: str
    operating_system: str
    device_type: str
    country: str
    region: str
    city: str
    language: str
    screen: str


class Person(NamedTuple):
    timezone: str
    profile: Profile


class _Home(NamedTuple):
    place: Place
    timezone: str
    languages: tuple[bytes, ...]
    weight: float


_HOMES = """
ES|Madrid|Madrid|Europe/Madrid|es-ES es-ES en-GB|6
ES|Catalonia|Barcelona|Europe/Madrid|ca-ES es-ES es-ES en-US|5
ES|Andalusia|Seville|Europe/Madrid|es-ES|3
PT|Lisbon|Lisbon|Europe/Lisbon|pt-PT pt-PT en-GB|3
FR|Île-de-France|Paris|Europe/Paris|fr-FR fr-FR fr-FR en-US|8
FR|Auvergne-Rhône-Alpes|Lyon|Europe/Paris|fr-FR|3
DE|Berlin|Berlin|Europe/Berlin|de-DE de-DE en-US|5
DE|Bavaria|Munich|Europe/Berlin|de-DE|4
DE|Hamburg|Hamburg|Europe/Berlin|de-DE|3
AT|Vienna|Vienna|Europe/Vienna|de-AT|2
CH|Zurich|Zurich|Europe/Zurich|de-CH de-CH fr-CH en-US|2
IT|Lombardy|Milan|Europe/Rome|it-IT|4
IT|Lazio|Rome|Europe/Rome|it-IT|3
NL|North Holland|Amsterdam|Europe/Amsterdam|nl-NL nl-NL en-US|4
BE|Brussels Capital|Brussels|Europe/Brussels|fr-BE nl-BE|2
GB|England|London|Europe/London|en-GB|9
GB|England|Manchester|Europe/London|en-GB|4
GB|Scotland|Edinburgh|Europe/London|en-GB|2
IE|Leinster|Dublin|Europe/Dublin|en-IE|2
SE|Stockholm County|Stockholm|Europe/Stockholm|sv-SE sv-SE en-US|2
PL|Mazovia|Warsaw|Europe/Warsaw|pl-PL|3
US|New York|New York|America/New_York|en-US en-US en-US es-US|10
US|California|San Francisco|America/Los_Angeles|en-US en-US zh-CN|7
US|California|Los Angeles|America/Los_Angeles|en-US es-US|6
US|Texas|Austin|America/Chicago|en-US|5
US|Illinois|Chicago|America/Chicago|en-US|4
US|Washington|Seattle|America/Los_Angeles|en-US|4
CA|Ontario|Toronto|America/Toronto|en-CA|4
CA|Quebec|Montreal|America/Toronto|fr-CA fr-CA en-CA|2
MX|Mexico City|Mexico City|America/Mexico_City|es-MX|5
AR|Buenos Aires F.D.|Buenos Aires|America/Argentina/Buenos_Aires|es-AR|3
BR|São Paulo|São Paulo|America/Sao_Paulo|pt-BR|6
BR|Rio de Janeiro|Rio de Janeiro|America/Sao_Paulo|pt-BR|3
CL|Santiago Metropolitan|Santiago|America/Santiago|es-CL|2
CO|Bogota D.C.|Bogotá|America/Bogota|es-CO|2
IN|Karnataka|Bengaluru|Asia/Kolkata|en-IN en-IN hi-IN|6
IN|Maharashtra|Mumbai|Asia/Kolkata|en-IN hi-IN mr-IN|5
JP|Tokyo|Tokyo|Asia/Tokyo|ja-JP|6
JP|Osaka|Osaka|Asia/Tokyo|ja-JP|3
KR|Seoul|Seoul|Asia/Seoul|ko-KR|2
SG||Singapore|Asia/Singapore|en-SG zh-SG|2
AU|New South Wales|Sydney|Australia/Sydney|en-AU|4
AU|South Australia|Adelaide|Australia/Adelaide|en-AU|2
NZ|Auckland|Auckland|Pacific/Auckland|en-NZ|1
ZA|Gauteng|Johannesburg|Africa/Johannesburg|en-ZA|1
NG|Lagos|Lagos|Africa/Lagos|en-NG|1
UA|Kyiv City|Kyiv|Europe/Kyiv|uk-UA|1
TR|Istanbul|Istanbul|Europe/Istanbul|tr-TR|2
"""

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64"
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)"
_ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"

AGENTS: tuple[tuple[str, bytes, float], ...] = (
    (f"{_WINDOWS}) {_WEBKIT} Chrome/142.0.0.0 Safari/537.36", b"1536", 13),
    (f"{_WINDOWS}) {_WEBKIT} Chrome/141.0.0.0 Safari/537.36", b"1263", 7),
    (f"{_WINDOWS}) {_WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", b"1905", 7),
    (f"{_WINDOWS}; rv:145.0) Gecko/20100101 Firefox/145.0", b"", 3),
    (f"{_WINDOWS}) {_WEBKIT} Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0", b"1366", 1),
    (f"{_MAC}_15_7) {_APPLE} Version/18.6 Safari/605.1.15", b"", 8),
    (f"{_MAC}_15_7) {_WEBKIT} Chrome/142.0.0.0 Safari/537.36", b"1425", 7),
    (f"{_MAC}.15; rv:145.0) Gecko/20100101 Firefox/145.0", b"", 1),
    (f"Mozilla/5.0 (X11; Linux x86_64) {_WEBKIT} Chrome/142.0.0.0 Safari/537.36", b"1728", 2),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", b"", 2),
    (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_WEBKIT} Chrome/142.0.0.0 Safari/537.36",
     b"1366", 1),
    (f"{_IPHONE} {_APPLE} Version/18.6 Mobile/15E148 Safari/604.1", b"", 21),
    (f"{_IPHONE} {_APPLE} CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1", b"", 3),
    (f"{_ANDROID} {_WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36", b"412", 17),
    (f"{_ANDROID} {_WEBKIT} Chrome/141.0.0.0 Mobile Safari/537.36", b"360", 6),
    (f"{_ANDROID} {_WEBKIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
     b"384", 4),
    ("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", b"", 1),
    (f"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) {_APPLE} Version/18.6 Mobile/15E148"
     " Safari/604.1", b"", 3),
    (f"Mozilla/5.0 (Linux; Android 14; SM-X710) {_WEBKIT} Chrome/142.0.0.0 Safari/537.36",
     b"800", 1),
)  # fmt: skip
"""A User-Agent, the width that goes with it where a browser tells it, and how common that is."""


class People:
    """Visitors of sites in any country; those of one country are mixed once."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._homes = tuple(_homes())
        self._agents = tuple((describe(agent.encode()), width) for agent, width, _ in AGENTS)
        self._mixed: dict[str, Wheel[Person]] = {}

    def near(self, country: str) -> Wheel[Person]:
        """Visitors of a site that is at home in this country."""
        if country not in self._mixed:
            self._mixed[country] = self._mix(country)
        return self._mixed[country]

    def _mix(self, country: str) -> Wheel[Person]:
        homes = self._chance.choices(self._homes, self._weights(country), k=COMBINATIONS)
        weights = [weight for *_, weight in AGENTS]
        agents = self._chance.choices(self._agents, weights, k=COMBINATIONS)
        people = [
            _person(home, self._chance.choice(home.languages), agent, width)
            for home, (agent, width) in zip(homes, agents, strict=True)
        ]
        return Wheel(self._chance, people, [1.0] * COMBINATIONS, size=COMBINATIONS)

    def _weights(self, country: str) -> list[float]:
        """Of the homes, `AT_HOME` of all for those in this country."""
        near = [home.place.country == country for home in self._homes]
        weights = [home.weight for home in self._homes]
        at_home = sum(weight for weight, is_near in zip(weights, near, strict=True) if is_near)
        away = sum(weights) - at_home
        factor = AT_HOME / (1 - AT_HOME) * away / at_home
        return [
            weight * factor if is_near else weight
            for weight, is_near in zip(weights, near, strict=True)
        ]


def _person(home: _Home, language: bytes, agent: Agent, width: bytes) -> Person:
    profile = Profile(
        agent.browser,
        agent.operating_system,
        agent.device_type,
        *home.place,
        language_of(language),
        screen_class(width) if width else "",
    )
    return Person(home.timezone, profile)


def _homes() -> Iterator[_Home]:
    for line in _HOMES.strip().splitlines():
        country, region, city, timezone, languages, weight = line.split("|")
        spoken = tuple(each.encode() for each in languages.split())
        yield _Home(Place(country, region, city), timezone, spoken, float(weight))
