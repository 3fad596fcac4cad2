"""Who may do what: organisations, people and their sessions, tokens and abilities, throttling."""

from leadline.access.errors import (
    AccessError,
    EmailTaken,
    InvalidAbility,
    InvalidEmail,
    InvalidTokenName,
    InvalidUser,
    InvalidUserName,
    InvalidUserPassword,
    InvitationOver,
    LastOwner,
    RateLimited,
    TokenNotFound,
    Unauthenticated,
    UserNotFound,
    WrongCredentials,
)
from leadline.access.invitations import Invitations
from leadline.access.model import (
    Abilities,
    Allowance,
    Organisation,
    Role,
    Token,
    TokenId,
    User,
    UserId,
)
from leadline.access.organisations import Organisations
from leadline.access.sessions import Session, Sessions
from leadline.access.throttle import Throttle
from leadline.access.tokens import NewToken, Tokens, abilities_of, parse_ability

__all__ = [
    "Abilities",
    "AccessError",
    "Allowance",
    "EmailTaken",
    "InvalidAbility",
    "InvalidEmail",
    "InvalidTokenName",
    "InvalidUser",
    "InvalidUserName",
    "InvalidUserPassword",
    "InvitationOver",
    "Invitations",
    "LastOwner",
    "NewToken",
    "Organisation",
    "Organisations",
    "RateLimited",
    "Role",
    "Session",
    "Sessions",
    "Throttle",
    "Token",
    "TokenId",
    "TokenNotFound",
    "Tokens",
    "Unauthenticated",
    "User",
    "UserId",
    "UserNotFound",
    "WrongCredentials",
    "abilities_of",
    "parse_ability",
]
