"""Signing in at a provider of OpenID Connect: the way there and back."""

import msgspec
from starlette.responses import Response

from leadline.access import (
    NobodysIdentity,
    RateLimited,
    SecondFactorNeeded,
    Stale,
)
from leadline.dashboard.errors import said
from leadline.dashboard.invitations import INVITATIONS, VOUCHED
from leadline.dashboard.signing_in import HOME, ask_second_factor, onward, sign_in_page
from leadline.dashboard.visit import JOURNEY_COOKIE, JOURNEY_VALID, Refused, TooManyAttempts, Visit
from leadline.logs import logger
from leadline.openid import Identity, Journey, OpenIdError, Provider

log = logger(__name__)

CALLBACK = "/sign-in/openid/callback"
LONGEST_ONWARD = 2000
"""Characters: all of it has to be in a cookie."""
_PURPOSE = "openid"


class _Trip(msgspec.Struct, frozen=True, array_like=True):
    journey: Journey
    onward: str


def leave(visit: Visit) -> Response:
    """To the provider."""
    provider = _provider(visit)
    _count(visit)
    try:
        address, journey = provider.begin(visit.origin + CALLBACK)
    except OpenIdError as error:
        raise _failed(error) from None
    after = onward(visit.query)
    trip = _Trip(journey, after if len(after) <= LONGEST_ONWARD else HOME)
    return visit.leave(address, visit.rooms.seals.seal(_PURPOSE, trip, JOURNEY_VALID))


def come_back(visit: Visit) -> Response:
    provider = _provider(visit)
    _count(visit)
    try:
        seal = visit.request.cookies.get(JOURNEY_COOKIE, "")
        trip = visit.rooms.seals.open(_PURPOSE, seal, _Trip)
        identity = provider.finish(trip.journey, visit.origin + CALLBACK, visit.query)
    except Stale:
        return visit.redirect("/sign-in")
    except OpenIdError as error:
        raise _failed(error) from None
    return _arrive(visit, identity, trip.onward)


def _arrive(visit: Visit, identity: Identity, after: str) -> Response:
    try:
        secret = visit.rooms.identities.sign_in(
            identity.issuer,
            identity.subject,
            identity.email,
            has_several_factors=identity.has_several_factors,
            device=visit.device,
        )
    except SecondFactorNeeded as more:
        return ask_second_factor(visit, more, after)
    except NobodysIdentity as error:
        if identity.email is not None and after.startswith(INVITATIONS):
            return visit.leave(after, visit.rooms.seals.seal(VOUCHED, identity, JOURNEY_VALID))
        return sign_in_page(visit, 403, after, error=said(visit.texts, error))
    return visit.sign_in(secret, after)


def _provider(visit: Visit) -> Provider:
    if visit.rooms.provider is None:
        raise Refused(404, "no-page")
    return visit.rooms.provider


def _count(visit: Visit) -> None:
    try:
        visit.rooms.identities.count(visit.address)
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None


def _failed(error: OpenIdError) -> Refused:
    log.warning("no sign-in by OpenID Connect", reason=f"{type(error).__name__}: {error}")
    return Refused(502, "provider-failed")
