"""What a browser's visit adds to what was read."""

from collections.abc import Iterator

from leadline.doctor.browser import Request, Visit
from leadline.doctor.diagnosis import Diagnosis, names
from leadline.doctor.findings import Finding, Kind, found
from leadline.doctor.server import Server
from leadline.sites import Site

_ABSENT = (Kind.NO_SNIPPET, Kind.PERHAPS_INSERTED)
_REFUSED_FROM = 400
_REASONS = {
    "csp": "the page’s Content-Security-Policy does not allow it",
    "mixed-content": "the page has https",
    "ERR_BLOCKED_BY_ORB": "what comes is not what it should be",
    "ERR_TUNNEL_CONNECTION_FAILED": "the server does not answer, or is in a private network",
}
"""What browsers say, in other words."""


def completed(diagnosis: Diagnosis, visit: Visit, site: Site, server: Server) -> list[Finding]:
    """All that is found: a snippet that was not read may have been seen at work."""
    hits = [hit for hit in visit.hits if names(site, str(hit.site)) and server.is_at(hit.address)]
    findings = diagnosis.findings
    if hits and any(finding.kind is Kind.NO_SNIPPET for finding in findings):
        findings = [finding for finding in findings if finding.kind not in _ABSENT]
        findings.append(found(Kind.INSERTED))
    return [*findings, *_scripts(diagnosis, visit), *_hits(hits, diagnosis)]


def _scripts(diagnosis: Diagnosis, visit: Visit) -> Iterator[Finding]:
    own = {str(snippet.address) for snippet in diagnosis.own}
    for request in visit.requests.values():
        if request.is_script and str(request.address) in own:
            reason = _reason(request)
            if request.status >= _REFUSED_FROM:
                reason = f"status {request.status}"
            if reason:
                yield found(Kind.SCRIPT_FAILED, script=request.address, reason=reason)


def _hits(hits: list[Request], diagnosis: Diagnosis) -> Iterator[Finding]:
    if not hits and (not diagnosis.own or any(snippet.sends for snippet in diagnosis.own)):
        yield found(Kind.NO_HIT)
    if len(hits) > 1:
        yield found(Kind.HITS_TWICE, times=len(hits))
    seen = []
    for hit in hits:
        finding = _hit(hit)
        if finding not in seen:
            seen.append(finding)
    yield from seen


def _hit(hit: Request) -> Finding:
    at = hit.address.origin
    if hit.failure or not hit.status:
        return found(Kind.HIT_FAILED, server=at, reason=_reason(hit) or "there is no answer")
    kind = Kind.HIT_REFUSED if hit.status >= _REFUSED_FROM else Kind.HIT
    return found(kind, server=at, status=hit.status)


def _reason(request: Request) -> str:
    return _REASONS.get(request.failure, request.failure)
