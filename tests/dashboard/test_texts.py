"""What pages say: complete in every language, and written as each language writes."""

import inspect
import re
from collections import Counter
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from leadline import access, sites
from leadline.access import AccessError, Role
from leadline.alerts import AlertError, InvalidRule, RuleFault
from leadline.dashboard import errors, findings
from leadline.dashboard.texts import LANGUAGES, TextError, Texts, texts_for
from leadline.doctor import Finding, Kind
from leadline.reports import InvalidSaved, SavedError, SavedFault
from leadline.sites import (
    BlockKind,
    BlockRuleFault,
    InvalidBlockRule,
    InvalidShareLink,
    ShareLinkFault,
    Sharing,
    SitesError,
)
from leadline.webhooks import Fault, InvalidWebhook, WebhookError
from tests.dashboard import wording
from tests.dashboard.person import Person, signed_in, text_of
from tests.support import RunningServer

ENGLISH, GERMAN = Texts("en"), Texts("de")
MESSAGES = {language: dict(wording.messages(language)) for language in LANGUAGES}
PLURALS = {"zero", "one", "two", "few", "many", "other"}

UNSEEN = {
    access.InvalidAbility,
    access.InvalidUser,
    access.InvitationOver,
    access.RateLimited,
    access.SecondFactorNeeded,
    access.ShareNotFound,
    access.Unauthenticated,
    access.UserNotFound,
    access.WrongSharePassword,
    sites.EntryIsLive,
    sites.EntryNotFound,
    sites.EntryTaken,
    sites.EventNotFound,
    sites.EventTaken,
    sites.InvalidBlockRule,
    sites.InvalidEntry,
    sites.InvalidShareLink,
    sites.InvalidValue,
    sites.MilestoneNotFound,
    sites.NameTaken,
    sites.NotASiteList,
    sites.OptionRequired,
    sites.Taken,
    sites.TooManyEntries,
    sites.UnknownCursor,
}
"""Errors that no page prints, or in another way."""


