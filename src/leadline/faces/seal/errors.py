"""Errors as the SealMetrics dialect words them."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from leadline.access import (
    AccessNotFound,
    AlreadyMember,
    ConfirmationFailed,
    EmailTaken,
    InvalidEmail,
    InvalidOrganisationName,
    InvalidTokenName,
    InvalidUserName,
    InvalidUserPassword,
    InvitationForAnother,
    InvitationNotFound,
    InvitationOver,
    LastOrganisation,
    LastOwner,
    MemberNotFound,
    NotAllowed,
    OrganisationNotFound,
    RateLimited,
    SessionNotFound,
    Stale,
    TokenNotFound,
    Unauthenticated,
    WrongCode,
    WrongCredentials,
)
from leadline.alerts import AlertNotFound, InvalidRule, TooManyRules
from leadline.collector import BundleTooLarge, NotTaken
from leadline.faces.face import HttpError
from leadline.patience import TooSlow
from leadline.reports import (
    HitsUnavailable,
    InvalidSaved,
    SavedNameTaken,
    SavedNotFound,
    SiteGone,
    TooManySaved,
)
from leadline.sites import (
    BlockRuleNotFound,
    DomainNotFound,
    EntryIsLive,
    EntryNotFound,
    InvalidBlockRule,
    InvalidCurrency,
    InvalidDomain,
    InvalidEntry,
    InvalidName,
    InvalidParameter,
    InvalidTimezone,
    SiteNotFound,
    Taken,
    TooManyBlockRules,
    TooManyEntries,
    UtmMappingNotFound,
)
from leadline.webhooks import InvalidWebhook, NotReplayable, TooManyWebhooks, WebhookNotFound


class TwoFactorFirst(Exception):
    """The organisation lets nobody in without a second factor."""

    def __init__(self) -> None:
        super().__init__("Set up a second factor first, on the pages")


class CsrfFailed(HttpError):
    """A cookie came without the word in a header that goes with it."""

    status = 403

    def __init__(self) -> None:
        super().__init__("The header X-CSRF-Token does not say what the cookie sm_csrf_token does")


class OrgCreationNotAllowed(Exception):
    """Whoever owns no organisation makes none."""

    def __init__(self) -> None:
        super().__init__("Only owners of an organization may create another one")


class UserAlreadyMember(Exception):
    """Whoever is invited is in the organisation."""


class AlreadyHasAccess(Exception):
    def __init__(self, user: int) -> None:
        super().__init__(f"The user {user} has the site already")


class CannotModifySystem(Exception):
    """What every site has of itself cannot be changed."""


_HTTP_CODES = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "payload_too_large",
    415: "unsupported_media_type",
}

_ROOM_ERRORS: dict[type[Exception], tuple[int, str]] = {
    InvalidTimezone: (400, "invalid_timezone"),
    InvalidDomain: (400, "invalid_domain"),
    BundleTooLarge: (413, "payload_too_large"),
    SiteNotFound: (404, "not_found"),
    DomainNotFound: (404, "not_found"),
    UtmMappingNotFound: (404, "not_found"),
    BlockRuleNotFound: (404, "not_found"),
    EntryNotFound: (404, "not_found"),
    EntryIsLive: (409, "rule_is_live"),
    TooManyEntries: (422, "max_entries_reached"),
    TooManyBlockRules: (422, "max_entries_reached"),
    CannotModifySystem: (403, "cannot_modify_system"),
    SavedNotFound: (404, "not_found"),
    SiteGone: (404, "not_found"),
    SavedNameTaken: (409, "conflict"),
    TwoFactorFirst: (403, "two_factor_required"),
    WrongCredentials: (401, "invalid_credentials"),
    WrongCode: (401, "invalid_credentials"),
    Stale: (400, "bad_request"),
    SessionNotFound: (404, "not_found"),
    TokenNotFound: (404, "not_found"),
    OrganisationNotFound: (404, "org_not_found"),
    MemberNotFound: (404, "member_not_found"),
    AccessNotFound: (404, "not_found"),
    InvitationNotFound: (404, "invitation_not_found"),
    InvitationOver: (404, "invitation_not_found"),
    InvitationForAnother: (403, "forbidden"),
    NotAllowed: (403, "insufficient_permissions"),
    OrgCreationNotAllowed: (403, "org_creation_not_allowed"),
    LastOwner: (400, "last_owner"),
    ConfirmationFailed: (400, "confirmation_failed"),
    LastOrganisation: (409, "conflict"),
    AlreadyMember: (409, "member_already_exists"),
    UserAlreadyMember: (409, "user_already_member"),
    AlreadyHasAccess: (409, "conflict"),
    EmailTaken: (409, "conflict"),
    TooManySaved: (422, "max_entries_reached"),
    AlertNotFound: (404, "not_found"),
    TooManyRules: (422, "max_entries_reached"),
    WebhookNotFound: (404, "not_found"),
    TooManyWebhooks: (422, "max_entries_reached"),
    NotReplayable: (409, "conflict"),
}

_INVALID_FIELDS: dict[type[Exception], str] = {
    InvalidName: "body.name",
    InvalidUserName: "body.name",
    InvalidOrganisationName: "body.name",
    InvalidEmail: "body.email",
    InvalidTokenName: "body.name",
    InvalidUserPassword: "body.new_password",
    InvalidCurrency: "body.currency",
    InvalidParameter: "body.custom_param",
}


class BadRequest(HttpError):
    status = 400


class TooManyRows(HttpError):
    status = 413


class Forbidden(HttpError):
    status = 403


Problem = dict[str, str]
PROBLEMS_TOLD = 100


class InvalidRequest(Exception):
    """Values that cannot be used: `problems` name the field, why, and the kind of error.

    Of many only the first are told.
    """

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("Request validation failed")
        self.problems = problems[:PROBLEMS_TOLD]

    @classmethod
    def of(cls, error: ValidationError, where: str) -> "InvalidRequest":
        return cls(
            [
                {
                    "field": ".".join([where, *map(str, problem["loc"])]),
                    "message": problem["msg"],
                    "type": problem["type"],
                }
                for problem in error.errors(
                    include_url=False, include_context=False, include_input=False
                )
            ]
        )

    @classmethod
    def one(cls, field: str, message: str, kind: str) -> "InvalidRequest":
        return cls([{"field": field, "message": message, "type": kind}])


def describe(error: Exception) -> tuple[int, dict[str, Any], Mapping[str, str]]:
    """Status, the `error` object and headers for any error."""
    error = _as_invalid_field(error)
    headers: Mapping[str, str] = {}
    detail: Any = None
    match error:
        case InvalidRequest():
            status, code, detail = 422, "validation_error", error.problems
        case CsrfFailed():
            status, code = 403, "csrf_failed"
        case Unauthenticated():
            status, code, headers = 401, "unauthorized", {"WWW-Authenticate": "Bearer"}
        case RateLimited():
            status, code = 429, "rate_limit_exceeded"
            headers = {"Retry-After": str(error.retry_after)}
        case HitsUnavailable():
            status, code = 503, "database_unavailable"
            headers = {"Retry-After": str(error.retry_after)}
        case NotTaken():
            status, code = 503, "service_unavailable"
            headers = {"Retry-After": str(error.retry_after)}
        case TooSlow():
            status, code = 503, "service_unavailable"
        case Taken():
            status, code = 409, "conflict"
        case HttpError():
            status, code, headers = error.status, _HTTP_CODES[error.status], error.headers
        case _ if type(error) in _ROOM_ERRORS:
            status, code = _ROOM_ERRORS[type(error)]
        case _:
            return 500, {"code": "internal_error", "message": "Something went wrong"}, {}
    body = {"code": code, "message": str(error)}
    return status, body if detail is None else body | {"detail": detail}, headers


def _as_invalid_field(error: Exception) -> Exception:
    """What a room says of a value, said of the field that it came in."""
    match error:
        case InvalidBlockRule():
            field = {"value": "body.ip_or_cidr", "note": "body.reason"}[error.field]
        case InvalidSaved() | InvalidEntry() | InvalidWebhook() | InvalidRule():
            field = f"body.{error.field}"
        case _ if type(error) in _INVALID_FIELDS:
            field = _INVALID_FIELDS[type(error)]
        case _:
            return error
    return InvalidRequest.one(field, str(error), "value_error")
