"""What a site has that SealMetrics' routes speak of: one of each, and what makes another."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from leadline.alerts import Judgement, NewRule, Rule
from leadline.app import Leadline
from leadline.clock import utc_now
from leadline.reports import AllOf, Content, NewSegment
from leadline.sites import NewChannelRule, NewPassthroughReferrer, Site
from leadline.webhooks import MOST_WEBHOOKS, EventType, NewWebhook
from tests.support import RunningServer

SEGMENT = {"name": "another", "display_name": "Another", "filters": {}}
RULE = {"channel_name": "Partners", "source_pattern": "partner"}
EXPORT = {"export_type": "pages", "date_from": "2026-03-01", "date_to": "2026-03-10"}

WEBHOOK = {
    "name": "Another",
    "url": "https://127.0.0.1/",
    "event_types": ["alert.triggered"],
}

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/segments"): SEGMENT,
    ("PUT", "/segments/{segment_id}"): {"display_name": "Changed"},
    ("POST", "/blocklist-ips"): {"ip_or_cidr": "203.0.113.0/24"},
    ("PATCH", "/blocklist-ips/{entry_id}"): {"reason": "Changed"},
    ("POST", "/channel-groups"): RULE,
    ("POST", "/channel-groups/import"): {"rules": [RULE]},
    ("POST", "/channel-groups/test"): {"source": "google", "medium": "cpc"},
    ("PATCH", "/channel-groups/{rule_id}"): {"priority": 60},
    ("POST", "/exports"): EXPORT,
    ("POST", "/exports/estimate"): EXPORT,
    ("POST", "/exports/stream"): EXPORT,
    ("POST", "/alerts/rules"): {"name": "Another"},
    ("PATCH", "/alerts/rules/{rule_id}"): {"name": "Changed"},
    ("PATCH", "/alerts/history/{alert_id}"): {"status": "acknowledged"},
    ("POST", "/webhooks"): WEBHOOK,
    ("PATCH", "/webhooks/{endpoint_id}"): {"name": "Changed"},
    ("POST", "/webhooks/bulk/replay"): {"delivery_ids": ["00000000-0000-4000-8000-000000000000"]},
    ("POST", "/passthrough-referrers"): {"domain": "bank.example", "utm_source": "bank"},
    ("PATCH", "/passthrough-referrers/{referrer_id}"): {"utm_source": "changed"},
}
"""By method and path; what is not here has none."""


def parts(server: RunningServer, site: Site, path: str) -> dict[str, Any]:
    """The parameters of a path, each of something that is there."""
    if "/alerts/rules/" in path:
        return {"rule_id": _alert_rule(server.leadline, site).id}
    if "{delivery_id}" in path:
        return _delivery(server.leadline, site)
    name = path.partition("{")[2].partition("}")[0]
    return {name: _MADE[name](server.leadline, site)} if name in _MADE else {}


def _segment(leadline: Leadline, site: Site) -> str:
    new = NewSegment(display_name="Kept", condition=AllOf())
    return leadline.segments.create(site.id, new).public_id


def _blocked(leadline: Leadline, site: Site) -> int:
    return leadline.block_rules.add(site, "address", "203.0.113.9").id


def _rule(leadline: Leadline, site: Site) -> int:
    rule = NewChannelRule(channel_name="Kept", medium_pattern="kept")
    return leadline.channel_rules.add(site, rule).id


def _referrer(leadline: Leadline, site: Site) -> int:
    referrer = NewPassthroughReferrer(domain="pay.example", utm_source="pay")
    return leadline.passthrough_referrers.add(site, referrer).id


def _job(leadline: Leadline, site: Site) -> str:
    return leadline.exports.create(site.id, json.dumps(EXPORT), 0).job_id


def _file(leadline: Leadline, site: Site) -> str:
    export = leadline.exports.create(site.id, json.dumps(EXPORT), 0)
    leadline.exports.complete(export, Content(0, [b"path,page_views\r\n"]))
    token = leadline.exports.get(site.id, export.job_id).token
    assert token
    return token


def _alert_rule(leadline: Leadline, site: Site) -> Rule:
    """The only one of the site."""
    for rule in leadline.alert_rules.list(site.id, include_inactive=True):
        leadline.alert_rules.delete(site.id, rule.id)
    return leadline.alert_rules.create(site.id, NewRule(name="Kept"))


def _alert(leadline: Leadline, site: Site) -> int:
    found = Judgement(Decimal(2), Decimal(1), Decimal(100), is_triggered=True)
    leadline.alert_history.note(_alert_rule(leadline, site), found, utc_now())
    return leadline.alert_history.page(site.id, 1, 0)[0][0].id


def _webhook(leadline: Leadline, site: Site) -> str:
    """One that leads nowhere, as nothing private may be asked."""
    url, types = "https://127.0.0.1/", (EventType.ALERT_TRIGGERED,)
    new = NewWebhook(name="Kept", url=url, event_types=types)
    while leadline.webhooks.page(site.id, 1, 0)[1] >= MOST_WEBHOOKS:
        oldest = leadline.webhooks.page(site.id, 1, 0)[0][0]
        leadline.webhooks.delete(site.id, oldest.endpoint_id)
    return leadline.webhooks.create(site.id, new)[0].endpoint_id


def _delivery(leadline: Leadline, site: Site) -> dict[str, str]:
    endpoint = _webhook(leadline, site)
    tested = leadline.courier.test(site.id, site.slug, endpoint, EventType.ALERT_TRIGGERED, {})
    return {"endpoint_id": endpoint, "delivery_id": tested.delivery.delivery_id}


_MADE: dict[str, Callable[[Leadline, Site], Any]] = {
    "segment_id": _segment,
    "entry_id": _blocked,
    "rule_id": _rule,
    "referrer_id": _referrer,
    "alert_id": _alert,
    "endpoint_id": _webhook,
    "job_id": _job,
    "download_token": _file,
}


def query(site: str) -> dict[str, str]:
    """More than any of them needs; what is unknown is ignored."""
    return {"account_id": site, "new_name": "copy"}
