"""Which hosts may be listed, and which of them a listed one lets in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.sites import InvalidDomain, authorises, seen_host
from leadline.sites.hosts import ascii_host, without_www


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("example.com", "example.com"),
        (" Example.COM ", "example.com"),
        ("www.example.com", "www.example.com"),
        ("a-b.example.co.uk", "a-b.example.co.uk"),
        ("localhost", "localhost"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("MÜNCHEN.de", "xn--mnchen-3ya.de"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("straße.de", "xn--strae-oqa.de"),
        ("日本。jp", "xn--wgv71a.jp"),
        ("1.example.com", "1.example.com"),
        ("a" * 63 + ".com", "a" * 63 + ".com"),
    ],
)
def test_a_host_is_listed_in_its_ascii_form(text: str, host: str) -> None:
    assert ascii_host(text) == host


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ab",
        "http://example.com",
        "example.com/path",
        "example.com:8080",
        "*.example.com",
        "example.com.",
        ".example.com",
        "a..b",
        "a b.com",
        "a_b.com",
        "-a.com",
        "a-.com",
        "a" * 64 + ".com",
        ".".join(["a" * 49] * 6),
        "exa" + "\u00ad" * 300 + "mple.com",
        "127.0.0.1",
        "0x7f.1",
        "10.0x1",
        "[::1]",
        "xn--a.com",
        "℀.com",
        "user@example.com",
        "example.com\n.com",
        "\udcff.com",
        "exam\0ple.com",
    ],
)
def test_what_is_no_host_name_is_refused(text: str) -> None:
    with pytest.raises(InvalidDomain):
        ascii_host(text)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_host_or_refused(text: str) -> None:
    try:
        host = ascii_host(text)
    except InvalidDomain:
        return
    assert host.isascii()
    assert ascii_host(host) == host
    assert authorises({without_www(host)}, seen_host(host))


@pytest.mark.parametrize(
    ("listed", "seen", "let_in"),
    [
        ("example.com", "example.com", True),
        ("example.com", "EXAMPLE.com.", True),
        ("example.com", "www.example.com", True),
        ("example.com", "a.b.example.com", True),
        ("example.com", "badexample.com", False),
        ("example.com", "example.com.evil.org", False),
        ("example.com", "com", False),
        ("www.example.com", "example.com", True),
        ("www.example.com", "shop.example.com", True),
        ("shop.example.com", "example.com", False),
        ("www.com", "example.com", False),
        ("www.com", "www.com", True),
        ("www.com", "a.www.com", True),
        ("münchen.de", "xn--mnchen-3ya.de", True),
        ("xn--mnchen-3ya.de", "München.de", True),
        ("localhost", "localhost", True),
    ],
)
def test_a_listed_host_lets_in_itself_and_what_is_below(
    listed: str, seen: str, let_in: bool
) -> None:
    assert authorises({without_www(ascii_host(listed))}, seen_host(seen)) is let_in


def test_a_host_that_idna_refuses_is_let_in_nowhere() -> None:
    assert seen_host("☃".join("ab") * 80) == "☃".join("ab") * 80
    assert not authorises({"example.com"}, seen_host("a\u0301\u200d.example☃".upper()))


def test_nobody_is_let_in_without_a_host() -> None:
    assert not authorises({"example.com"}, seen_host(""))


labels = st.sampled_from(["a", "b", "www", "com"])
hosts = st.lists(labels, min_size=1, max_size=4).map(".".join)


def lets_in(listed: str, host: str) -> bool:
    """The rule as it is written, by lists of labels."""
    bare = [
        parts[1:] if parts[0] == "www" and len(parts) > 2 else parts
        for parts in (listed.split("."), host.split("."))
    ]
    return bare[1][-len(bare[0]) :] == bare[0]


@settings(deadline=None)
@given(st.lists(hosts, max_size=4), hosts)
def test_authorising_agrees_with_the_rule(listed: list[str], host: str) -> None:
    bare = frozenset(map(without_www, listed))
    assert authorises(bare, host) is any(lets_in(each, host) for each in listed)
