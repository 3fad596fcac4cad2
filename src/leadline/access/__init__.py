"""Who may do what: organisations, users, tokens and their abilities, throttling."""

from leadline.access.errors import (
    AccessError,
    EmailTaken,
    InvalidAbility,
    InvalidTokenName,
    InvalidUser,
    RateLimited,
    TokenNotFound,
    Unauthenticated,
)
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
from leadline.access.throttle import Throttle
from leadline.access.tokens import NewToken, Tokens, abilities_of, parse_ability

__all__ = [
    "Abilities",
    "AccessError",
    "Allowance",
    "EmailTaken",
    "InvalidAbility",
    "InvalidTokenName",
    "InvalidUser",
    "NewToken",
    "Organisation",
    "Organisations",
    "RateLimited",
    "Role",
    "Throttle",
    "Token",
    "TokenId",
    "TokenNotFound",
    "Tokens",
    "Unauthenticated",
    "User",
    "UserId",
    "abilities_of",
    "parse_ability",
]
