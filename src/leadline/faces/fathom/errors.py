"""Errors as the Fathom dialect words them."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from leadline.access import RateLimited, Unauthenticated
from leadline.faces.face import HttpError
from leadline.patience import TooSlow
from leadline.reports import HitsUnavailable
from leadline.sites import (
    EventNotFound,
    EventTaken,
    InvalidName,
    InvalidPassword,
    InvalidTimezone,
    MilestoneNotFound,
    OptionRequired,
    PasswordRequired,
    SiteNotFound,
)


class NotPermitted(HttpError):
    def __init__(self) -> None:
        super().__init__("This token doesn't have permission to access this endpoint")


class Retired(HttpError):
    status = 410

    def __init__(self) -> None:
        super().__init__("This endpoint is no longer available")


class InvalidFields(Exception):
    """Values that cannot be used, with the reasons by field."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("The given data was invalid")
        self.errors = dict(errors)

    @classmethod
    def one(cls, field: str, kind: str) -> "InvalidFields":
        """One field, with the sentence of that kind."""
        return cls({field: [_SENTENCES.get(kind, _OTHERWISE).format(name=_spoken(field))]})

    @classmethod
    def of(cls, error: ValidationError) -> "InvalidFields":
        found: dict[str, list[str]] = {}
        for problem in error.errors():
            field = str(problem["loc"][0]) if problem["loc"] else "body"
            found.setdefault(field, []).append(_sentence(field, problem))
        return cls(found)


_PASSWORD_REQUIRED = "The share password field is required when sharing is private."
_OPTION_REQUIRED = "The multi domain option field is required when multi domain is true."
_INVALID_TIMEZONE = "The timezone field must be a valid timezone."

_FIELDS: dict[type[Exception], tuple[str, str]] = {
    InvalidName: ("name", "The name field format is invalid."),
    EventTaken: ("name", "The name has already been taken."),
    InvalidTimezone: ("timezone", _INVALID_TIMEZONE),
    InvalidPassword: (
        "share_password",
        "The share password field must not be greater than 255 characters.",
    ),
    PasswordRequired: ("share_password", _PASSWORD_REQUIRED),
    OptionRequired: ("multi_domain_option", _OPTION_REQUIRED),
}


_SENTENCES = {
    "missing": "The {name} field is required.",
    "string_too_short": "The {name} field is required.",
    "string_too_long": "The {name} field must not be greater than {max_length} characters.",
    "string_type": "The {name} field must be a string.",
    "bool_parsing": "The {name} field must be true or false.",
    "bool_type": "The {name} field must be true or false.",
    "int_parsing": "The {name} field must be an integer.",
    "int_parsing_size": "The {name} field must be an integer.",
    "greater_than_equal": "The {name} field must be at least {ge}.",
    "less_than_equal": "The {name} field must not be greater than {le}.",
    "enum": "The selected {name} is invalid.",
    "literal_error": "The selected {name} is invalid.",
    "date": "The {name} field must be a valid date.",
    "hours": "The {name} field can't be hour for more than 7 days.",
    "timezone": _INVALID_TIMEZONE,
    "password_required": _PASSWORD_REQUIRED,
    "option_required": _OPTION_REQUIRED,
}
_OTHERWISE = "The {name} field format is invalid."


def describe(error: Exception) -> tuple[int, dict[str, Any], Mapping[str, str]]:
    """Status, body and headers for any error."""
    if type(error) in _FIELDS:
        field, sentence = _FIELDS[type(error)]
        error = InvalidFields({field: [sentence]})
    headers: Mapping[str, str] = {}
    body: dict[str, Any]
    match error:
        case InvalidFields():
            status, body = 400, {"errors": error.errors}
        case Unauthenticated():
            status, body = 401, {"error": "Unauthenticated."}
            headers = {"WWW-Authenticate": "Bearer"}
        case RateLimited():
            status, body = 429, {"error": "Too Many Attempts."}
            headers = {"Retry-After": str(error.retry_after)}
        case HitsUnavailable():
            status, body = 503, {"error": f"{error}"}
            headers = {"Retry-After": str(error.retry_after)}
        case TooSlow():
            status, body = 503, {"error": f"{error}"}
        case SiteNotFound():
            status, body = 404, {"error": "The site could not be found"}
        case EventNotFound():
            status, body = 404, {"error": "The event could not be found"}
        case MilestoneNotFound():
            status, body = 404, {"error": "The milestone could not be found"}
        case HttpError():
            status, body, headers = error.status, {"error": str(error)}, error.headers
        case _:
            status, body = 500, {"error": "Something went wrong on our side"}
    return status, body, headers


def _sentence(field: str, problem: Any) -> str:
    """The problem with one field, in the words that the dialect's clients know."""
    kind = problem["type"]
    if kind in ("string_type", "enum") and problem["input"] is None:
        kind = "missing"
    template = _SENTENCES.get(kind, _OTHERWISE)
    return template.format(name=_spoken(field), **problem.get("ctx", {}))


def _spoken(field: str) -> str:
    return field.replace("_", " ")
