"""JSON as the vendors' servers read it, where the standard leaves it open."""

import re
from typing import TypeVar

import msgspec

_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""Each escape in a text; the group is half a character without its other half."""

Value = TypeVar("Value")


def decode(decoder: msgspec.json.Decoder[Value], text: bytes) -> Value:
    """A page that cuts a text inside of a character sends half of it: that is U+FFFD.

    Raises `msgspec.DecodeError`.
    """
    try:
        return decoder.decode(text)
    except msgspec.DecodeError:
        mended = _ESCAPES.sub(lambda found: b"\\ufffd" if found[1] else found[0], text)
        if mended == text:
            raise
        return decoder.decode(mended)
