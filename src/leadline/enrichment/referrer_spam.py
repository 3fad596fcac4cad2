"""Hosts that send hits only to be seen in reports as a referrer."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from time import monotonic

from leadline.enrichment.watched import WatchedFile
from leadline.hosts import comparable, is_listed
from leadline.logs import logger

_KNOWN = """
4webmasters.org
best-seo-offer.com
best-seo-solution.com
blackhatworth.com
buttons-for-website.com
buttons-for-your-website.com
cenoval.ru
darodar.com
event-tracking.com
floating-share-buttons.com
free-share-buttons.com
free-social-buttons.com
get-free-traffic-now.com
hulfingtonpost.com
humanorightswatch.org
ilovevitaly.com
o-o-6-o-o.com
priceg.com
semalt.com
simple-share-buttons.com
social-buttons.com
success-seo.com
trafficbot.life
trafficmonetize.org
videos-for-your-business.com
webmonetizer.net
xn--lifehacer-1rb.com
"""
KNOWN = frozenset(_KNOWN.split())
"""Some of the best known. An operator's file has the rest."""

log = logger(__name__)


class SpamHosts:
    """The hosts known here and those in the operator's `file`: one a line, `#` begins a comment.

    The file may change at any time; it is read again within 10 seconds. Safe on several threads.
    """

    def __init__(self, file: Path | None = None, seconds: Callable[[], float] = monotonic) -> None:
        self._file = WatchedFile(file, _read, seconds) if file else None
        self._listed: frozenset[str] | None = None
        self._known = lru_cache(maxsize=4096)(self._names)

    def names(self, host: str) -> bool:
        """Whether `host` is listed, or is below a host that is."""
        listed = self._file.get() if self._file else None
        if listed is not self._listed:
            self._listed = listed
            self._known.cache_clear()
        return self._known(host)

    def _names(self, host: str) -> bool:
        host = comparable(host)
        return is_listed(host, KNOWN) or is_listed(host, self._listed or ())


def _read(file: Path) -> frozenset[str]:
    lines = file.read_text("utf-8-sig", "replace").splitlines()
    entries = [entry for line in lines if (entry := line.partition("#")[0].strip())]
    hosts = frozenset(host for entry in entries if "." in (host := comparable(entry)))
    refused = [entry for entry in entries if "." not in comparable(entry)]
    if refused:
        log.warning("lines that name no host", file=str(file), lines=len(refused), first=refused[0])
    return hosts
