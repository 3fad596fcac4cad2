"""What is wrong with a page that was fetched, as far as it can be read."""

from collections.abc import Iterator
from dataclasses import dataclass

from leadline.doctor.client import Fetched
from leadline.doctor.findings import Finding, Kind, found
from leadline.doctor.obstacles import obstacles
from leadline.doctor.page import Page, read_page
from leadline.doctor.server import Server
from leadline.doctor.snippets import Snippet, Wire, snippets
from leadline.sites import Site, authorises, seen_host, without_www


@dataclass(frozen=True)
class Diagnosis:
    """`own` are the snippets that count for the site on this server."""

    page: Page
    own: list[Snippet]
    findings: list[Finding]


def diagnose(fetched: Fetched, site: Site, server: Server) -> Diagnosis:
    """What can be said of an HTML page."""
    page = read_page(fetched.answer.text, fetched.address)
    seen = snippets(page, server.addresses)
    own = [each for each in seen if server.is_at(each.address) and names(site, each.site)]
    findings = [
        *_presence(page, seen, own, site, server),
        *_doubles(own),
        *obstacles(fetched.answer, page, own),
        *_authorisation(page, own, site),
    ]
    return Diagnosis(page, own, findings)


def names(site: Site, name: str) -> bool:
    """Whether a snippet with this name is one of the site's."""
    return name.lower() in (site.code.lower(), site.slug.lower())


def listed_hosts(site: Site) -> frozenset[str]:
    """As `authorises` takes them; none if every host may send hits."""
    return frozenset(without_www(domain.host) for domain in site.domains)


# Which snippets there are


def _presence(
    page: Page, seen: list[Snippet], own: list[Snippet], site: Site, server: Server
) -> Iterator[Finding]:
    if not seen:
        yield found(Kind.NO_SNIPPET)
        if page.scripts:
            yield found(Kind.PERHAPS_INSERTED)
    for snippet in seen:
        wire, at = snippet.wire.value, snippet.address.origin
        if snippet in own:
            yield found(Kind.SNIPPET, wire=wire, site=snippet.site)
            if server.address is None:
                yield found(Kind.ANY_SERVER, wire=wire, server=at)
        elif not server.is_at(snippet.address):
            kind = Kind.ALSO_OTHER_SERVER if own else Kind.OTHER_SERVER
            yield found(kind, wire=wire, server=at, own=server.address and server.address.origin)
        else:
            yield _misnamed(snippet, bool(own), site, server)


def _misnamed(snippet: Snippet, has_own: bool, site: Site, server: Server) -> Finding:
    wire, own = snippet.wire.value, f"{site.code} or {site.slug}"
    if not snippet.site:
        return found(Kind.NO_NAME, wire=wire)
    other = server.site_named(snippet.site)
    if other is None:
        return found(Kind.UNKNOWN_SITE, wire=wire, site=snippet.site, own=own)
    kind = Kind.ALSO_OTHER_SITE if has_own else Kind.OTHER_SITE
    return found(kind, wire=wire, site=snippet.site, name=other.name, own=own)


def _doubles(own: list[Snippet]) -> Iterator[Finding]:
    names: dict[Wire, list[str]] = {}
    for snippet in own:
        if snippet.sends:
            names.setdefault(snippet.wire, []).append(snippet.site)
    if len(names) > 1:
        yield found(Kind.BOTH_SNIPPETS)
    for wire, given in names.items():
        if len(set(given)) > 1:
            yield found(Kind.TWO_NAMES, wire=wire.value, names=" and ".join(dict.fromkeys(given)))
        elif len(given) > 1:
            yield found(Kind.REPEATED, wire=wire.value, times=len(given))


# Whether the server takes what they send


def _authorisation(page: Page, own: list[Snippet], site: Site) -> Iterator[Finding]:
    if not site.is_active:
        yield found(Kind.INACTIVE)
    if not own:
        return
    listed = listed_hosts(site)
    for host in dict.fromkeys(_reported_host(page, snippet) for snippet in own):
        if not listed or authorises(listed, seen_host(host)):
            yield found(Kind.HOST, host=host)
        elif host == page.address.host:
            yield found(Kind.HOST_NOT_LISTED, host=host)
        else:
            yield found(Kind.CANONICAL_NOT_LISTED, host=host)


def _reported_host(page: Page, snippet: Snippet) -> str:
    """Fathom's script takes the page at its word about where it lives."""
    wants_own = "false" in (
        snippet.script.attribute("data-canonical"),
        snippet.script.attribute("canonical"),
    )
    if snippet.wire is Wire.FATHOM and page.canonical is not None and not wants_own:
        return page.canonical.host
    return page.address.host
