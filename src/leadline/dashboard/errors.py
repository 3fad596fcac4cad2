"""What rooms refuse, in the reader's language."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from leadline.access import (
    AccessError,
    AccessNotFound,
    AlreadyMember,
    ConfirmationFailed,
    EmailTaken,
    InvalidEmail,
    InvalidOrganisationName,
    InvalidPasskeyName,
    InvalidTokenName,
    InvalidUserName,
    InvalidUserPassword,
    InvitationForAnother,
    InvitationNotFound,
    LastOrganisation,
    LastOwner,
    MemberNotFound,
    NobodysIdentity,
    NoSecondFactor,
    NotAllowed,
    OrganisationNotFound,
    PasskeyNotFound,
    SessionNotFound,
    Stale,
    TokenNotFound,
    TooManyPasskeys,
    WrongCode,
    WrongCredentials,
    WrongPasskey,
)
from leadline.alerts import AlertError, AlertNotFound, InvalidRule, TooManyRules
from leadline.dashboard.texts import Texts
from leadline.reports import (
    InvalidSaved,
    SavedError,
    SavedNameTaken,
    SavedNotFound,
    SiteGone,
    TooManySaved,
)
from leadline.sites import (
    BlockRuleNotFound,
    BlockRuleTaken,
    DomainNotFound,
    DomainTaken,
    InvalidBlockRule,
    InvalidCurrency,
    InvalidDomain,
    InvalidEmbedding,
    InvalidName,
    InvalidParameter,
    InvalidPassword,
    InvalidRetention,
    InvalidShareLink,
    InvalidTimezone,
    InvalidValue,
    PasswordRequired,
    ShareLinkNotFound,
    SiteNotFound,
    SitesError,
    TooManyBlockRules,
    TooManyEmbedding,
    TooManyShareLinks,
    UtmMappingNotFound,
    UtmMappingTaken,
)
from leadline.webhooks import (
    InvalidWebhook,
    NotReplayable,
    TooManyWebhooks,
    WebhookError,
    WebhookNotFound,
)

Refusal = AccessError | SitesError | SavedError | AlertError | WebhookError
"""What the pages have words for."""

LONGEST_DAYS = 36_500
Choice = TypeVar("Choice", bound=StrEnum)


class NotAChoice(InvalidValue):
    """A value that the form does not offer."""

    def __init__(self, field: str, value: str) -> None:
        super().__init__("Not one of the choices: {}", value[:64])
        self.field = field


def choice_of(choices: type[Choice], field: str, value: str) -> Choice:
    """The choice that a field of a form has. Raises `NotAChoice`."""
    try:
        return choices(value)
    except ValueError:
        raise NotAChoice(field, value) from None


def choice_in(choices: type[Choice], form: Mapping[str, str], field: str) -> Choice:
    """Raises `NotAChoice`."""
    return choice_of(choices, field, form.get(field, ""))


class InvalidDays(AccessError):
    def __init__(self) -> None:
        super().__init__("Days are a whole number from 1 to {}, or nothing", LONGEST_DAYS)


class NothingAllowed(AccessError):
    def __init__(self) -> None:
        super().__init__("A token that may do nothing is of no use: choose an ability")


KEYS: Mapping[type[Refusal], str] = {
    AccessNotFound: "access-not-found",
    AlertNotFound: "alert-not-found",
    AlreadyMember: "already-member",
    BlockRuleNotFound: "rule-not-found",
    BlockRuleTaken: "rule-taken",
    ConfirmationFailed: "confirmation-failed",
    DomainNotFound: "domain-not-found",
    DomainTaken: "domain-taken",
    EmailTaken: "email-taken",
    InvalidCurrency: "invalid-currency",
    InvalidDays: "invalid-days",
    InvalidDomain: "invalid-domain",
    InvalidEmail: "invalid-email",
    InvalidEmbedding: "invalid-embedding",
    InvalidOrganisationName: "invalid-organisation-name",
    InvalidName: "invalid-name",
    InvalidParameter: "invalid-parameter",
    InvalidPasskeyName: "invalid-passkey-name",
    InvalidPassword: "invalid-share-password",
    InvalidRetention: "invalid-retention",
    InvalidTimezone: "invalid-timezone",
    InvalidTokenName: "invalid-token-name",
    InvalidUserName: "invalid-user-name",
    InvalidUserPassword: "invalid-user-password",
    InvitationForAnother: "invitation-for-another",
    InvitationNotFound: "invitation-not-found",
    LastOrganisation: "last-organisation",
    LastOwner: "last-owner",
    MemberNotFound: "member-not-found",
    NobodysIdentity: "nobodys-identity",
    NoSecondFactor: "no-second-factor",
    NotReplayable: "not-replayable",
    NotAllowed: "not-allowed",
    OrganisationNotFound: "organisation-not-found",
    NotAChoice: "not-a-choice",
    NothingAllowed: "nothing-allowed",
    PasskeyNotFound: "passkey-not-found",
    PasswordRequired: "password-required",
    Stale: "stale",
    SessionNotFound: "session-not-found",
    ShareLinkNotFound: "link-not-found",
    SavedNameTaken: "saved-name-taken",
    SavedNotFound: "saved-not-found",
    TooManySaved: "too-many-saved",
    SiteGone: "site-gone",
    SiteNotFound: "site-not-found",
    TokenNotFound: "token-not-found",
    TooManyBlockRules: "too-many-rules",
    TooManyRules: "too-many-alert-rules",
    TooManyWebhooks: "too-many-webhooks",
    TooManyPasskeys: "too-many-passkeys",
    TooManyEmbedding: "too-many-embedding",
    TooManyShareLinks: "too-many-links",
    UtmMappingNotFound: "mapping-not-found",
    UtmMappingTaken: "mapping-taken",
    WebhookNotFound: "webhook-not-found",
    WrongCode: "wrong-code",
    WrongCredentials: "wrong-credentials",
    WrongPasskey: "wrong-passkey",
}


def said(texts: Texts, error: Refusal) -> str:
    """A sentence; the room's own, which is English, of an error that has no text here."""
    if isinstance(error, InvalidBlockRule):
        return texts(f"invalid-rule-{error.fault.name.lower()}", about=error.about)
    if isinstance(error, InvalidShareLink):
        return texts(f"invalid-link-{error.fault.name.lower()}", about=error.about)
    if isinstance(error, InvalidRule):
        return texts(f"invalid-alert-{error.fault.name.lower()}")
    if isinstance(error, InvalidWebhook):
        return texts(f"invalid-webhook-{error.fault.name.lower()}")
    if isinstance(error, InvalidSaved):
        fault = texts(f"invalid-saved-{error.fault.name.lower()}", about=error.about)
        return fault if error.step is None else texts("in-step", step=error.step, fault=fault)
    key = KEYS.get(type(error))
    return texts(key, about=error.about) if key else f"{error}."
