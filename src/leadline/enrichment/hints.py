"""What a browser tells beside its own name: a language, the width of its window."""

import re
from functools import lru_cache

_LANGUAGE = re.compile(rb"\s*([A-Za-z]{2,3})(?![A-Za-z0-9])")
_BEGINNING = 64

_CLASSES = ((576, "small"), (992, "medium"), (1440, "large"))
_WIDEST = "wide"
_WIDTH_LENGTH = 5


def language_of(accept_language: bytes) -> str:
    """The language in which somebody would rather read, a code of ISO 639 such as `en`, or "".

    Browsers name it first. The country that follows says little of where somebody is, and much of
    who.
    """
    return _language_of(accept_language[:_BEGINNING])


@lru_cache(maxsize=1024)
def _language_of(beginning: bytes) -> str:
    found = _LANGUAGE.match(beginning)
    return found[1].decode().lower() if found else ""


def screen_class(width: bytes) -> str:
    """The class of a window so many CSS pixels wide, "" for what is no number of them.

    `small` below 576, `medium` below 992, `large` below 1440, else `wide`.
    """
    text = width.strip().partition(b".")[0]
    if not text.isdigit() or len(text) > _WIDTH_LENGTH or int(text) == 0:
        return ""
    pixels = int(text)
    return next((name for below, name in _CLASSES if pixels < below), _WIDEST)
