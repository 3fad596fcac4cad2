"""What an owner does not want counted."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, ip_address, ip_network
from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadline.network import Address
from leadline.sites import BlockList, InvalidBlockRule, InvalidValue
from leadline.sites.block_lists import VALUE_LENGTH, Rule, normalise

RULES = [
    Rule("address", "203.0.113.7"),
    Rule("address", "198.51.100.77/24"),
    Rule("address", "2001:DB8::/32"),
    Rule("address", "::ffff:192.0.2.0/120"),
    Rule("country", "de"),
    Rule("path", "/admin/*"),
    Rule("path", "/secret"),
    Rule("path", "*.php"),
    Rule("path", "/straße/*/a.b"),
    Rule("host", "*.Staging.example."),
    Rule("host", "localhost"),
    Rule("host", "[::1]"),
    Rule("host", "bücher.example"),
    Rule("event", "Sign up"),
]


def compiled(rules: Iterable[Rule]) -> BlockList:
    return BlockList(map(normalise, rules))


BLOCKED = compiled(RULES)
HOME = ip_address("192.0.1.1")


def reason(
    address: str = "192.0.1.1",
    country: str = "FR",
    host: str = "www.example.com",
    path: str = "/",
    event: str = "",
    rules: BlockList = BLOCKED,
) -> str | None:
    return rules.reason(ip_address(address), country, host, path, event)


@pytest.mark.parametrize(
    ("address", "is_blocked"),
    [
        ("203.0.113.7", True),
        ("::ffff:203.0.113.7", True),
        ("203.0.113.6", False),
        ("203.0.113.8", False),
        ("198.51.100.0", True),
        ("198.51.100.255", True),
        ("198.51.101.0", False),
        ("198.51.99.255", False),
        ("192.0.2.9", True),
        ("::ffff:192.0.2.9", True),
        ("2001:db8::1", True),
        ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", True),
        ("2001:db9::", False),
        ("::203.0.113.7", False),
        ("0.0.0.0", False),
        ("::", False),
    ],
)
def test_an_address_is_blocked(address: str, is_blocked: bool) -> None:
    assert reason(address=address) == ("address" if is_blocked else None)


@pytest.mark.parametrize(
    ("host", "is_blocked"),
    [
        ("staging.example", False),
        ("a.staging.example", True),
        ("a.b.staging.example", True),
        ("astaging.example", False),
        ("localhost", True),
        ("a.localhost", False),
        ("::1", True),
        ("xn--bcher-kva.example", True),
        ("www.example.com", False),
        ("", False),
    ],
)
def test_a_host_is_blocked(host: str, is_blocked: bool) -> None:
    assert reason(host=host) == ("host" if is_blocked else None)


@pytest.mark.parametrize(
    ("path", "is_blocked"),
    [
        ("/admin/", True),
        ("/admin/a/b", True),
        ("/admin/\n", True),
        ("/admin", False),
        ("/Admin/", False),
        ("/secret", True),
        ("/secrets", False),
        ("/secret\n", False),
        ("/a/b.php", True),
        ("/a/bxphp", False),
        ("/stra%C3%9Fe/x/y/a.b", True),
        ("/straße/x/a.b", True),
        ("/straße/a.b", False),
        ("", False),
    ],
)
def test_a_path_is_blocked(path: str, is_blocked: bool) -> None:
    assert reason(path=path) == ("path" if is_blocked else None)


def test_a_country_is_blocked() -> None:
    assert reason(country="DE") == "country"
    assert reason(country="") is None


def test_an_event_is_blocked_and_no_pageview() -> None:
    assert reason(event="Sign up") == "event"
    assert reason(event="sign up") is None
    every = compiled([Rule("event", "*")])
    assert reason(event="Sign up", rules=every) == "event"
    assert reason(event="*", rules=every) == "event"
    assert reason(event="", rules=every) is None


def test_an_empty_list_blocks_nothing() -> None:
    assert reason("203.0.113.7", "DE", "localhost", "/secret", "Sign up", compiled([])) is None


def test_of_several_reasons_the_first_is_given() -> None:
    assert reason("203.0.113.7", "DE", "localhost", "/secret", "Sign up") == "address"
    assert reason(HOME.compressed, "DE", "localhost", "/secret", "Sign up") == "country"
    assert reason(HOME.compressed, "", "localhost", "/secret", "Sign up") == "host"
    assert reason(HOME.compressed, "", "", "/secret", "Sign up") == "path"


@pytest.mark.parametrize(
    ("kind", "value", "normal"),
    [
        ("address", " 203.0.113.7 ", "203.0.113.7"),
        ("address", "203.0.113.7/32", "203.0.113.7"),
        ("address", "203.0.113.7/24", "203.0.113.0/24"),
        ("address", "10.0.0.0/255.0.0.0", "10.0.0.0/8"),
        ("address", "2001:DB8:0::/32", "2001:db8::/32"),
        ("address", "::ffff:203.0.113.7", "203.0.113.7"),
        ("address", "::ffff:0:0/96", "0.0.0.0/0"),
        ("address", "::/0", "::/0"),
        ("country", "de", "DE"),
        ("path", "/a/**/b", "/a/*/b"),
        ("path", "*", "*"),
        ("host", "*.Example.COM.", "*.example.com"),
        ("host", "bücher.example", "xn--bcher-kva.example"),
        ("host", "[2001:DB8::1]", "2001:db8::1"),
        ("host", "127.0.0.1", "127.0.0.1"),
        ("event", " Sign up ", "Sign up"),
    ],
)
def test_rules_that_mean_the_same_have_one_form(kind: str, value: str, normal: str) -> None:
    assert normalise(Rule(kind, value)) == Rule(kind, normal)
    assert normalise(Rule(kind, normal)) == Rule(kind, normal)


@pytest.mark.parametrize(
    ("kind", "value", "field", "text"),
    [
        ("", "a", "kind", "The kind of a rule is one of"),
        ("Path", "/a", "kind", "address, country, path, host, event"),
        ("address", "", "value", "1 to 2048 printable characters"),
        ("event", " \t ", "value", "printable"),
        ("event", "a\x00b", "value", "printable"),
        ("event", "\ud800", "value", "printable"),
        ("path", "/" * (VALUE_LENGTH + 1), "value", "1 to 2048"),
        *(("address", value, "value", "such as 203.0.113.7") for value in ("203.0.113", "a", "*")),
        *(("address", value, "value", "network") for value in ("1.2.3.4/33", "fe80::1%eth0")),
        *(("country", value, "value", "ISO 3166-1") for value in ("XX", "Germany", "*", "T1")),
        ("path", "admin", "value", "begins with / or *"),
        ("path", "https://example.com/", "value", "begins with / or *"),
        *(("host", value, "value", "*.example.com") for value in ("*", "*.", "a b", "https://a.b")),
        *(
            ("host", value, "value", "Not a host")
            for value in ("a.*.b", "*.*.a", "a..b", "-a", "a:80")
        ),
    ],
)
def test_a_rule_that_cannot_be_used(kind: str, value: str, field: str, text: str) -> None:
    with pytest.raises(InvalidBlockRule) as caught:
        normalise(Rule(kind, value))
    assert caught.value.field == field
    assert text in str(caught.value)
    assert isinstance(caught.value, InvalidValue)


def glob(pattern: str, text: str) -> bool:
    """Whether `text` has the form of `pattern`, by its definition."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(glob(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return text[:1] == pattern[0] and glob(pattern[1:], text[1:])


