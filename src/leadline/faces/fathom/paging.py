"""How every list of the dialect is paged through."""

from collections.abc import Callable
from typing import TypeVar

from leadline.faces.fathom.errors import InvalidFields
from leadline.faces.fathom.shapes import ListQuery
from leadline.sites import UnknownCursor

Found = TypeVar("Found")


def page(query: ListQuery, ask: Callable[..., Found]) -> Found:
    """What `ask` answers to `limit`, `after` and `before`. Raises `InvalidFields`."""
    after, before = query.starting_after, query.ending_before
    if after is not None and before is not None:
        sentence = "The ending before field can't be used together with starting after."
        raise InvalidFields({"ending_before": [sentence]})
    try:
        return ask(limit=query.limit, after=after, before=before)
    except UnknownCursor as error:
        field = "starting_after" if after is not None else "ending_before"
        raise InvalidFields.one(field, "enum") from error
