"""Who may see what a site shares: addresses, passwords, and what stands for a password that was
given once."""

import hmac
import re
from datetime import timedelta
from hashlib import blake2b, sha256

import msgspec

from leadline.access.errors import ShareNotFound, WrongSharePassword
from leadline.access.throttle import HOUR, MINUTE, Throttle
from leadline.clock import Clock, utc_now
from leadline.network import subscriber
from leadline.passwords import share_secret, verify_password
from leadline.sites import (
    PASSWORD_LENGTH,
    ShareLink,
    ShareLinkNotFound,
    ShareLinks,
    Sharing,
    Site,
    SiteNotFound,
    Sites,
)

PASS_VALID = timedelta(days=7)
PASSWORDS_KNOWN = 10_000
_SECRET = re.compile(r"[0-9a-f]{64}")
_PASS = re.compile(r"([0-9]{1,12})\.([0-9a-f]{48})")


class Share(msgspec.Struct, frozen=True):
    """What is shown at one address: a site's own share, or one of its links.

    `password_hash` is of what has to be known; None if nobody is asked.
    """

    site: Site
    link: ShareLink | None
    password_hash: str | None

    @property
    def key(self) -> str:
        """That of no other share, ever."""
        return f"link {self.link.token}" if self.link else f"site {self.site.id}"


class Shares:
    """Looks up everything at every request, so that what ends is over at once.

    Passwords are tried against Argon2id, and only so often: 10 times in 15 minutes for each
    client, 50 times an hour for each share. One that was right is known to this process until it
    is changed, and tried for free. Attempts are counted in this process.
    """

    def __init__(self, sites: Sites, links: ShareLinks, clock: Clock = utc_now) -> None:
        self._sites = sites
        self._links = links
        self._clock = clock
        self._by_address = Throttle(10, 15 * MINUTE)
        self._by_share = Throttle(50, HOUR)
        self._known: set[bytes] = set()

    def of_site(self, code: str) -> Share:
        """The share of the site with this tracking code, case-blind.

        Raises `ShareNotFound`, which does not tell whether there is such a site.
        """
        try:
            shared = self._sites.shared(code)
        except SiteNotFound:
            raise ShareNotFound from None
        if shared.site.sharing is Sharing.NONE:
            raise ShareNotFound
        return Share(shared.site, None, shared.password_hash)

    def of_link(self, code: str, token: str) -> Share:
        """The share of a link, however its site itself is shared. Raises `ShareNotFound`."""
        try:
            site = self._sites.shared(code).site
            link = self._links.find(site, token)
        except (SiteNotFound, ShareLinkNotFound):
            raise ShareNotFound from None
        return Share(site, link, link.password_hash)

    def is_open(self, share: Share, given: str | None) -> bool:
        """Whether nobody is asked for a password, or `given` is a pass that still holds."""
        if share.password_hash is None:
            return True
        match = _PASS.fullmatch(given or "")
        if match is None or int(match[1]) <= self._clock().timestamp():
            return False
        return hmac.compare_digest(_seal(share, match[1]), match[2])

    def enter(self, share: Share, password: str, *, address: str) -> str:
        """As `enter_by_secret`, with the password as somebody types it."""
        secret = share_secret(password) if len(password) <= PASSWORD_LENGTH else ""
        return self.enter_by_secret(share, secret, address=address)

    def enter_by_secret(self, share: Share, secret: str, *, address: str) -> str:
        """A pass for the share: a text that stands for its password, for 7 days.

        `secret` is the SHA-256 of the password, in hex. The pass is over with the password, or
        with the share. Raises `WrongSharePassword`, `RateLimited`.
        """
        self._check(share, secret.lower(), address)
        until = str(int((self._clock() + PASS_VALID).timestamp()))
        return f"{until}.{_seal(share, until)}"

    def note_use(self, share: Share) -> None:
        if share.link is not None:
            self._links.note_use(share.link)

    def _check(self, share: Share, secret: str, address: str) -> None:
        hashed = share.password_hash
        if hashed is None or not _SECRET.fullmatch(secret):
            raise WrongSharePassword
        known = blake2b(secret.encode(), key=_key(hashed)).digest()
        if known in self._known:
            return
        self._by_address.spend(subscriber(address))
        self._by_share.spend(share.key)
        if not verify_password(hashed, secret):
            raise WrongSharePassword
        if len(self._known) >= PASSWORDS_KNOWN:
            self._known.clear()
        self._known.add(known)


def _seal(share: Share, until: str) -> str:
    assert share.password_hash is not None
    said = f"{share.key}|{until}".encode()
    return blake2b(said, key=_key(share.password_hash), digest_size=24, person=b"pass").hexdigest()


def _key(password_hash: str) -> bytes:
    """Of a hash, which has a salt of its own: another password, or the same one set again, has
    another key."""
    return sha256(password_hash.encode()).digest()
