"""Alerts over the wire."""

from decimal import Decimal
from typing import Any

import pytest

from leadline.alerts import Judgement
from leadline.clock import utc_now
from tests.faces.seal.dialect import refusal, wrong_fields
from tests.support import RunningServer

RULES, HISTORY = "/api/v1/alerts/rules", "/api/v1/alerts/history"


def test_a_rule_and_its_history(server: RunningServer) -> None:
    site = server.site()
    query = {"account_id": site.slug}
    with server.client("*") as client:
        body = {"name": "Spike", "threshold_value": "12.5", "email_recipients": ["a@b.example"]}
        answer = client.post(RULES, params=query, json=body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert (made["threshold_value"], made["metric"]) == ("12.50", "pageviews")
        path = f"{RULES}/{made['id']}"
        assert client.get(path, params=query).json() == made
        silent = {"metric": "custom", "custom_condition": {"no_hits_hours": 3}}
        changed = client.patch(path, params=query, json=silent).json()
        assert changed["custom_condition"] == {"no_hits_hours": 3}
        assert client.get(RULES, params=query).json() == {"rules": [changed], "total": 1}
        tested = client.post(f"{path}/test", params=query).json()
        assert (tested["success"], tested["would_trigger"]) == (False, False)

        rule = server.leadline.alert_rules.get(site.id, made["id"])
        found = Judgement(Decimal("4.00"), Decimal("3.00"), None, is_triggered=True)
        server.leadline.alert_history.note(rule, found, utc_now())
        listed = client.get(HISTORY, params=query | {"status": "active"}).json()
        (alert,) = listed["alerts"]
        assert (alert["current_value"], alert["change_percentage"]) == ("4.00", None)
        settled = client.patch(
            f"{HISTORY}/{alert['id']}", params=query, json={"notes": "known"}
        ).json()
        assert (settled["status"], settled["notes"]) == ("acknowledged", "known")
        stats = client.get("/api/v1/alerts/stats", params=query).json()
        assert (stats["total_triggers_24h"], stats["unacknowledged_alerts"]) == (1, 0)
        assert client.delete(path, params=query).status_code == 204
        refusal(client.get(path, params=query), 404, "not_found")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("threshold_value", 10_001),
        ("cooldown_minutes", 4),
        ("custom_condition", {"no_hits_hours": 3}),
        ("email_recipients.0", ["a@b.example\r\nBcc: c@d.example"]),
    ],
)
def test_what_is_refused(server: RunningServer, field: str, value: Any) -> None:
    query = {"account_id": server.site().slug}
    body = {"name": "Spike", field.partition(".")[0]: value}
    with server.client("*") as client:
        answer = client.post(RULES, params=query, json=body)
    assert wrong_fields(answer) == [f"body.{field}"]
