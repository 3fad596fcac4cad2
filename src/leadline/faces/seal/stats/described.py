"""How an endpoint, and what it answers, are described."""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel, Field

from leadline.faces.endpoint import Call, Endpoint, Need
from leadline.faces.seal.stats.figures import COMPARED, Money
from leadline.faces.seal.stats.shapes import MONEY_TEXT, sometimes
from leadline.faces.seal.stats.tables import Column

GROUP = "Statistics"
ERRORS = {
    400: "The dates are invalid.",
    403: "The token is not allowed to do this.",
    404: "No such site or segment.",
    422: "A parameter is invalid.",
    503: "Hits cannot be counted now; see Retry-After.",
}


def endpoint(
    path: str,
    summary: str,
    handle: Callable[[Call], BaseModel],
    query: type[BaseModel],
    answer: type[BaseModel],
    description: str = "",
) -> Endpoint:
    return Endpoint(
        "GET",
        path,
        summary,
        Need.READ_NAMED,
        handle,
        answer,
        description=description,
        query=query,
        errors=ERRORS,
        group=GROUP,
    )


def name_of(path: str) -> str:
    """What the shapes of an endpoint are called."""
    return "".join(word.capitalize() for word in path.replace("-", "/").split("/"))


def fields_of(
    columns: Iterable[Column], figures: Iterable[str], money: Money, *, compared: bool = False
) -> dict[str, Any]:
    """Of a row: the names of its fields, and their types."""
    found: dict[str, Any] = {column.name: str for column in columns}
    found |= {name: _type_of(name, money) for name in figures}
    if compared:
        for name in figures:
            if name in COMPARED:
                kind = money.type if name == "revenue" else int
                found[f"{name}_prev"] = (kind | None, sometimes("With `compare`."))
    return found


def _type_of(figure: str, money: Money) -> Any:
    if figure == "revenue":
        is_text = money is Money.TEXT
        return (str, Field(pattern=MONEY_TEXT, examples=["12345.67"])) if is_text else float
    return float if figure.endswith("_rate") else int
