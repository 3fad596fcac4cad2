"""What keeps a snippet that is in a page from working there."""

from collections.abc import Iterator, Sequence

from leadline.doctor.answer import Answer
from leadline.doctor.consent import consent_manager
from leadline.doctor.findings import Finding, Kind, found
from leadline.doctor.page import Page
from leadline.doctor.policy import (
    CONNECT,
    IMAGE,
    Policy,
    blocks_hit,
    blocks_script,
    parse_policies,
    parse_policy,
)
from leadline.doctor.snippets import Snippet, Wire
from leadline.doctor.urls import Address

_SENT = {
    Wire.FATHOM: (("the pageviews", IMAGE), ("the events", CONNECT)),
    Wire.SEAL: (("the hits", CONNECT),),
}
"""What a script sends, and the directives that it is sent under."""


def obstacles(answer: Answer, page: Page, own: Sequence[Snippet]) -> Iterator[Finding]:
    """Consent managers, plain HTTP on a page with TLS, policies."""
    of_headers = parse_policies(answer.all("content-security-policy"))
    of_all = [*of_headers, *map(_of_element, page.policies)]
    is_upgraded = any("upgrade-insecure-requests" in policy.directives for policy in of_all)
    for snippet in own:
        yield from _of_snippet(page, snippet)
        if _is_mixed(page, snippet) and not is_upgraded:
            yield found(Kind.MIXED_CONTENT, wire=snippet.wire.value)
    manager = consent_manager(page)
    if manager and not any(snippet.withheld_by for snippet in own):
        yield found(Kind.CONSENT_MANAGER, manager=manager)
    if own and (of_headers or page.policies):
        yield from _policies(of_headers, page, own)


def _of_snippet(page: Page, snippet: Snippet) -> Iterator[Finding]:
    wire = snippet.wire.value
    if not snippet.sends:
        yield found(Kind.SENDS_NOTHING, wire=wire)
    if snippet.withheld_by:
        yield found(Kind.WITHHELD, wire=wire, manager=snippet.withheld_by)
    attribute = snippet.excludes(page.address.host)
    if attribute:
        yield found(Kind.ELSEWHERE_ONLY, wire=wire, attribute=attribute, host=page.address.host)
    if not snippet.is_served:
        yield found(Kind.NO_SCRIPT, wire=wire, address=snippet.address)


def _is_mixed(page: Page, snippet: Snippet) -> bool:
    return page.address.scheme == "https" and snippet.address.scheme == "http"


def _policies(
    of_headers: Sequence[Policy], page: Page, own: Sequence[Snippet]
) -> Iterator[Finding]:
    blocked: list[Finding] = []
    for snippet in own:
        bind_it = [*of_headers, *map(_of_element, snippet.script.policies)]
        bind_hits = [*of_headers, *map(_of_element, page.policies)]
        blocked += _script_blocked(bind_it, page, snippet) or _hits_blocked(
            bind_hits, page, snippet
        )
    for position, finding in enumerate(blocked):
        if finding not in blocked[:position]:
            yield finding
    if not blocked:
        yield found(Kind.POLICY)


def _script_blocked(policies: Sequence[Policy], page: Page, snippet: Snippet) -> list[Finding]:
    """The first policy that does."""
    script, origin = snippet.script, snippet.address.origin
    nonce, integrity = script.attribute("nonce"), script.attribute("integrity")
    for policy in policies:
        directive = blocks_script(policy, snippet.address, page.address, nonce, integrity)
        if directive == "sandbox":
            return [found(Kind.SANDBOXED)]
        if directive:
            is_strict = policy.is_strict(directive)
            kind = Kind.SCRIPT_UNTRUSTED if is_strict else Kind.SCRIPT_BLOCKED
            wanted = "script-src" if directive == "default-src" else directive
            return [found(kind, wire=snippet.wire.value, origin=origin, directive=wanted)]
    return []


def _hits_blocked(policies: Sequence[Policy], page: Page, snippet: Snippet) -> list[Finding]:
    collector = _collector(snippet)
    return [
        found(
            Kind.HITS_BLOCKED,
            what=what,
            wire=snippet.wire.value,
            origin=collector.origin,
            directive=names[0],
        )
        for policy in policies
        for what, names in _SENT[snippet.wire]
        if blocks_hit(policy, names, collector, page.address)
    ]


def _of_element(text: str) -> Policy:
    """A policy in a page itself has no sandbox."""
    directives = parse_policy(text).directives
    return Policy({name: directives[name] for name in directives if name != "sandbox"})


def _collector(snippet: Snippet) -> Address:
    """Where the script sends its hits."""
    directory = snippet.address.path.rpartition("/")[0]
    name = "event" if snippet.wire is Wire.SEAL else ""
    return snippet.address._replace(path=f"{directory}/{name}", query="")
