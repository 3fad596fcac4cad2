"""Which browser, system and device a User-Agent names, and which programs are no people."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from is_bot import Bots
from is_crawler import is_crawler

from leadline.enrichment import Agent, describe, is_preview
from leadline.enrichment.agents import FAMILY_LENGTH, USER_AGENT_LENGTH, _describe
from tests.enrichment.user_agents import BOTS, DEVICES, of_people

DEVICE_TYPES = {"mobile": "Phone", "tablet": "Tablet", "desktop": "Desktop"}
ISBOT = Bots()
GTMETRIX = next(header for header in BOTS if "GTmetrix" in header)
"""A program that neither list knows."""


@pytest.mark.parametrize(("device_type", "browser", "system", "header"), DEVICES)
def test_a_header_names_browser_system_and_device(
    device_type: str, browser: str, system: str, header: str
) -> None:
    assert describe(header.encode()) == Agent(browser, system, device_type, False)


def test_no_person_is_taken_for_a_crawler() -> None:
    people = of_people()
    assert len(people) >= 900
    assert [header for header in people if describe(header.encode()).is_crawler] == []


def test_the_device_types_of_people() -> None:
    wrong = {
        header: (device, describe(header.encode()).device_type)
        for header, device in of_people().items()
        if describe(header.encode()).device_type != DEVICE_TYPES[device]
    }
    assert wrong == {}


def test_every_person_has_a_browser_and_a_system() -> None:
    agents = [describe(header.encode()) for header in of_people()]
    assert all(agent.browser and agent.operating_system for agent in agents)
    assert {agent.browser for agent in agents} >= {"Chrome", "Safari", "Firefox", "Edge"}
    assert not {agent.browser for agent in agents} & {"Chrome Mobile", "Mobile Safari"}


@pytest.mark.parametrize("header", ["", " ", "\t \n", *BOTS])
def test_programs_that_nobody_looks_at_are_crawlers(header: str) -> None:
    assert describe(header.encode()).is_crawler


def is_crawler_to_both(header: str) -> bool:
    return not header.strip() or is_crawler(header) or ISBOT.is_bot(header)


def test_no_pattern_is_lost_on_the_way() -> None:
    for header in {*of_people(), *BOTS} - {GTMETRIX}:
        assert describe(header.encode()).is_crawler is is_crawler_to_both(header)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200))
@example("Mozilla/5.0 (compatible; a-.b/1.2)")
@example("Mozilla/5.0 Chrome/1 channel/google")
@example("Mozilla/5.0 Chrome/1 google/google")
@example("Mozilla/5.0 (Windows NT 10.0) google/1")
def test_both_lists_of_patterns_agree_on_any_header(header: str) -> None:
    assert describe(header.encode()).is_crawler is is_crawler_to_both(header)


@given(st.binary(max_size=2000))
@example(b"\xed\xa0\x80\xff\x00")
@example(b"Mozilla/5.0 (iPhone; \xf0\x9f\x98\x80)")
def test_any_bytes_have_a_description(header: bytes) -> None:
    agent = describe(header)
    assert agent.device_type in {"Desktop", "Phone", "Tablet", "TV", "Console", ""}
    for name in (agent.browser, agent.operating_system):
        assert len(name) <= FAMILY_LENGTH
        assert name == name.strip()
        assert not any(ord(character) < 32 for character in name)


def test_of_a_long_header_only_the_beginning_is_read() -> None:
    header = DEVICES[0][3].encode()
    assert describe(header.ljust(USER_AGENT_LENGTH) + b" Googlebot") == describe(header)


def test_a_family_that_the_header_makes_up_is_bounded_and_clean() -> None:
    header = b"\x01\xff" + b"x" * 150 + b"-iPhone/1.0 CFNetwork/1 Darwin/1"
    browser = describe(header).browser
    assert browser == browser.strip("\x01")
    assert 0 < len(browser) <= FAMILY_LENGTH


def test_what_is_remembered_is_bounded() -> None:
    limit = _describe.cache_info().maxsize
    assert limit is not None
    assert limit <= 8192


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"purpose", b"prefetch"),
        (b"purpose", b"preview"),
        (b"sec-purpose", b"prefetch"),
        (b"sec-purpose", b"prefetch;prerender"),
        (b"sec-purpose", b"prefetch;anonymous-client-ip"),
        (b"x-purpose", b"Preview"),
        (b"x-moz", b"prefetch"),
    ],
)
def test_a_request_ahead_of_time_is_a_preview(name: bytes, value: bytes) -> None:
    assert is_preview({b"host": b"example.com", name: value})


@pytest.mark.parametrize(
    "header", [(b"purpose", b""), (b"x-moz", b"1"), (b"referer", b"https://a.example/preview")]
)
def test_a_request_of_a_person_is_no_preview(header: tuple[bytes, bytes]) -> None:
    assert not is_preview(dict([(b"host", b"example.com"), header]))
    assert not is_preview({})
