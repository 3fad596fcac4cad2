"""Who may do what: organisations, people and their sessions, tokens and abilities, throttling, and
who sees what a site shares."""

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
    ShareNotFound,
    TokenNotFound,
    Unauthenticated,
    UserNotFound,
    WrongCredentials,
    WrongSharePassword,
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
from leadline.access.shares import PASS_VALID, Share, Shares
from leadline.access.throttle import Throttle
from leadline.access.tokens import NewToken, Tokens, abilities_of, parse_ability

__all__ = [
    "PASS_VALID",
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
    "Share",
    "ShareNotFound",
    "Shares",
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
    "WrongSharePassword",
    "abilities_of",
    "parse_ability",
]
