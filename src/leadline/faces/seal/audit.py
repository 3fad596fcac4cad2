"""The audit log: who changed what, and when."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from leadline.access import AuditEntry, Wanted
from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.seal.shapes import Envelope, stamp

_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("The moment is out of range") from None


def _written(value: Any) -> Any:
    """A number is no moment."""
    if isinstance(value, str) and not _DATE.match(value):
        raise PydanticCustomError("datetime_parsing", "Input should be as in 2026-03-31T12:00:00Z")
    return value


Moment = Annotated[datetime, BeforeValidator(_written), AfterValidator(_utc)]


class LogsQuery(BaseModel):
    action: str | None = Field(default=None, max_length=64, description="As `segment.create`.")
    resource_type: str | None = Field(default=None, max_length=64, description="As `segment`.")
    user_id: int | None = Field(default=None, ge=1, le=2**31 - 1)
    from_date: Moment | None = Field(default=None, description="In UTC, if it names no zone.")
    to_date: Moment | None = Field(default=None, description="Until then, itself in.")
    page: int = Field(default=1, ge=1, le=1_000_000)
    page_size: int = Field(default=50, ge=1, le=100)


class AuditLogInfo(Answer):
    id: int
    user_id: int | None
    user_email: str | None
    user_name: str = Field(description="Of a token its name, else `command line`.")
    action: str = Field(examples=["segment.create"])
    resource_type: str
    resource_id: str
    account_id: str | None = Field(description="The slug of the site.")
    details: dict[str, Any]
    ip_address: str | None = Field(description="Of people alone.")
    created_at: str

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditLogInfo":
        return cls(
            id=entry.id,
            user_id=entry.actor.user_id,
            user_email=entry.actor.email,
            user_name=entry.actor.name,
            action=entry.change.action,
            resource_type=entry.change.resource_type,
            resource_id=entry.change.resource_id,
            account_id=entry.change.site,
            details=dict(entry.change.details),
            ip_address=entry.actor.address,
            created_at=stamp(entry.at),
        )


class AuditLogList(Answer):
    logs: list[AuditLogInfo]
    total: int
    page: int
    page_size: int
    total_pages: int


def list_logs(call: Call) -> Envelope[AuditLogList]:
    asked = cast(LogsQuery, call.query)
    until = asked.to_date
    wanted = Wanted(
        action=asked.action,
        resource_type=asked.resource_type,
        user_id=asked.user_id,
        since=asked.from_date,
        until=None if until is None else until.replace(microsecond=999_999),
    )
    offset = (asked.page - 1) * asked.page_size
    entries, total = call.services.audit.entries(
        call.caller.organisation, wanted, asked.page_size, offset
    )
    return Envelope(
        data=AuditLogList(
            logs=list(map(AuditLogInfo.of, entries)),
            total=total,
            page=asked.page,
            page_size=asked.page_size,
            total_pages=-(-total // asked.page_size),
        )
    )


ENDPOINT = Endpoint(
    "GET",
    "/audit/logs",
    "List changes",
    Need.FULL,
    list_logs,
    Envelope[AuditLogList],
    description="Of this organisation, the newest first.",
    query=LogsQuery,
    errors={403: "The token is not allowed to do this.", 422: "A parameter is invalid."},
    group="Audit log",
)
