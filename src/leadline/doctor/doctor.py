"""One examination: fetch the page, read it, say what is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from leadline.doctor import errors
from leadline.doctor.addresses import Guard, Resolver, resolve
from leadline.doctor.browser import visit
from leadline.doctor.caches import cached_by
from leadline.doctor.client import Client, Fetched
from leadline.doctor.deadline import Deadline
from leadline.doctor.devtools import BrowserFailed
from leadline.doctor.diagnosis import diagnose, listed_hosts
from leadline.doctor.findings import Finding, Kind, found
from leadline.doctor.observation import completed
from leadline.doctor.server import Server
from leadline.doctor.urls import Address, candidates
from leadline.sites import Site, authorises, seen_host, without_www

SECONDS = 15.0

_UNAVAILABLE = {
    errors.InvalidAddress: Kind.INVALID_ADDRESS,
    errors.ForbiddenAddress: Kind.FORBIDDEN_ADDRESS,
    errors.UnknownHost: Kind.UNKNOWN_HOST,
    errors.NoConnection: Kind.NO_CONNECTION,
    errors.InsecureConnection: Kind.INSECURE,
    errors.TimedOut: Kind.TIMED_OUT,
    errors.BrokenAnswer: Kind.BROKEN_ANSWER,
    errors.TooManyRedirects: Kind.TOO_MANY_REDIRECTS,
}
_HTML = ("", "text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class Doctor:
    """Looks at pages on behalf of a server. `seconds` are for all of an examination.

    A `browser` is a Chromium, which loads the page too. Pages of the site's domains may be in a
    private network if whoever asks `trusts_domains`. If the operator `trusts_address`, that of the
    server, the browser may reach it there as well.
    """

    server: Server
    browser: Path | None = None
    trusts_domains: bool = True
    trusts_address: bool = False
    resolver: Resolver = resolve
    seconds: float = SECONDS

    def examine(self, site: Site, url: str) -> list[Finding]:
        """What there is to say of the page at `url`, for somebody who asks about `site`."""
        deadline = Deadline(self.seconds)
        guard = Guard(self._trusted(site), self.resolver)
        try:
            asked = candidates(url)
            fetched = Client(guard).fetch_first(asked, deadline)
        except errors.PageUnavailable as error:
            about = error.about or url
            return [found(_UNAVAILABLE[type(error)], page=url, about=about, reason=error.reason)]
        return [*_arrival(fetched, asked, site), *self._contents(fetched, site, deadline)]

    def _contents(self, fetched: Fetched, site: Site, deadline: Deadline) -> list[Finding]:
        answer, page = fetched.answer, fetched.address
        if answer.status != 200:
            return [found(Kind.STATUS, page=page, status=answer.status)]
        if answer.media_type not in _HTML:
            return [found(Kind.NOT_HTML, page=page, type=answer.media_type)]
        diagnosis = diagnose(fetched, site, self.server)
        if self.browser is None:
            return diagnosis.findings
        try:
            seen = visit(self.browser, page, self._guard_of_browser(site), deadline)
        except BrowserFailed as error:
            return [*diagnosis.findings, found(Kind.BROWSER_FAILED, reason=error)]
        return completed(diagnosis, seen, site, self.server)

    def _guard_of_browser(self, site: Site) -> Guard:
        own = self.server.address
        trusted = [own.host] if own is not None and self.trusts_address else []
        return Guard([*self._trusted(site), *trusted], self.resolver)

    def _trusted(self, site: Site) -> list[str]:
        return [domain.host for domain in site.domains] if self.trusts_domains else []


def _arrival(fetched: Fetched, asked: list[Address], site: Site) -> Iterator[Finding]:
    answer, page = fetched.answer, fetched.address
    if answer.status == 200:
        yield found(Kind.PAGE, page=asked[-1] if len(asked) == 1 else page)
    if fetched.redirects:
        is_away = not _is_related(page.host, asked[-1].host, site)
        kind = Kind.REDIRECTED_AWAY if is_away else Kind.REDIRECTED
        yield found(kind, page=page, host=page.host)
    if header := cached_by(answer):
        yield found(Kind.CACHED, header=header)
    if not answer.is_whole:
        yield found(Kind.TRUNCATED)


def _is_related(host: str, asked: str, site: Site) -> bool:
    """Whether a host is one of the site's, or above or below the one that was asked for."""
    one, other = without_www(seen_host(host)), without_www(seen_host(asked))
    own = listed_hosts(site)
    return authorises({other}, one) or authorises({one}, other) or authorises(own, one)
