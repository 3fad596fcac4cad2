"""What a Content-Security-Policy lets through."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.doctor.policy import (
    CONNECT,
    IMAGE,
    blocks_hit,
    blocks_script,
    matches_source,
    parse_policies,
    parse_policy,
)
from leadline.doctor.urls import parse_address

PAGE = "https://shop.test/a"
T = "https://stats.test/t.js?id=x"


def matches(source: str, address: str, page: str = PAGE) -> bool:
    return matches_source(source, parse_address(address), parse_address(page))


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("*", T),
        ("https:", T),
        ("http:", T),
        ("HTTPS:", T),
        ("stats.test", T),
        ("Stats.TEST", T),
        ("https://stats.test", T),
        ("http://stats.test", T),
        ("*.test", T),
        ("https://*.test", T),
        ("stats.test:443", T),
        ("stats.test:80", T),
        ("stats.test:*", "https://stats.test:8443/t.js"),
        ("https://*:*", T),
        ("stats.test:8443", "https://stats.test:8443/t.js"),
        ("stats.test/", T),
        ("stats.test/t.js", T),
        ("stats.test/js/", "https://stats.test/js/t.js"),
        ("'self'", "https://shop.test/t.js"),
        ("'SELF'", "https://shop.test/t.js"),
        ("ws://stats.test", "http://stats.test/"),
    ],
)
def test_a_source_that_matches(source: str, address: str) -> None:
    assert matches(source, address)


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https:", "http://stats.test/"),
        ("'none'", T),
        ("'unsafe-inline'", T),
        ("data:", T),
        ("test", T),
        ("*.stats.test", T),
        ("stats.test.evil", T),
        ("xstats.test", T),
        ("stats.test", "http://stats.test/"),
        ("stats.test", "https://stats.test:8443/t.js"),
        ("stats.test:8443", T),
        ("stats.test/T.js", T),
        ("stats.test/js", "https://stats.test/js/t.js"),
        ("'self'", T),
        ("'self'", "http://shop.test/t.js"),
        ("'self'", "https://shop.test:8443/t.js"),
        ("", T),
        ("[", T),
    ],
)
def test_a_source_that_does_not(source: str, address: str) -> None:
    assert not matches(source, address)


def test_self_means_tls_too() -> None:
    assert matches("'self'", "https://shop.test/t.js", "http://shop.test/")
    assert not matches("'self'", "https://shop.test:8443/t.js", "http://shop.test/")
    assert matches("'self'", "https://shop.test:8000/t.js", "http://shop.test:8000/")


@pytest.mark.parametrize(
    ("policy", "blocked"),
    [
        ("", ""),
        ("img-src 'none'", ""),
        ("default-src 'self'", "default-src"),
        ("default-src 'self'; script-src stats.test", ""),
        ("script-src 'self'; script-src stats.test", "script-src"),
        ("SCRIPT-SRC 'self'", "script-src"),
        ("script-src stats.test; script-src-elem 'self'", "script-src-elem"),
        ("script-src 'none'; script-src-elem stats.test", ""),
        ("script-src 'nonce-abc'", ""),
        ("script-src 'nonce-ABC'", "script-src"),
        ("script-src 'nonce-'", "script-src"),
        ("script-src stats.test 'strict-dynamic'", "script-src"),
        ("script-src 'strict-dynamic' 'nonce-abc'", ""),
        ("script-src 'sha256-aaaa'", ""),
        ("script-src 'sha256-bbbb'", "script-src"),
        ("script-src", "script-src"),
        ("sandbox; script-src *", "sandbox"),
        ("sandbox allow-scripts allow-forms", ""),
    ],
)
def test_what_keeps_a_script_from_loading(policy: str, blocked: str) -> None:
    address, page = parse_address(T), parse_address(PAGE)
    assert blocks_script(parse_policy(policy), address, page, "abc", "sha256-aaaa") == blocked


@pytest.mark.parametrize(
    ("policy", "of_event", "of_image"),
    [
        ("script-src *", "", ""),
        ("default-src 'self'", "default-src", "default-src"),
        ("default-src 'self'; connect-src stats.test", "", "default-src"),
        ("default-src *; img-src 'self' data:; connect-src 'none'", "connect-src", "img-src"),
        ("connect-src stats.test/event; img-src stats.test/", "", ""),
    ],
)
def test_what_keeps_hits_from_being_sent(policy: str, of_event: str, of_image: str) -> None:
    parsed, page = parse_policy(policy), parse_address(PAGE)
    event, image = (parse_address(f"https://stats.test/{path}") for path in ("event", ""))
    assert blocks_hit(parsed, CONNECT, event, page) == of_event
    assert blocks_hit(parsed, IMAGE, image, page) == of_image


def test_a_header_may_hold_several_and_each_binds() -> None:
    found = parse_policies(["script-src a.test, script-src b.test;;", ""])
    assert [dict(policy.directives) for policy in found] == [
        {"script-src": ("a.test",)},
        {"script-src": ("b.test",)},
    ]


HOSTS = st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=4).map(".".join)
PORTS = st.integers(1024, 65535)


@settings(deadline=None)
@given(HOSTS, PORTS, st.sampled_from(["http", "https"]))
def test_an_origin_matches_itself_and_no_other(host: str, port: int, scheme: str) -> None:
    origin = f"{scheme}://{host}.test:{port}"
    assert matches(origin, f"{origin}/t.js")
    assert matches(f"{scheme}://*.test:*", f"{origin}/t.js")
    assert not matches(origin, f"{scheme}://x{host}.test:{port}/t.js")
    assert not matches(origin, f"{scheme}://{host}.test:{port - 1}/t.js")


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=30))
def test_any_text_is_a_policy(text: str, nonce: str) -> None:
    address, page = parse_address(T), parse_address(PAGE)
    for policy in [parse_policy(text), *parse_policies([text])]:
        blocked = blocks_script(policy, address, page, nonce, text)
        assert blocked in ("", *policy.directives)
    assert isinstance(matches(text, T), bool)