PIECES = st.lists(st.sampled_from(["a", "b", "/", "*", ".", "a/"]), max_size=7).map("".join)


@given(PIECES, st.text("ab/.", max_size=10))
@example("*a*ab", "aaab")
@example("*ab*ba", "aba")
def test_a_pattern_means_what_it_says(pattern: str, text: str) -> None:
    pattern, path = f"/{pattern}", f"/{text}"
    expected = "path" if glob(pattern, path) else None
    assert reason(path=path, rules=compiled([Rule("path", pattern)])) == expected
    several = compiled([Rule("path", "/never"), Rule("path", pattern), Rule("path", "/x*y")])
    assert reason(path=path, rules=several) == expected


SMALL = st.integers(0, 63).map(lambda number: ip_address(0xC0000200 + number))
SMALL6 = st.integers(0, 63).map(lambda number: IPv6Address((0x20010DB8 << 96) + number))
ADDRESSES = st.one_of(SMALL, SMALL6, st.ip_addresses())


@st.composite
def networks(draw: st.DrawFn) -> str:
    address = draw(ADDRESSES)
    width = address.max_prefixlen
    return f"{address}/{draw(st.integers(width - 6, width))}"


def contains(text: str, address: Address) -> bool:
    network = ip_network(text, strict=False)
    mapped = getattr(network[0], "ipv4_mapped", None)
    if mapped is not None:
        network = IPv4Network((mapped, network.prefixlen - 96))
    return (getattr(address, "ipv4_mapped", None) or address) in network


@given(st.lists(networks(), max_size=8), ADDRESSES)
def test_an_address_in_any_of_the_networks(listed: list[str], address: Address) -> None:
    blocked = compiled([Rule("address", network) for network in listed])
    expected = any(contains(network, address) for network in listed)
    assert blocked.reason(address, "", "", "", "") == ("address" if expected else None)


LABELS = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=4).map(".".join)


@given(st.lists(st.tuples(st.booleans(), LABELS), max_size=4), LABELS)
def test_a_host_in_any_of_the_rules(listed: list[tuple[bool, str]], host: str) -> None:
    rules = [Rule("host", f"*.{name}" if is_parent else name) for is_parent, name in listed]
    expected = any(
        host.endswith(f".{name}") if is_parent else host == name for is_parent, name in listed
    )
    assert reason(host=host, rules=compiled(rules)) == ("host" if expected else None)


@given(st.lists(st.tuples(st.sampled_from(["address", "path", "host", "x"]), st.text())))
def test_any_rules_are_used_or_refused(rules: list[tuple[str, str]]) -> None:
    try:
        blocked = compiled(Rule(*rule) for rule in rules)
    except InvalidBlockRule:
        return
    assert blocked.reason(HOME, "", "", "", "") in ("address", "path", None)


@given(ADDRESSES, st.text(), st.text(), st.text(), st.text())
@example(HOME, "\ud800", "\ud800", "\ud800", "\ud800")
def test_any_hit_is_looked_up(
    address: Address, country: str, host: str, path: str, event: str
) -> None:
    BLOCKED.reason(address, country, host, path, event)


def test_no_pattern_takes_for_ever() -> None:
    blocked = compiled([Rule("path", "/" + "*a" * 500 + "*b")] * 10)
    begun = perf_counter()
    assert reason(path="/" + "a" * 2000, rules=blocked) is None
    assert perf_counter() - begun < 1
