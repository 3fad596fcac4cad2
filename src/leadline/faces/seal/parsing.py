"""How what is sent becomes a shape."""

from collections.abc import Mapping
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError

from leadline.faces.seal.errors import InvalidRequest


def is_repeatable(shape: type[BaseModel], name: str) -> bool:
    """Whether a parameter may be there several times, or is one list."""
    field = shape.model_fields.get(name)
    return field is not None and get_origin(field.annotation) is list


def validated(shape: type[BaseModel], values: Any, where: str) -> BaseModel:
    """Raises `InvalidRequest`, whose fields are those of `where`."""
    try:
        return shape.model_validate(values)
    except ValidationError as error:
        raise InvalidRequest.of(error, where) from error


def query_of_values(shape: type[BaseModel], given: Mapping[str, Any]) -> BaseModel:
    """Of parameters that are values of their own kinds. Raises `InvalidRequest`."""
    values = {
        name: [value] if is_repeatable(shape, name) and not isinstance(value, list) else value
        for name, value in given.items()
    }
    return validated(shape, values, "params")
