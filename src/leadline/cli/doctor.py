"""`leadline doctor`."""

from typing import Annotated

from cyclopts import Parameter

from leadline.cli.options import Data, opened
from leadline.doctor import (
    Doctor,
    InvalidAddress,
    candidates,
    find_browser,
    is_ill,
    named_in,
    server_at,
)
from leadline.tracker import Addresses


class NoBrowser(Exception):
    """One was asked for."""

    def __init__(self) -> None:
        super().__init__("there is no Chromium on the path, and LEADLINE_BROWSER names none")


def _is_page(_: object, url: str) -> None:
    try:
        candidates(url)
    except InvalidAddress:
        raise ValueError("not the address of a page") from None


def _is_server(_: object, url: str | None) -> None:
    try:
        server_at(url, lambda name: None)
    except InvalidAddress:
        raise ValueError("an address such as https://stats.example.com") from None


def doctor(
    site: str,
    url: Annotated[str, Parameter(validator=_is_page)],
    *,
    server: Annotated[
        str | None,
        Parameter(
            validator=_is_server,
            help="The address under which the world sees this server."
            " [default: LEADLINE_PUBLIC_URL]",
        ),
    ] = None,
    browser: Annotated[
        bool | None,
        Parameter(help="Have a headless browser load the page too. [default: if there is one]"),
    ] = None,
    data: Data = None,
) -> int:
    """Fetch a page of a site and say whether its snippet counts, and what is wrong.

    Prints a line for each finding, and exits with 1 if one is a problem.

    Parameters
    ----------
    site
        The site's code or slug.
    url
        The address of the page; without a scheme https or, if nobody answers there, http.
    """
    with opened(data) as metadata:
        found = metadata.sites.get(metadata.organisation.id, site)
        named = named_in(metadata.sites, metadata.organisation.id)
        settings = metadata.settings
        own = server_at(server or settings.public_url, named, Addresses.set_by(settings))
        path = None if browser is False else find_browser(settings.browser)
        if browser and path is None:
            raise NoBrowser
        findings = Doctor(own, path, trusts_address=True).examine(found, url)
    for finding in findings:
        print(f"{finding.level.value}: {finding.sentence}")
    return int(is_ill(findings))
