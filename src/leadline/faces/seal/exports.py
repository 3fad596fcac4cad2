"""Exports: files that are made in the background, and small ones that are made at once."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from pydantic import Field, RootModel

from leadline.faces.endpoint import Answer, Call, Download, Endpoint, Need, Nothing
from leadline.faces.seal.asked import OfSite, managed, readable
from leadline.faces.seal.errors import InvalidRequest, TooManyRows
from leadline.faces.seal.export_rows import (
    ExportFormat,
    ExportRequest,
    ExportType,
    count_rows,
    file_of,
    sheet_of,
)
from leadline.faces.seal.shapes import stamp
from leadline.reports import Content, Export, ExportFailed, ExportStatus, Reports
from leadline.sites import SiteId, SiteNotFound, Sites

STREAMED_ROWS = 10_000
"""So many rows are no longer made at once."""

BYTES_OF_A_ROW = {ExportFormat.CSV: 100, ExportFormat.JSON: 300}
ROWS_OF_A_SECOND = 50_000
CHUNK = 64 * 1024
DOWNLOAD = "/exports/download/{download_token}"


class ExportEstimate(Answer):
    estimated_rows: int = Field(ge=0)
    estimated_size_bytes: int = Field(ge=0)
    estimated_size_human: str = Field(examples=["1.2 MB"])
    recommended_format: ExportFormat
    will_use_background_job: bool = Field(description="Whether they are too many to be streamed.")
    estimated_duration_seconds: int = Field(ge=0)

    @classmethod
    def of(cls, rows: int, format: ExportFormat) -> "ExportEstimate":
        size = rows * BYTES_OF_A_ROW[format]
        return cls(
            estimated_rows=rows,
            estimated_size_bytes=size,
            estimated_size_human=human(size),
            recommended_format=ExportFormat.CSV,
            will_use_background_job=rows >= STREAMED_ROWS,
            estimated_duration_seconds=1 + rows // ROWS_OF_A_SECOND,
        )


class ExportJob(Answer):
    id: int
    job_id: str = Field(json_schema_extra={"format": "uuid"})
    account_id: str
    export_type: ExportType
    format: ExportFormat
    date_from: str
    date_to: str
    filters: dict[str, Any]
    status: ExportStatus
    estimated_rows: int | None
    actual_rows: int | None
    file_size_bytes: int | None
    file_size_human: str | None
    progress_percent: int
    download_url: str | None = Field(description="Needs no token, for 24 hours.")
    download_expires_at: str | None
    error_message: str | None
    started_at: str | None
    completed_at: str | None
    expires_at: str | None
    created_by: int | None
    created_at: str

    @classmethod
    def of(cls, export: Export, slug: str, origin: str) -> "ExportJob":
        asked = ExportRequest.model_validate_json(export.asked)
        is_there = export.status is ExportStatus.COMPLETED
        address = f"{origin}/api/v1{DOWNLOAD}".replace("{download_token}", export.token or "")
        return cls(
            id=export.id,
            job_id=export.job_id,
            account_id=slug,
            export_type=asked.export_type,
            format=asked.format,
            date_from=str(asked.date_from),
            date_to=str(asked.date_to),
            filters=asked.filters.model_dump(exclude_none=True),
            status=export.status,
            estimated_rows=export.estimated_rows,
            actual_rows=export.rows,
            file_size_bytes=export.size,
            file_size_human=None if export.size is None else human(export.size),
            progress_percent=100 if is_there else 0,
            download_url=address if is_there else None,
            download_expires_at=_stamped(export.expires_at) if is_there else None,
            error_message=export.error,
            started_at=_stamped(export.started_at),
            completed_at=_stamped(export.completed_at),
            expires_at=_stamped(export.expires_at),
            created_by=None,
            created_at=stamp(export.created_at),
        )


class ExportCreated(Answer):
    job: ExportJob
    estimate: ExportEstimate
    message: str


class ExportList(Answer):
    exports: list[ExportJob]
    total: int


class ExportFile(RootModel[str | list[dict[str, Any]]]):
    """CSV with a row of names, or a list of objects."""


class ListExports(OfSite):
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)
    include_expired: bool = Field(False, description="Whether to list those without a file too.")


def human(size: int) -> str:
    """Such as `1.2 MB`."""
    amount = float(size)
    for unit in ("B", "KB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def _stamped(moment: datetime | None) -> str | None:
    return None if moment is None else stamp(moment)


def create_export(call: Call) -> ExportCreated:
    site, body = readable(call), cast(ExportRequest, call.body)
    rows = count_rows(call.services.reports, site, body)
    export = call.services.exports.create(site.id, body.model_dump_json(), rows)
    return ExportCreated(
        job=ExportJob.of(export, site.slug, call.origin()),
        estimate=ExportEstimate.of(rows, body.format),
        message="The file is being made; its address is told when it is there.",
    )


def list_exports(call: Call) -> ExportList:
    site, query = readable(call), cast(ListExports, call.query)
    found, total = call.services.exports.page(
        site.id, query.limit, query.offset, include_expired=query.include_expired
    )
    origin = call.origin()
    jobs = [ExportJob.of(export, site.slug, origin) for export in found]
    return ExportList(exports=jobs, total=total)


def get_export(call: Call) -> ExportJob:
    site = readable(call)
    export = call.services.exports.get(site.id, _job_id(call))
    return ExportJob.of(export, site.slug, call.origin())


def delete_export(call: Call) -> Nothing:
    site = managed(call)
    call.services.exports.delete(site.id, _job_id(call))
    return Nothing()


def estimate_export(call: Call) -> ExportEstimate:
    site, body = readable(call), cast(ExportRequest, call.body)
    return ExportEstimate.of(count_rows(call.services.reports, site, body), body.format)


def stream_export(call: Call) -> Download:
    site, body = readable(call), cast(ExportRequest, call.body)
    rows = count_rows(call.services.reports, site, body)
    if rows >= STREAMED_ROWS:
        raise TooManyRows(f"There are {rows:,} rows; from {STREAMED_ROWS:,} on make an export")
    sheet = sheet_of(call.services.reports, site, body)
    return Download(body.file_name, file_of(sheet, body.format), body.format.media_type)


def download_export(call: Call) -> Download:
    """What another server has made is made once more."""
    services = call.services
    export = services.exports.find(call.path["download_token"])
    asked = ExportRequest.model_validate_json(export.asked)
    path = services.exports.file(export)
    if path is not None:
        parts = _read(path)
    else:
        parts = iter(content_of(services.reports, services.sites, export).parts)
    return Download(asked.file_name, parts, asked.format.media_type)


def content_of(reports: Reports, sites: Sites, export: Export) -> Content:
    """What an export's file has to hold. Raises `ExportFailed`, `HitsUnavailable`."""
    asked = ExportRequest.model_validate_json(export.asked)
    try:
        site = sites.numbered(SiteId(export.site))
    except SiteNotFound as error:
        raise ExportFailed("The site is there no more") from error
    sheet = sheet_of(reports, site, asked)
    return Content(len(sheet.rows), file_of(sheet, asked.format))