# Complete


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_everything_once_with_the_same_arguments(language: str) -> None:
    twice = Counter(key for key, _ in wording.messages(language))
    assert [key for key, times in twice.items() if times > 1] == []
    said = {key: (message.file, message.arguments) for key, message in MESSAGES[language].items()}
    assert said == {key: (text.file, text.arguments) for key, text in MESSAGES["en"].items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_chosen_by_numbers_alone(language: str) -> None:
    """Other arguments are put in afterwards."""
    for key, message in MESSAGES[language].items():
        assert message.cases <= PLURALS, key


def test_every_text_that_is_used_is_there_and_gets_what_it_needs() -> None:
    wrong = [
        use
        for use in wording.uses()
        if use.key not in MESSAGES["en"]
        or use.arguments not in (None, MESSAGES["en"][use.key].arguments)
    ]
    assert wrong == []


def test_every_text_is_used() -> None:
    named, patterns = wording.named(), wording.patterns()
    used = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    named |= {f"{key}-text" for key in named}
    unused = [key for key in MESSAGES["en"] if key not in named and not used.fullmatch(key)]
    assert unused == []
    for pattern in patterns:
        assert any(re.fullmatch(pattern, key) for key in MESSAGES["en"]), pattern


@pytest.mark.parametrize("template", wording.TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_by_itself(template: Path) -> None:
    assert wording.words_outside_of_texts(template) <= {"Leadline", "example", "com"}


@pytest.mark.parametrize("texts", [ENGLISH, GERMAN], ids=lambda texts: texts.language)
def test_there_is_a_text_for_each_choice(texts: Texts) -> None:
    keys = chain(
        (f"role-{role}" for role in Role),
        (f"rule-{kind}" for kind in BlockKind),
        (f"block-{kind}" for kind in BlockKind),
        (f"site-sharing-{sharing}" for sharing in Sharing),
        (f"fact-sharing-{sharing}" for sharing in Sharing),
    )
    assert all(map(texts, keys))


# What rooms say


def errors_of(base: type[Exception]) -> set[type[Exception]]:
    found = set(base.__subclasses__())
    return found.union(*map(errors_of, found))


def test_every_error_that_a_page_may_print_has_a_text() -> None:
    rooms = (AccessError, SitesError, SavedError, AlertError, WebhookError)
    known = set(chain.from_iterable(map(errors_of, rooms)))
    ours = {error for error in known if error.__module__.startswith("leadline.")}
    with_a_fault = {InvalidSaved, InvalidRule, InvalidWebhook}
    assert ours - set(errors.KEYS) - with_a_fault == UNSEEN


def made(error: type[Exception]) -> Any:
    needed = inspect.signature(error).parameters.values()
    return error(*["x" for each in needed if each.default is inspect.Parameter.empty])


@pytest.mark.parametrize("error", errors.KEYS, ids=lambda error: error.__name__)
def test_an_error_is_in_the_words_of_its_room(error: type[Exception]) -> None:
    example = made(error)
    assert errors.said(GERMAN, example) != errors.said(ENGLISH, example)
    if str(example):
        assert errors.said(ENGLISH, example) == f"{example}."


@pytest.mark.parametrize(
    "example",
    [
        *(InvalidBlockRule(fault, 17) for fault in BlockRuleFault),
        *(InvalidShareLink(fault, 17) for fault in ShareLinkFault),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_part_is_in_the_words_of_its_room(example: SitesError) -> None:
    assert errors.said(ENGLISH, example) == f"{example}."
    assert errors.said(GERMAN, example) != f"{example}."


@pytest.mark.parametrize("fault", SavedFault)
@pytest.mark.parametrize("step", [None, 2])
def test_what_is_wrong_with_what_is_saved(fault: SavedFault, step: int | None) -> None:
    example = InvalidSaved("name", fault, "1 to 17", step=step)
    assert errors.said(ENGLISH, example) == f"{example}."
    assert errors.said(GERMAN, example) != f"{example}."


@pytest.mark.parametrize("fault", ShareLinkFault)
def test_what_is_wrong_with_a_link_is_in_the_words_of_its_room(fault: ShareLinkFault) -> None:
    example = InvalidShareLink(fault, 17)
    assert errors.said(ENGLISH, example) == f"{example}."
    assert errors.said(GERMAN, example) != f"{example}."


@pytest.mark.parametrize(
    "example",
    [
        *(InvalidRule("name", fault) for fault in RuleFault),
        *(InvalidWebhook("name", fault) for fault in Fault),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_rule_or_a_webhook(example: errors.Refusal) -> None:
    assert errors.said(GERMAN, example) != errors.said(ENGLISH, example)


def test_an_error_without_a_text_is_printed_as_it_is() -> None:
    assert errors.said(GERMAN, sites.UnknownCursor("x")) == "Nothing here has the id x."


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_a_finding_is_in_the_words_of_the_doctor(kind: Kind) -> None:
    about = {name: name.upper() for name in re.findall(r"\{(\w+)\}", kind.words)}
    finding = Finding(kind, about)
    assert findings.sentence(ENGLISH, finding) == finding.sentence
    said = findings.sentence(GERMAN, finding)
    assert said != finding.sentence
    assert all(about[name] in said for name in about)


def test_what_the_doctor_calls_things_is_translated_too() -> None:
    finding = Finding(Kind.WITHHELD, {"wire": "Fathom’s script", "manager": "a consent manager"})
    assert findings.sentence(ENGLISH, finding) == finding.sentence
    said = findings.sentence(GERMAN, finding)
    assert said.startswith("Ein Consent-Manager (unbekannt) hält das Skript von Fathom zurück")
    two = Finding(Kind.TWO_NAMES, {"wire": "SealMetrics’ script", "names": "ABCDE and acme"})
    assert findings.sentence(ENGLISH, two) == two.sentence
    assert "ABCDE und acme" in findings.sentence(GERMAN, two)


# Arguments


@given(st.text(max_size=3000))
def test_an_argument_stays_what_it_is(text: str) -> None:
    assert ENGLISH("signed-in-as", email=text) == f"Signed in as {text}"
    assert ENGLISH.html("signed-in-as", email=text) == f"Signed in as {Markup.escape(text)}"


def test_an_argument_is_not_read_as_a_place_for_another() -> None:
    text = "\ue000hours\ue001"
    assert text in ENGLISH("mapping-taken", about=text)


def test_markup_is_the_texts_own() -> None:
    said = ENGLISH.html("new-token-text", name="<i>")
    assert "<b>&lt;i&gt;</b>" in said
    assert "<b><i>x</i></b>" in ENGLISH.html("new-token-text", name=Markup("<i>x</i>"))


def test_what_is_missing_is_an_error() -> None:
    with pytest.raises(TextError, match="no text no-such-key"):
        ENGLISH("no-such-key")
    with pytest.raises(TextError, match="email"):
        ENGLISH("signed-in-as")
    with pytest.raises(TextError, match="email"):
        ENGLISH("signed-in-as", name="x")


def test_numbers_choose_their_words() -> None:
    assert ENGLISH("hits-not-counted", count=1).startswith("1 hit of")
    assert ENGLISH("hits-not-counted", count=1234).startswith("1,234 hits of")
    assert GERMAN("domain-and-more", domain="a.b", more=1) == "a.b und eine weitere"
    assert GERMAN("domain-and-more", domain="a.b", more=1234) == "a.b und 1.234 weitere"


# Numbers, dates, names


def test_numbers_are_written_as_the_language_does() -> None:
    def written(texts: Texts) -> list[str]:
        return [
            texts.count(1234567),
            texts.compact(1234567),
            texts.decimal(1234.567, 2),
            texts.decimal(1234.567, 0),
            texts.percent(0.1234),
            texts.percent(0.1234, 1),
            texts.money(1234.5, "EUR"),
            texts.duration(7),
            texts.duration(83.4),
            texts.duration(3723),
        ]

    assert written(ENGLISH) == [
        *("1,234,567", "1.2M", "1,234.57", "1,235", "12%", "12.3%", "€1,234.50"),
        *("7s", "1m 23s", "1h 2m"),
    ]
    assert [text.replace("\xa0", " ") for text in written(GERMAN)] == [
        *("1.234.567", "1,2 Mio.", "1.234,57", "1.235", "12 %", "12,3 %", "1.234,50 €"),
        *("7 s", "1 min 23 s", "1 h 2 min"),
    ]


def test_dates_and_names_are_written_as_the_language_does() -> None:
    day = date(2026, 3, 10)

    def written(texts: Texts) -> list[str]:
        names = [texts.country("de"), texts.country("?"), texts.currency("USD")]
        return [texts.day(day), texts.month(day), texts.weekday(day.weekday()), *names]

    assert written(ENGLISH) == ["10 Mar", "March 2026", "Tuesday", "Germany", "?", "US Dollar"]
    assert written(GERMAN) == ["10. März", "März 2026", "Dienstag", "Deutschland", "?", "US-Dollar"]
    when = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    for texts in (ENGLISH, GERMAN):
        assert texts.moment(when) == "2026-03-10 23:30"
        assert texts.moment(when, "Europe/Berlin") == "2026-03-11 00:30"


# Which language


@pytest.mark.parametrize(
    ("asked", "chosen", "language"),
    [
        (None, None, "en"),
        ("", None, "en"),
        ("de", None, "de"),
        ("de-AT,de;q=0.9,en;q=0.8", None, "de"),
        ("DE-ch", None, "de"),
        ("en-US,en;q=0.9,de;q=0.8", None, "en"),
        ("en;q=0.5, de;q=0.7", None, "de"),
        ("fr, de;q=0.8, *;q=0.1", None, "de"),
        ("fr,*", None, "en"),
        ("de;q=0, en", None, "en"),
        ("de;q=x, ;;, de;q=9", None, "en"),
        ("de", "en", "en"),
        ("en", "de", "de"),
        ("de", "fr", "de"),
        ("de", "", "de"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_one_that_is_liked(
    asked: str | None, chosen: str | None, language: str
) -> None:
    assert texts_for(asked, chosen) == Texts(language)


@given(st.text(), st.none() | st.text())
def test_whatever_is_asked_for_there_is_a_language(asked: str, chosen: str | None) -> None:
    assert texts_for(asked, chosen).language in LANGUAGES


# Pages


def in_german(server: RunningServer) -> Person:
    person = signed_in(server, Role.OWNER)
    person.client.headers["Accept-Language"] = "de-DE,de;q=0.9"
    return person


def test_pages_speak_the_language_of_the_browser(server: RunningServer) -> None:
    owner, site = in_german(server), server.site("Acme", domains=("example.com",))
    for path, said in (
        ("/sites", "Websites, die älteste zuerst"),
        ("/sites/new", "Website hinzufügen"),
        (f"/sites/{site.slug}", "In die Seiten einbauen"),
        (f"/sites/{site.slug}/edit", "Acme bearbeiten"),
        (f"/sites/{site.slug}/check", "Ist es eingebaut?"),
        (f"/sites/{site.slug}/delete", "Acme löschen?"),
        ("/tokens", "Token anlegen"),
        ("/account", "Passwort ändern"),
    ):
        answer = owner.get(path)
        assert '<html lang="de">' in answer.text, path
        assert said in text_of(answer)
    assert "Deutschland" in owner.get("/sites/new").text
    assert "Unter dieser Adresse gibt es nichts." in text_of(owner.get("/nothing"))
    missing = owner.get("/sites/no.such.site")
    assert "Website nicht gefunden: no.such.site." in text_of(missing)
    wrong = owner.send("/sites/new", name="x", timezone="Mars", currency="EUR", sharing="none")
    assert "Keine Zeitzone der IANA: Mars." in text_of(wrong)


def test_a_language_that_was_chosen_stays(server: RunningServer) -> None:
    person = in_german(server)
    answer = person.send("/account/language", "/account", language="en")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("leadline_language=en; httponly; max-age=34560000; path=/;")
    page = person.get("/account").text
    assert '<html lang="en">' in page
    assert '<option value="en" selected>English</option>' in page
    for none in ("", "xx"):
        person.send("/account/language", "/account", language=none)
        assert "leadline_language" not in person.client.cookies
        assert '<html lang="de">' in person.get("/account").text


def test_a_cookie_that_names_no_language_does_no_harm(server: RunningServer) -> None:
    person = in_german(server)
    person.client.cookies.set("leadline_language", "../../x")
    assert '<html lang="de">' in person.get("/account").text
