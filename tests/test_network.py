"""Whose address a request has, and under which one the client sees this server."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadline.network import UNKNOWN_ADDRESS, TrustedProxies, parse_address, subscriber
from leadline.settings import LOOPBACK

LOCAL = TrustedProxies(LOOPBACK)
DEEP = TrustedProxies([*LOOPBACK, ip_network("10.0.0.0/8"), ip_network("2001:db8:ffff::/48")])


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7\t", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("::1", "::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[::ffff:203.0.113.7]:80", "203.0.113.7"),
    ],
)
def test_an_address_in_each_of_its_forms(text: str, address: str) -> None:
    assert parse_address(text) == ip_address(address)


NO_ADDRESSES = """
    unknown _hidden example.com 203.0.113 203.0.113.256 1.2.3.4.5 203.0.113.7/8 127.1 0x7f000001
    [ [] : ::1:: 1:2:3
"""


@pytest.mark.parametrize("text", ["", " ", *NO_ADDRESSES.split()])
def test_what_is_no_address(text: str) -> None:
    assert parse_address(text) is None


@given(st.text())
@example("[" * 50)
@example("\x00")
def test_no_text_upsets_the_parser(text: str) -> None:
    parse_address(text)


@given(st.ip_addresses(v=6), st.integers(0, 127))
def test_addresses_of_one_ipv6_network_are_one_subscribers(address: IPv6Address, bit: int) -> None:
    other = IPv6Address(int(address) ^ (1 << bit))
    if address.ipv4_mapped is None and other.ipv4_mapped is None:
        assert (subscriber(str(address)) == subscriber(str(other))) is (bit < 64)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_a_subscribers_own(address: IPv4Address) -> None:
    assert subscriber(str(address)) == str(address)


@given(st.ip_addresses(), st.integers(0, 65535))
def test_every_address_is_read_with_and_without_a_port(address: object, port: int) -> None:
    text = str(address)
    expected = getattr(ip_address(text), "ipv4_mapped", None) or ip_address(text)
    bracketed = f"[{text}]" if ":" in text else text
    assert parse_address(text) == parse_address(f"{bracketed}:{port}") == expected


def client(proxies: TrustedProxies, peer: str | None, *forwarded: str) -> str:
    headers = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    return str(proxies.client(peer, [(b"host", b"example.com"), *headers]))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("127.0.0.1", (), "127.0.0.1"),
        ("127.0.0.1", ("203.0.113.7",), "203.0.113.7"),
        ("::1", ("203.0.113.7",), "203.0.113.7"),
        ("::ffff:127.0.0.1", ("203.0.113.7",), "203.0.113.7"),
        ("127.0.0.1", ("2001:db8::7",), "2001:db8::7"),
        ("127.0.0.1", ("203.0.113.7:4711",), "203.0.113.7"),
        ("127.0.0.1", ("[2001:db8::7]:4711",), "2001:db8::7"),
        # Whatever the client claims stands to the left.
        ("127.0.0.1", ("1.1.1.1, 203.0.113.7",), "203.0.113.7"),
        ("127.0.0.1", ("1.1.1.1", "203.0.113.7"), "203.0.113.7"),
        ("127.0.0.1", ("127.0.0.1, 203.0.113.7, 127.0.0.1",), "203.0.113.7"),
        ("10.0.0.1", ("1.1.1.1, 203.0.113.7, 10.9.9.9",), "203.0.113.7"),
        ("10.0.0.1", ("203.0.113.7", "2001:db8:ffff::2, 10.9.9.9"), "203.0.113.7"),
        # All of them are proxies: whoever stands first has asked.
        ("10.0.0.1", ("10.0.0.3, 10.0.0.2",), "10.0.0.3"),
        # Nothing left of garbage is believed.
        ("127.0.0.1", ("",), "127.0.0.1"),
        ("127.0.0.1", ("unknown",), "127.0.0.1"),
        ("127.0.0.1", ("203.0.113.7, unknown",), "127.0.0.1"),
        ("127.0.0.1", ("203.0.113.7,",), "127.0.0.1"),
        ("10.0.0.1", ("203.0.113.7, \xff, 10.0.0.2",), "10.0.0.2"),
        ("127.0.0.1", ("unknown, 203.0.113.7",), "203.0.113.7"),
        # Nor anybody who is no proxy.
        ("198.51.100.1", ("203.0.113.7",), "198.51.100.1"),
        ("2001:db8::1", ("203.0.113.7",), "2001:db8::1"),
        (None, ("203.0.113.7",), str(UNKNOWN_ADDRESS)),
        ("", ("203.0.113.7",), str(UNKNOWN_ADDRESS)),
        ("testclient", ("203.0.113.7",), str(UNKNOWN_ADDRESS)),
    ],
)
def test_the_client_is_the_rightmost_hop_that_is_no_proxy(
    peer: str | None, forwarded: tuple[str, ...], expected: str
) -> None:
    assert client(DEEP, peer, *forwarded) == expected


@given(st.ip_addresses(), st.lists(st.text(st.characters(max_codepoint=255))))
def test_nobody_but_a_proxy_can_claim_another_address(peer: object, claims: list[str]) -> None:
    found = client(TrustedProxies([]), str(peer), *claims)
    assert found == str(parse_address(str(peer)))


@given(st.lists(st.text(st.characters(max_codepoint=255))))
def test_what_a_client_claims_does_not_matter_behind_a_proxy(claims: list[str]) -> None:
    assert client(LOCAL, "127.0.0.1", *claims, "203.0.113.7") == "203.0.113.7"


def origin(peer: str | None = "203.0.113.7", scheme: str = "http", **headers: str) -> str:
    pairs = [
        (name.replace("_", "-").encode(), value.encode("latin-1"))
        for name, value in headers.items()
    ]
    return LOCAL.origin(peer, pairs, scheme)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"host": "stats.example.com"}, "http://stats.example.com"),
        ({"host": "stats.example.com:8000"}, "http://stats.example.com:8000"),
        ({"host": "127.0.0.1:8000"}, "http://127.0.0.1:8000"),
        ({"host": "[::1]:8000"}, "http://[::1]:8000"),
        ({}, "http://localhost"),
    ],
)
def test_the_origin_is_the_one_that_was_asked_for(headers: dict[str, str], expected: str) -> None:
    assert origin(**headers) == expected


def test_a_proxy_may_say_under_which_origin_it_was_asked() -> None:
    forwarded = {
        "host": "127.0.0.1:8000",
        "x_forwarded_proto": "https",
        "x_forwarded_host": "claimed.example, stats.example.com",
    }
    assert origin("127.0.0.1", **forwarded) == "https://stats.example.com"
    assert origin("203.0.113.7", **forwarded) == "http://127.0.0.1:8000"
    assert origin(None, **forwarded) == "http://127.0.0.1:8000"
    assert origin("127.0.0.1", host="a.example", x_forwarded_proto="HTTPS") == "https://a.example"
    assert origin("127.0.0.1", host="a.example", x_forwarded_host="") == "http://a.example"


NO_HOSTS = """
    a/b a?b a#b a'b a"b <b> a\\b user@host a;b a`b a${b} a(b) \xe4.example a\x7fb
    a:b a: [a [::1 a:123456
"""


@pytest.mark.parametrize("host", ["", " ", "a b", "a\tb", *NO_HOSTS.split()])
def test_a_host_that_cannot_stand_in_a_snippet_is_not_repeated(host: str) -> None:
    assert origin(host=host) == "http://localhost"
    assert origin("127.0.0.1", host="a", x_forwarded_host=f"{host}!") == "http://localhost"


@pytest.mark.parametrize("scheme", ["ftp", "javascript", "https:", "http, ws"])
def test_a_scheme_other_than_of_the_web_is_not_repeated(scheme: str) -> None:
    assert origin("127.0.0.1", host="a", x_forwarded_proto=scheme) == "http://localhost"
