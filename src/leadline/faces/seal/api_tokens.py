"""API tokens, made and revoked at the API itself, by whoever may do everything."""

from datetime import timedelta
from typing import cast

from pydantic import BaseModel, Field

from leadline.access import Abilities, Token, TokenNotFound
from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.seal.asked import number_in_path, sites_in_body
from leadline.faces.seal.auth import WRITES, scopes_of
from leadline.faces.seal.errors import InvalidRequest
from leadline.faces.seal.shapes import Envelope, stamp

_GROUP = "API tokens"
_PATH = "/api-tokens"

SCOPES = {
    "read": "Read everything of a site",
    "stats:read": "Read statistics",
    "sites:read": "Read sites and their settings",
    "accounts:read": "Read sites and their settings",
    "write": "Change sites; of all sites, also make and delete them",
    "channel_rules:write": "Change sites",
    "channel_rules:publish": "Change sites",
}
"""What each is for. Whoever reads reads all of a site, and whoever writes changes all of it."""


class TokenScope(Answer):
    id: str
    name: str
    description: str


class TokenScopes(Answer):
    scopes: list[TokenScope]


class TokensQuery(BaseModel):
    include_inactive: bool = False


class CreateToken(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    scopes: list[str] = Field(min_length=1, max_length=20)
    account_ids: list[str] | None = Field(
        default=None, max_length=1000, description="Sites by slug or code; without any, all."
    )
    expires_in_days: int | None = Field(default=None, ge=1, le=365)


class TokenInfo(Answer):
    id: int
    name: str
    token_prefix: str = Field(examples=["sm_k3v9x"])
    scopes: list[str]
    account_ids: list[str] = Field(description="Slugs; none for all sites.")
    is_active: bool
    expires_at: str | None
    last_used_at: str | None
    created_at: str
    revoked_at: str | None

    @classmethod
    def of(cls, call: Call, token: Token) -> "TokenInfo":
        return cls(**_fields(call, token))


class CreatedToken(TokenInfo):
    token: str = Field(description="The secret; it is never shown again.")


class TokenList(Answer):
    tokens: list[TokenInfo]
    total: int


def list_scopes(call: Call) -> Envelope[TokenScopes]:
    found = [TokenScope(id=each, name=each, description=text) for each, text in SCOPES.items()]
    return Envelope(data=TokenScopes(scopes=found))


def list_tokens(call: Call) -> Envelope[TokenList]:
    is_all = cast(TokensQuery, call.query).include_inactive
    infos = [
        TokenInfo.of(call, each) for each in call.services.tokens.list(call.caller.organisation)
    ]
    found = [each for each in infos if each.is_active or is_all]
    return Envelope(data=TokenList(tokens=found, total=len(found)))


def create_token(call: Call) -> Envelope[CreatedToken]:
    body = cast(CreateToken, call.body)
    organisation, tokens = call.caller.organisation, call.services.tokens
    days = body.expires_in_days
    expires_at = None if days is None else call.services.reports.now() + timedelta(days=days)
    new = tokens.create(organisation, body.name, _abilities(call, body), expires_at)
    return Envelope(data=CreatedToken(**_fields(call, new.token), token=new.secret))


def get_token(call: Call) -> Envelope[TokenInfo]:
    return Envelope(data=TokenInfo.of(call, _found(call)))


def revoke_token(call: Call) -> Envelope[TokenInfo]:
    found = _found(call)
    revoked = call.services.tokens.revoke(call.caller.organisation, str(found.id))
    return Envelope(data=TokenInfo.of(call, revoked))


def _found(call: Call) -> Token:
    number = number_in_path(call, "token_id")
    for token in call.services.tokens.list(call.caller.organisation):
        if token.id == number:
            return token
    raise TokenNotFound(str(number))


def _abilities(call: Call, body: CreateToken) -> Abilities:
    for number, scope in enumerate(body.scopes):
        if scope not in SCOPES:
            raise InvalidRequest.one(f"body.scopes.{number}", "There is no such scope", "enum")
    writes = not set(WRITES).isdisjoint(body.scopes)
    if not body.account_ids:
        return Abilities(full=True) if writes else Abilities(reads_all=True)
    sites = frozenset(site.id for site in sites_in_body(call, "account_ids", body.account_ids))
    return Abilities(manages=sites) if writes else Abilities(reads=sites)


def _fields(call: Call, token: Token) -> dict[str, object]:
    now, may = call.services.reports.now(), token.abilities
    over = token.expires_at is not None and token.expires_at <= now
    sites = call.services.sites.slugs(may.reads | may.manages)
    return {
        "id": token.id,
        "name": token.name,
        "token_prefix": token.prefix,
        "scopes": scopes_of(may),
        "account_ids": [sites[each] for each in sorted(sites)],
        "is_active": token.revoked_at is None and not over,
        "expires_at": None if token.expires_at is None else stamp(token.expires_at),
        "last_used_at": None if token.last_used_at is None else stamp(token.last_used_at),
        "created_at": stamp(token.created_at),
        "revoked_at": None if token.revoked_at is None else stamp(token.revoked_at),
    }


_ERRORS = {403: "The token is not allowed to do this."}
_NAMED = _ERRORS | {404: "No such token.", 422: "The id is no number."}

ENDPOINTS = (
    Endpoint(
        "GET",
        f"{_PATH}/scopes",
        "List scopes",
        Need.TOKEN,
        list_scopes,
        Envelope[TokenScopes],
        group=_GROUP,
    ),
    Endpoint(
        "GET",
        _PATH,
        "List API tokens",
        Need.FULL,
        list_tokens,
        Envelope[TokenList],
        query=TokensQuery,
        errors=_ERRORS | {422: "A parameter is invalid."},
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        _PATH,
        "Create API token",
        Need.FULL,
        create_token,
        Envelope[CreatedToken],
        body=CreateToken,
        status=201,
        errors=_ERRORS | {422: "A field is invalid."},
        group=_GROUP,
        action="api_token.create",
    ),
    Endpoint(
        "GET",
        f"{_PATH}/{{token_id}}",
        "Get API token",
        Need.FULL,
        get_token,
        Envelope[TokenInfo],
        errors=_NAMED,
        group=_GROUP,
    ),
    Endpoint(
        "DELETE",
        f"{_PATH}/{{token_id}}",
        "Revoke API token",
        Need.FULL,
        revoke_token,
        Envelope[TokenInfo],
        errors=_NAMED,
        group=_GROUP,
        action="api_token.delete",
    ),
)
