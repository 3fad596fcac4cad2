"""API tokens: making, listing and revoking them."""

from collections.abc import Iterator, Mapping

from starlette.responses import Response

from leadline.access import Abilities, AccessError, Token, abilities_of
from leadline.dashboard.errors import NothingAllowed, said
from leadline.dashboard.expiry import expiry
from leadline.dashboard.visit import Visit
from leadline.sites import SiteId, SitesError


def list_tokens(visit: Visit) -> Response:
    return _token_page(visit, 200, {}, None)


def create_token(visit: Visit) -> Response:
    """The one answer that shows the secret."""
    form = visit.form
    try:
        abilities = abilities_of(_abilities(visit))
        if abilities == Abilities():
            raise NothingAllowed
        made = visit.rooms.tokens.create(
            visit.organisation.id, form.get("name", "").strip(), abilities, expiry(visit)
        )
    except (AccessError, SitesError) as error:
        return _token_page(visit, 422, form, said(visit.texts, error))
    return visit.page("token_made.html", made=made, abilities=_names(visit, made.token))


def revoke_token(visit: Visit) -> Response:
    visit.rooms.tokens.revoke(visit.organisation.id, str(visit.path["token"]))
    return visit.redirect("/tokens")


def _token_page(
    visit: Visit, status: int, values: Mapping[str, str], error: str | None
) -> Response:
    tokens = visit.rooms.tokens.list(visit.organisation.id)
    return visit.page(
        "tokens.html",
        status,
        tokens=[(token, _names(visit, token)) for token in reversed(tokens)],
        now=visit.rooms.clock(),
        values=values,
        error=error,
    )


def _abilities(visit: Visit) -> Iterator[tuple[str, SiteId | None]]:
    """What the form grants. Raises `SiteNotFound`."""
    for whole in ("*", "all-sites-readonly"):
        if visit.checked(whole):
            yield whole, None
    for kind in ("read", "manage"):
        for name in visit.form.get(kind, "").replace(",", " ").split():
            yield kind, visit.rooms.sites.get(visit.organisation.id, name).id


def _names(visit: Visit, token: Token) -> list[str]:
    abilities = token.abilities
    return abilities.names(visit.rooms.sites.codes(abilities.reads | abilities.manages))
