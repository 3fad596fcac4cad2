"""What a site has that SealMetrics' routes speak of: one of each, and what makes another."""

from typing import Any

from leadline.reports import AllOf, NewSegment
from leadline.sites import Site
from tests.support import RunningServer

SEGMENT = {"name": "another", "display_name": "Another", "filters": {}}

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/segments"): SEGMENT,
    ("PUT", "/segments/{segment_id}"): {"display_name": "Changed"},
}
"""By method and path; what is not here has none."""


def parts(server: RunningServer, site: Site, path: str) -> dict[str, Any]:
    """The parameters of a path, each of something that is there."""
    leadline = server.leadline
    if "{segment_id}" in path:
        new = NewSegment(display_name="Kept", condition=AllOf())
        return {"segment_id": leadline.segments.create(site.id, new).public_id}
    return {}


def query(site: str) -> dict[str, str]:
    """More than any of them needs; what is unknown is ignored."""
    return {"account_id": site, "new_name": "copy"}
