"""Which addresses are of machines that nobody sits at."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.enrichment import is_data_centre
from leadline.network import Address


@pytest.mark.parametrize(
    "address",
    [
        "3.5.140.2",  # Amazon
        "20.42.1.1",  # Microsoft
        "34.64.1.1",  # Google
        "95.216.1.1",  # Hetzner
        "::ffff:95.216.1.1",
        "2a01:4f8::1",
        "2600:1f18::1",
        "66.249.66.1",  # Googlebot
    ],
)
def test_a_data_centre(address: str) -> None:
    assert is_data_centre(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "91.64.1.1",  # people at home
        "2003:e0::1",
        "172.224.226.1",  # Apple's Private Relay
        "104.16.1.1",  # Cloudflare, WARP too
        "0.0.0.0",
        "127.0.0.1",
        "::1",
        "10.0.0.1",
        "203.0.113.7",
        "ff02::1",
        "fe80::1%eth0",
    ],
)
def test_no_data_centre(address: str) -> None:
    assert not is_data_centre(ip_address(address))


@given(st.ip_addresses())
def test_any_address_is_one_or_none(address: Address) -> None:
    assert is_data_centre(address) in (True, False)
