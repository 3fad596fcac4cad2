"""Which address is the server's own."""

from collections.abc import Callable
from dataclasses import dataclass

from leadline.doctor.errors import InvalidAddress
from leadline.doctor.urls import Address, parse_address
from leadline.sites import OrganisationId, Site, SiteId, SiteNotFound, Sites
from leadline.tracker import VENDORS, Addresses

Named = Callable[[str], Site | None]
"""The site with this code or slug, case-blind."""


@dataclass(frozen=True)
class Server:
    """`address` is None where nobody has said it."""

    address: Address | None
    site_named: Named
    addresses: Addresses = VENDORS

    def is_at(self, address: Address) -> bool:
        """Whether it may be this server that is asked there; http and https are one.

        Below the operator's path it is so on any host: that of the page sends it on.
        """
        own = self.address
        if own is None or address.origin == own.origin:
            return True
        if self.addresses.path and address.path in self.addresses.aliases():
            return True
        return own.authority == address.authority and own.host == own.authority


def server_at(url: str | None, site_named: Named, addresses: Addresses = VENDORS) -> Server:
    """Raises `InvalidAddress`."""
    if url is None:
        return Server(None, site_named, addresses)
    if "://" not in url:
        raise InvalidAddress(url)
    return Server(parse_address(url), site_named, addresses)


def named_in(
    sites: Sites,
    organisation: OrganisationId,
    may_read: Callable[[SiteId], bool] = lambda site: True,
) -> Named:
    """The sites of an organisation that whoever asks may know of."""

    def named(name: str) -> Site | None:
        try:
            found = sites.get(organisation, name)
        except SiteNotFound:
            return None
        return found if may_read(found.id) else None

    return named
