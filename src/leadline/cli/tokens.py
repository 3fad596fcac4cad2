"""`leadline token …`."""

import sys
from datetime import timedelta
from typing import Annotated

from cyclopts import App, Parameter, validators

from leadline.access import Change, Token, abilities_of, parse_ability
from leadline.cli.options import Data, Metadata, opened
from leadline.clock import utc_now
from leadline.sites import SiteId

tokens = App(name="token", help="Make, list and revoke API tokens; both APIs take the same ones.")


@tokens.command
def create(
    name: str,
    *,
    ability: Annotated[
        list[str],
        Parameter(
            "--ability",
            help="`*`, `all-sites-readonly`, `read:SITE` or `manage:SITE`; may be repeated.",
            negative=(),
        ),
    ],
    expires_in_days: Annotated[
        int | None,
        Parameter(
            help="After so many days the token ends. [default: never]",
            validator=validators.Number(gte=1, lte=36_500),
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Make a token and print its secret, which is shown this once.

    Parameters
    ----------
    name
        What the token is for, such as "Production server".
    """
    with opened(data, Change("api_token.create", name)) as metadata:
        abilities = abilities_of(_resolved(metadata, text) for text in ability)
        expires_at = None if expires_in_days is None else utc_now() + timedelta(expires_in_days)
        made = metadata.tokens.create(metadata.organisation.id, name, abilities, expires_at)
    print(made.secret)


@tokens.command(name="list")
def list_tokens(*, data: Data = None) -> None:
    """List the tokens, without their secrets."""
    with opened(data) as metadata:
        for token in metadata.tokens.list(metadata.organisation.id):
            used = f"{token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never used"
            columns = (str(token.id), token.prefix, _state(token), used, token.name)
            print("\t".join((*columns, " ".join(_abilities(metadata, token)))))


@tokens.command
def revoke(token: str, *, data: Data = None) -> None:
    """Revoke a token, at once and for good.

    Parameters
    ----------
    token
        Its number, its prefix as listed, or the whole secret.
    """
    with opened(data, Change("api_token.delete", _shown(token))) as metadata:
        revoked = metadata.tokens.revoke(metadata.organisation.id, token)
    print(f"revoked {revoked.prefix}… ({revoked.name})", file=sys.stderr)


def _resolved(metadata: Metadata, text: str) -> tuple[str, SiteId | None]:
    kind, site = parse_ability(text)
    if site is None:
        return kind, None
    return kind, metadata.sites.get(metadata.organisation.id, site).id


def _state(token: Token) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at is not None and token.expires_at <= utc_now():
        return "expired"
    return "valid"


def _abilities(metadata: Metadata, token: Token) -> list[str]:
    abilities = token.abilities
    codes = metadata.sites.codes(abilities.reads | abilities.manages)
    return abilities.names(codes)


def _shown(token: str) -> str:
    """What may be written down of what somebody calls a token: no more than its prefix."""
    return token[:8]
