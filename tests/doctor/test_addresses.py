"""Where a page may be fetched from."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.doctor.addresses import Guard, is_public
from leadline.doctor.deadline import Deadline
from leadline.doctor.errors import ForbiddenAddress, InvalidAddress, TimedOut, UnknownHost
from leadline.doctor.urls import candidates, parse_address

NAT64 = ip_network("64:ff9b::/96")
PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
    *("0.0.0.0", "0.0.0.1", "169.254.169.254", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("192.0.0.192", "192.0.2.1", "198.18.0.1", "192.88.99.1", "168.63.129.16", "100.100.100.200"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
    *("64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::", "2001::1", "2001:db8::1", "5f00::1"),
]
PUBLIC = ["93.184.215.14", "1.1.1.1", "2606:4700::1", "::ffff:1.1.1.1", "64:ff9b::101:101"]


def deadline() -> Deadline:
    return Deadline(5)


def addresses(*found: str, host: str = "shop.example", trusted: tuple[str, ...] = ()) -> list[str]:
    return Guard(trusted, lambda _: found).addresses(host, deadline())


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_nobodys_on_the_internet_is_refused(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        addresses(address)
    with pytest.raises(ForbiddenAddress):
        addresses("1.1.1.1", address)
    with pytest.raises(ForbiddenAddress):
        addresses(host=f"[{address}]" if ":" in address else address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_not(address: str) -> None:
    assert len(addresses(address, address)) == 1
    assert addresses(host=f"[{address}]" if ":" in address else address)


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_ipv4_in_ipv6_is_as_public_as_it_is_alone(address: IPv4Address) -> None:
    alone = is_public(address)
    assert is_public(IPv6Address(f"::ffff:{address}")) is alone
    assert is_public(IPv6Address(int(IPv6Address("64:ff9b::")) + int(address))) is alone
    assert not is_public(IPv6Address(int(IPv6Address("2002::")) + (int(address) << 80)))
    assert not is_public(IPv6Address(int(address)))


@settings(deadline=None)
@given(st.ip_addresses())
def test_what_is_public_is_no_special_address(address: IPv4Address | IPv6Address) -> None:
    if is_public(address) and not (address.version == 6 and address.ipv4_mapped):
        assert not address.is_private
        assert not address.is_loopback
        assert not address.is_link_local
        assert not address.is_multicast
        assert not address.is_reserved or address in NAT64


@pytest.mark.parametrize("host", ["intra.example", "www.intra.example", "INTRA.example."])
def test_a_listed_host_may_be_in_a_private_network(host: str) -> None:
    for address in ("10.1.2.3", "127.0.0.1", "::1", "fd00::7", "1.1.1.1"):
        assert addresses(address, host=host, trusted=("intra.example",)) == [
            str(ip_address(address))
        ]
    for address in ("169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "255.255.255.255"):
        with pytest.raises(ForbiddenAddress):
            addresses(address, host=host, trusted=("intra.example",))
    with pytest.raises(ForbiddenAddress):
        addresses("10.1.2.3", host="intra.example.com", trusted=("intra.example",))


def test_a_host_without_an_address_is_unknown() -> None:
    with pytest.raises(UnknownHost):
        addresses()

    def none(host: str) -> list[str]:
        raise OSError(host)

    with pytest.raises(UnknownHost):
        Guard((), none).addresses("shop.example", deadline())
    with pytest.raises(ForbiddenAddress):
        addresses("nonsense")


def test_a_resolver_is_not_waited_for_longer_than_is_left() -> None:
    never = Event()
    with pytest.raises(TimedOut):
        Guard((), lambda _: [str(never.wait(5))]).addresses("shop.example", Deadline(0.05))
    never.set()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("shop.example", ["https://shop.example/", "http://shop.example/"]),
        (" shop.example/a?b#c ", ["https://shop.example/a?b", "http://shop.example/a?b"]),
        ("localhost:8000", ["https://localhost:8000/", "http://localhost:8000/"]),
        ("HTTPS://Shop.Example:443", ["https://shop.example/"]),
        ("http://user:secret@shop.example/", ["http://shop.example/"]),
        ("http://münchen.example/ä", ["http://xn--mnchen-3ya.example/%C3%A4"]),
        ("http://0x7f.1/", ["http://127.0.0.1/"]),
        ("http://2130706433/", ["http://127.0.0.1/"]),
        ("http://[::1]:8080/", ["http://[::1]:8080/"]),
        ("http://shop.example./", ["http://shop.example/"]),
    ],
)
def test_what_somebody_means(text: str, meant: list[str]) -> None:
    assert [str(address) for address in candidates(text)] == meant


@pytest.mark.parametrize(
    "text",
    [
        *("", "http://", "ftp://shop.example/", "file:///etc/passwd", "javascript://x", "a b"),
        *(
            "http://shop.example:22/",
            "shop.example:25",
            "http://shop.example:0/",
            "http://x:99999/",
        ),
        *("http://[::1%eth0]/", "http://a..b:x/", "http://" + "a" * 3000, "http://\ud800.example/"),
    ],
)
def test_what_is_no_address_of_a_page(text: str) -> None:
    with pytest.raises(InvalidAddress):
        candidates(text)


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_text_is_an_address_or_is_refused(text: str, base: str) -> None:
    for pair in ((text,), (text, f"https://shop.example/{base}"), (f"http://{text}",)):
        try:
            address = parse_address(*pair)
        except InvalidAddress:
            continue
        assert address.scheme in ("http", "https")
        assert str(address).isascii()
        assert str(address).isprintable()
        assert parse_address(str(address)) == address
