"""Exports over the wire: files made in the background and at once, with the statistics' numbers."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from leadline.faces.seal import exports as exports_module
from leadline.faces.seal.export_rows import ExportType
from leadline.faces.seal.exports import human
from tests.clickhouse import Engine
from tests.faces.seal.dialect import data, moment, new_site, refusal, wrong_fields
from tests.faces.seal.shop import FIRST, LAST, Shop, open_shop
from tests.support import eventually

ASKED = {"date_from": str(FIRST), "date_to": str(LAST)}
LISTS = {
    "pages": "/stats/pages",
    "sources": "/stats/sources",
    "mediums": "/stats/mediums",
    "campaigns": "/stats/campaigns",
    "terms": "/stats/terms",
    "countries": "/stats/geo/countries",
    "devices": "/stats/devices/types",
    "browsers": "/stats/browsers",
    "os": "/stats/operating-systems",
    "landing_pages": "/stats/landing-pages",
}
JOB = {
    *("id", "job_id", "account_id", "export_type", "format", "date_from", "date_to", "filters"),
    *("status", "estimated_rows", "actual_rows", "file_size_bytes", "file_size_human"),
    *("progress_percent", "download_url", "download_expires_at", "error_message", "started_at"),
    *("completed_at", "expires_at", "created_by", "created_at"),
}
ESTIMATE = {
    *("estimated_rows", "estimated_size_bytes", "estimated_size_human", "recommended_format"),
    *("will_use_background_job", "estimated_duration_seconds"),
}


@pytest.fixture(scope="module")
def shop(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(engine, tmp_path_factory.mktemp("exports")) as opened:
        yield opened


def post(shop: Shop, path: str, **body: Any) -> httpx.Response:
    query = {"account_id": shop.site.slug}
    return shop.client.post(f"/exports{path}", params=query, json=ASKED | body)


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


def finished(shop: Shop, job: dict[str, Any]) -> dict[str, Any]:
    def look() -> Any:
        query = {"account_id": shop.site.slug}
        answer = shop.client.get(f"/exports/{job['job_id']}", params=query)
        assert answer.status_code == 200
        found = answer.json()
        return found["status"] in ("completed", "failed") and found

    found: dict[str, Any] = eventually(look)
    return found


@pytest.mark.parametrize("kind", LISTS)
def test_rows_are_those_of_the_statistics(shop: Shop, kind: str) -> None:
    listed = shop.ask(LISTS[kind], page_size=100)["data"]
    answer = post(shop, "/stream", export_type=kind)
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="{kind}_{FIRST}_{LAST}.csv"'
    )
    assert answer.headers["cache-control"] == "no-store"
    rows = rows_of(answer)
    names = list(rows[0])
    expected = [{name: _plain(row[name]) for name in names} for row in listed]
    assert [{name: _plain(row[name]) for name in names} for row in rows] == expected
    as_json = post(shop, "/stream", export_type=kind, format="json")
    assert as_json.headers["content-type"] == "application/json"
    assert as_json.json() == [{name: row[name] for name in names} for row in listed]


def _plain(value: Any) -> Any:
    """Of CSV or of JSON alike."""
    try:
        return float(value)
    except ValueError:
        return value.removeprefix("'")


def test_events_and_days(shop: Shop) -> None:
    for kind, path in (
        ("conversions", "/stats/conversions/raw"),
        ("microconversions", "/stats/microconversions/raw"),
    ):
        raw = shop.ask(path, page_size=10_000)["data"]
        assert raw
        answer = post(shop, "/stream", export_type=kind)
        names = ["date", "conversion_type", "amount", "properties"]
        if kind == "microconversions":
            names.remove("amount")
        assert answer.text.splitlines()[0] == ",".join(names)
        assert len(rows_of(answer)) == len(raw)
        found = post(shop, "/stream", export_type=kind, format="json").json()
        assert found == [{name: row[name] for name in names} for row in raw]
    days = rows_of(post(shop, "/stream", export_type="time_series"))
    assert [row["date"] for row in days] == [str(FIRST), str(LAST)]
    traffic = shop.ask("/stats/overview")["data"]["traffic"]
    for name in ("entrances", "page_views", "conversions", "microconversions"):
        assert sum(int(row[name]) for row in days) == traffic[name]


def test_filters(shop: Shop) -> None:
    listed = shop.ask("/stats/sources", page_size=100, utm_medium="organic", country="ES")["data"]
    filters: dict[str, Any] = {"utm_medium": "organic", "country": "es"}
    rows = post(shop, "/stream", export_type="sources", format="json", filters=filters).json()
    assert [row["entrances"] for row in rows] == [row["entrances"] for row in listed]
    advanced = {"advanced_filters": "utm_medium:eq:organic,country:eq:ES"}
    answer = post(shop, "/stream", export_type="sources", format="json", filters=advanced)
    assert answer.json() == rows
    name = shop.ask("/stats/conversions/raw", page_size=1)["data"][0]["conversion_type"]
    of_type = post(
        shop, "/stream", export_type="conversions", format="json", filters={"conversion_type": name}
    ).json()
    assert of_type
    assert {row["conversion_type"] for row in of_type} == {name}
    wrong = post(shop, "/stream", export_type="sources", filters={"advanced_filters": "x:eq:y"})
    assert wrong_fields(wrong) == ["body.filters.advanced_filters"]


def test_a_file_is_made_in_the_background_and_had_without_a_token(shop: Shop) -> None:
    created = post(shop, "", export_type="conversions", filters={"country": "ES"})
    assert created.status_code == 201
    answer = created.json()
    assert answer.keys() == {"job", "estimate", "message"}
    assert answer["job"].keys() == JOB
    assert answer["estimate"].keys() == ESTIMATE
    assert answer["job"]["filters"] == {"country": "ES"}
    job = finished(shop, answer["job"])
    assert job.keys() == JOB
    assert (job["status"], job["progress_percent"]) == ("completed", 100)
    assert job["actual_rows"] == job["estimated_rows"] == answer["estimate"]["estimated_rows"]
    assert moment(job["download_expires_at"]) > moment(job["completed_at"])
    streamed = post(shop, "/stream", export_type="conversions", filters={"country": "ES"})
    for remade in (False, True):
        downloaded = httpx.get(job["download_url"], verify=False)
        assert downloaded.status_code == 200
        assert downloaded.text == streamed.text
        assert len(downloaded.content) == job["file_size_bytes"]
        name = f"conversions_{FIRST}_{LAST}.csv"
        assert downloaded.headers["content-disposition"] == f'attachment; filename="{name}"'
        export = shop.server.leadline.exports.get(shop.site.id, job["job_id"])
        file = shop.server.leadline.exports.file(export)
        if not remade and file:
            file.unlink()  # as if another server had made it
    query = {"account_id": shop.site.slug}
    listed = shop.client.get("/exports", params=query).json()
    assert job in listed["exports"]
    assert listed["total"] == len(listed["exports"])
    assert shop.client.delete(f"/exports/{job['job_id']}", params=query).status_code == 204
    refusal(shop.client.get(f"/exports/{job['job_id']}", params=query), 404, "not_found")
    refusal(httpx.get(job["download_url"], verify=False), 404, "not_found")


def test_many_rows_are_not_streamed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports_module, "STREAMED_ROWS", 2)
    estimate = post(shop, "/estimate", export_type="conversions").json()
    assert estimate.keys() == ESTIMATE
    assert estimate["will_use_background_job"] is True
    refusal(post(shop, "/stream", export_type="conversions"), 413, "payload_too_large")
    assert (
        finished(shop, post(shop, "", export_type="conversions").json()["job"])["actual_rows"] > 2
    )


def test_what_fails_says_why(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadline.faces.seal.export_rows.MOST_ROWS", 1)
    job = finished(shop, post(shop, "", export_type="conversions").json()["job"])
    assert (job["status"], job["download_url"]) == ("failed", None)
    assert job["error_message"] == "There are more than 1 rows; ask for fewer days"


def test_what_is_refused(shop: Shop) -> None:
    for body, field in (
        ({"export_type": "visitors"}, "body.export_type"),
        ({"export_type": "pages", "format": "xlsx"}, "body.format"),
        ({"export_type": "pages", "date_from": "yesterday"}, "body.date_from"),
        ({"export_type": "pages", "filters": {"country": "Spain"}}, "body.filters.country"),
    ):
        for path in ("", "/estimate", "/stream"):
            assert wrong_fields(post(shop, path, **body)) == [field]
    turned = {"export_type": "pages", "date_from": str(LAST), "date_to": str(FIRST)}
    refusal(post(shop, "", **turned), 400, "bad_request")
    query = {"account_id": shop.site.slug}
    assert wrong_fields(shop.client.get("/exports/7", params=query)) == ["path.job_id"]
    refusal(shop.client.get(f"/exports/{uuid4()}", params=query), 404, "not_found")
    refusal(shop.client.get("/exports/download/nothing"), 404, "not_found")


def test_every_type_is_made_of_nothing_too(shop: Shop) -> None:
    empty = {"account_id": new_site(shop.client)["id"]}
    for kind in ExportType:
        body = ASKED | {"export_type": kind, "format": "json"}
        answer = shop.client.post("/exports/stream", params=empty, json=body)
        rows = json.loads(answer.text)
        assert len(rows) == (2 if kind is ExportType.TIME_SERIES else 0)
    assert data(shop.client.get(f"/sites/{empty['account_id']}"))


def test_sizes_for_people() -> None:
    sizes = (0, 999, 1_200, 5_000_000, 2_500_000_000)
    assert [human(size) for size in sizes] == ["0 B", "999 B", "1.2 KB", "5.0 MB", "2.5 GB"]
