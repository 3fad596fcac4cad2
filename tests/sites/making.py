"""Sites to make in tests."""

from typing import Any

from leadline.sites import NewSite


def new_site(name: str = "Acme", **fields: Any) -> NewSite:
    return NewSite(**({"name": name, "timezone": "UTC", "currency": "EUR"} | fields))
