"""How a page says that it comes out of a cache."""

import re

from leadline.doctor.answer import Answer

_STATES = (
    *("cf-cache-status", "x-cache", "x-cache-status", "x-proxy-cache", "x-nginx-cache"),
    *("x-vercel-cache", "x-litespeed-cache", "x-drupal-cache", "x-fastcgi-cache", "x-wp-cf-super"),
    *("x-sucuri-cache", "cdn-cache", "x-kinsta-cache", "cache-status", "x-rocket-nginx-serving"),
)
_FOUND = re.compile(r"\b(hit|stale|updating|revalidated|cached)\b", re.IGNORECASE)
_MISSED = re.compile(r"\b(miss|bypass)\b", re.IGNORECASE)


def cached_by(answer: Answer) -> str:
    """The header that says so, as it is written; "" if none does."""
    for name in _STATES:
        value = answer.header(name)
        if _FOUND.search(value) and not _MISSED.search(value):
            return f"{name}: {value}"
    age = answer.header("age")
    if age.isascii() and age.isdigit() and int(age[:10]) > 0:
        return f"age: {age}"
    if len(answer.header("x-varnish").split()) > 1:
        return f"x-varnish: {answer.header('x-varnish')}"
    return ""
