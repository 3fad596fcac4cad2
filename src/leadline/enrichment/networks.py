"""Whose network an address is in."""

from iporigin import BOT, HOSTING, classify

from leadline.network import Address, unmapped


def is_data_centre(address: Address) -> bool:
    """Whether the address is of a hosting provider or of a crawler that says so.

    Not so for exits of VPNs, of Apple's Private Relay and of Tor: there are people behind them.
    """
    return classify(unmapped(address)).kind in (HOSTING, BOT)
