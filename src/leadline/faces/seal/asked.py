"""What several endpoints read alike out of a request."""

import re
from collections.abc import Iterable
from typing import Any, cast

from msgspec import UNSET
from pydantic import BaseModel, Field

from leadline.access import UserId
from leadline.faces.endpoint import Call
from leadline.faces.seal.errors import InvalidRequest
from leadline.sites import Site, SiteNotFound

_NUMBER = re.compile(r"[0-9]{1,18}")


class OfSite(BaseModel):
    """The query of what is asked about one site."""

    account_id: str = Field(description="The site's slug or tracking code.")


class ListOfSite(OfSite):
    include_inactive: bool = Field(False, description="Whether to list what is off too.")


def managed(call: Call) -> Site:
    """The site in the query, which the token may manage. Raises the refusal."""
    return call.managed(cast(OfSite, call.query).account_id)


def readable(call: Call) -> Site:
    """As `managed`, if the token may read it."""
    return call.readable(cast(OfSite, call.query).account_id)


def number_in_path(call: Call, name: str) -> int:
    """Raises `InvalidRequest`."""
    given = call.path[name]
    if not _NUMBER.fullmatch(given):
        raise InvalidRequest.one(f"path.{name}", "Input should be an integer", "int_parsing")
    return int(given)


def user_in_path(call: Call) -> UserId:
    """Raises `InvalidRequest`."""
    return UserId(number_in_path(call, "user_id"))


def sites_in_body(call: Call, field: str, names: Iterable[str]) -> list[Site]:
    """Those of the organisation that a list in the body names. Raises `InvalidRequest`."""
    found = []
    for number, name in enumerate(names):
        try:
            found.append(call.services.sites.get(call.caller.organisation, name))
        except SiteNotFound as error:
            where = f"body.{field}.{number}"
            raise InvalidRequest.one(where, str(error), "value_error") from None
    return found


def sent(body: Any) -> dict[str, Any]:
    """The fields that a change carries; null leaves a field as it is."""
    return {name: UNSET if value is None else value for name, value in body.model_dump().items()}
