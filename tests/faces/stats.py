"""What has to be said for a statistic of SealMetrics' dialect, whatever it is of."""

from typing import Any

_QUESTION = {"date_from": "2026-03-01", "date_to": "2026-03-31"}
_BATCH = {"queries": [{"id": "first", "endpoint": "/stats/overview"}]}

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/stats/query"): _QUESTION,
    ("POST", "/stats/query/export"): _QUESTION,
    ("POST", "/stats/funnel"): {"steps": ["/", "signup"]},
    ("POST", "/batch"): _BATCH,
    ("POST", "/batch/validate"): _BATCH,
}
"""By method and path."""

PARTS = {"conversion_type": "signup"}
"""The parameters of paths."""


def query(site: str) -> dict[str, str]:
    """More than any of them needs; what is unknown is ignored."""
    return {"site_id": site, "property_key": "plan"}


def is_one(path: str) -> bool:
    return path.startswith(("/stats/", "/batch"))
