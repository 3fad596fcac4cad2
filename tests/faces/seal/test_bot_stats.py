"""What programs send, by the refusals that are kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from leadline.spool import Hit, Reason, Record, Refusal
from tests.clickhouse import Engine
from tests.faces.seal.dialect import calls, data, wrong_fields
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.support import running_server

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)  # 02:30 in Madrid


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def test_days_of_the_sites_time_zone(engine: Engine, tmp_path: Path) -> None:
    url = engine.url(tmp_path)
    with running_server(tmp_path, clock=lambda: NOW, warehouse_url=url) as server:
        site = server.site("Bots", timezone="Europe/Madrid")
        records: list[Record] = [
            Refusal(site.id, ago(hours=1), Reason.BLOCKLIST_UA, "a.example"),
            Refusal(site.id, ago(hours=1), Reason.INVALID_DOMAIN, "b.example"),
            Refusal(site.id, ago(hours=5), Reason.BLOCKLIST_UA, "a.example"),
            Refusal(site.id, ago(hours=6), Reason.DATA_CENTRE, "a.example"),
            Refusal(site.id, ago(days=6), Reason.REFERRER_SPAM, "a.example"),
            Refusal(site.id, ago(days=6, hours=3), Reason.REFERRER_SPAM, "a.example"),
        ]
        times = (ago(minutes=1), ago(hours=4), ago(hours=7), ago(hours=8), ago(hours=30))
        hits: list[Hit] = [hit("/", site=site.id, received_at=at, day=at.date()) for at in times]
        store(server.leadline.storage.warehouse, *hits, *records)
        with calls(server, server.token("*")) as api:
            asked = {"account_id": site.slug}
            found = data(api.get("/bot-stats/overview", params=asked | {"days": "2"}))
            week = data(api.get("/bot-stats/overview", params=asked))
            none: httpx.Response = api.get(
                "/bot-stats/overview", params={"account_id": site.slug, "days": "91"}
            )
    assert found == {
        "period_start": "2026-03-09",
        "period_end": "2026-03-10",
        "distribution": {
            "score_0": 4,
            "score_1_30": 0,
            "score_31_60": 0,
            "score_61_80": 0,
            "score_81_100": 3,
            "total_hits": 7,
            "avg_score": 42.86,
            "suspicious_percentage": 42.86,
        },
        "top_flags": [
            {
                "flag": "blocklist_ua",
                "count": 2,
                "description": "The User-Agent is that of a crawler or another program",
            },
            {"flag": "data_centre", "count": 1, "description": "It comes from a data centre"},
        ],
        "daily_trend": [
            {"date": "2026-03-09", "total_hits": 5, "suspicious_hits": 2, "avg_score": 40.0},
            {"date": "2026-03-10", "total_hits": 2, "suspicious_hits": 1, "avg_score": 50.0},
        ],
    }
    assert wrong_fields(none) == ["query.days"]
    assert (week["period_start"], week["period_end"]) == ("2026-03-04", "2026-03-10")
    assert [day["suspicious_hits"] for day in week["daily_trend"]] == [1, 0, 0, 0, 0, 2, 1]
    assert [day["total_hits"] for day in week["daily_trend"]] == [1, 0, 0, 0, 1, 5, 2]
    assert week["distribution"]["total_hits"] == 9
    assert [flag["flag"] for flag in week["top_flags"]][2:] == ["referrer_spam"]