def said_of(export: Export) -> dict[str, Any]:
    """What a webhook is told of an export that is over."""
    asked = ExportRequest.model_validate_json(export.asked)
    return {
        "job_id": export.job_id,
        "export_type": asked.export_type,
        "format": asked.format,
        "date_from": str(asked.date_from),
        "date_to": str(asked.date_to),
        "status": export.status,
        "rows": export.rows,
        "file_size_bytes": export.size,
        "expires_at": _stamped(export.expires_at),
        "error_message": export.error,
    }


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _job_id(call: Call) -> str:
    """Raises `InvalidRequest`."""
    try:
        return str(UUID(call.path["job_id"]))
    except ValueError:
        message = "Input should be a valid UUID"
        raise InvalidRequest.one("path.job_id", message, "uuid_parsing") from None


_ERRORS = {
    400: "The dates are invalid.",
    403: "The token is not allowed to do this.",
    404: "No such site or export.",
    422: "A field is invalid, or the site has too many exports.",
    503: "Hits cannot be counted now; see Retry-After.",
}
_KEPT = {status: _ERRORS[status] for status in (403, 404, 422)}
_FILES = ("text/csv", "application/json")
_GROUP = "Exports"

ENDPOINTS = (
    Endpoint(
        "POST",
        "/exports",
        "Create export",
        Need.READ_NAMED,
        create_export,
        ExportCreated,
        description="Makes a file in the background, which can be had for 24 hours.",
        query=OfSite,
        body=ExportRequest,
        status=201,
        errors=_ERRORS,
        group=_GROUP,
        action="export.create",
    ),
    Endpoint(
        "GET",
        "/exports",
        "List exports",
        Need.READ_NAMED,
        list_exports,
        ExportList,
        description="The newest first.",
        query=ListExports,
        errors=_KEPT,
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        "/exports/estimate",
        "Estimate export",
        Need.READ_NAMED,
        estimate_export,
        ExportEstimate,
        query=OfSite,
        body=ExportRequest,
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        "/exports/stream",
        "Stream export",
        Need.READ_NAMED,
        stream_export,
        ExportFile,
        description=f"The file at once, of fewer than {STREAMED_ROWS:,} rows.",
        query=OfSite,
        body=ExportRequest,
        errors=_ERRORS | {413: "There are too many rows, or the body is too large."},
        group=_GROUP,
        media_types=_FILES,
    ),
    Endpoint(
        "GET",
        DOWNLOAD,
        "Download export",
        Need.NOTHING,
        download_export,
        ExportFile,
        description="Whoever has the address may have the file.",
        errors={404: "There is no such file, or no more.", 503: _ERRORS[503]},
        group=_GROUP,
        media_types=_FILES,
    ),
    Endpoint(
        "GET",
        "/exports/{job_id}",
        "Get export",
        Need.READ_NAMED,
        get_export,
        ExportJob,
        query=OfSite,
        errors=_KEPT,
        group=_GROUP,
    ),
    Endpoint(
        "DELETE",
        "/exports/{job_id}",
        "Delete export",
        Need.MANAGE_NAMED,
        delete_export,
        Nothing,
        description="And its file.",
        query=OfSite,
        status=204,
        errors=_KEPT,
        group=_GROUP,
        action="export.delete",
    ),
)
