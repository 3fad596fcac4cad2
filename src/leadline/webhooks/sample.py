"""What a webhook is tested with."""

from typing import Any

_DATA = {
    "test": True,
    "rule_id": 0,
    "rule_name": "A sample",
    "alert_type": "traffic_spike",
    "metric": "pageviews",
    "current_value": "180.00",
    "baseline_value": "100.00",
    "change_percentage": "80.00",
}
_CONTEXT = {"note": "Nothing has happened"}


def sample(*, with_context: bool = True) -> dict[str, Any]:
    """The data of an event that did not happen, and says so."""
    return _DATA | {"context": _CONTEXT} if with_context else dict(_DATA)
