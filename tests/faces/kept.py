"""What a site has that SealMetrics' routes speak of: one of each, and what makes another."""

from typing import Any

from leadline.reports import AllOf, NewSegment
from leadline.sites import NewChannelRule, NewPassthroughReferrer, Site
from tests.support import RunningServer

SEGMENT = {"name": "another", "display_name": "Another", "filters": {}}
RULE = {"channel_name": "Partners", "source_pattern": "partner"}

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/segments"): SEGMENT,
    ("PUT", "/segments/{segment_id}"): {"display_name": "Changed"},
    ("POST", "/blocklist-ips"): {"ip_or_cidr": "203.0.113.0/24"},
    ("PATCH", "/blocklist-ips/{entry_id}"): {"reason": "Changed"},
    ("POST", "/channel-groups"): RULE,
    ("POST", "/channel-groups/import"): {"rules": [RULE]},
    ("POST", "/channel-groups/test"): {"source": "google", "medium": "cpc"},
    ("PATCH", "/channel-groups/{rule_id}"): {"priority": 60},
    ("POST", "/passthrough-referrers"): {"domain": "bank.example", "utm_source": "bank"},
    ("PATCH", "/passthrough-referrers/{referrer_id}"): {"utm_source": "changed"},
}
"""By method and path; what is not here has none."""


def parts(server: RunningServer, site: Site, path: str) -> dict[str, Any]:
    """The parameters of a path, each of something that is there."""
    leadline = server.leadline
    if "{segment_id}" in path:
        new = NewSegment(display_name="Kept", condition=AllOf())
        return {"segment_id": leadline.segments.create(site.id, new).public_id}
    if "{entry_id}" in path:
        return {"entry_id": leadline.block_rules.add(site, "address", "203.0.113.9").id}
    if "{rule_id}" in path:
        rule = NewChannelRule(channel_name="Kept", medium_pattern="kept")
        return {"rule_id": leadline.channel_rules.add(site, rule).id}
    if "{referrer_id}" in path:
        referrer = NewPassthroughReferrer(domain="pay.example", utm_source="pay")
        return {"referrer_id": leadline.passthrough_referrers.add(site, referrer).id}
    return {}


def query(site: str) -> dict[str, str]:
    """More than any of them needs; what is unknown is ignored."""
    return {"account_id": site, "new_name": "copy"}
