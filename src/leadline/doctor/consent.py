"""Consent managers: how they keep a script from running, and how one sees that they are there."""

import re
from collections.abc import Mapping

from leadline.doctor.page import Page, Script

SOME_MANAGER = "a consent manager"

_JAVASCRIPT = re.compile(
    r"(module|(text|application)/(x-)?(java|ecma)script|text/(jscript|livescript|javascript1\.\d))",
    re.IGNORECASE,
)
_ROCKET_LOADER = re.compile(r"[0-9a-f]{16,}-(text/javascript|module)?")
"""Cloudflare's, which runs the script a little later."""

_BY_ATTRIBUTE = {
    "data-cmplz-src": "Complianz",
    "data-service": "Complianz",
    "data-usercentrics": "Usercentrics",
    "data-uc-src": "Usercentrics",
    "data-cookiescript": "Cookie-Script",
    "data-cookiecategory": "Cookie-Script",
    "data-cookieconsent": "Cookiebot",
    "data-cookieblock-src": "Cookiebot",
    "data-cookieyes": "CookieYes",
    "data-cookiefirst-category": "CookieFirst",
    "data-borlabs-cookie-script-blocker-id": "Borlabs Cookie",
    "data-borlabs-script-blocker-src": "Borlabs Cookie",
    "data-categories": "Termly",
    "data-osano": "Osano",
    "data-cmp-src": "consentmanager",
    "data-cmp-vendor": "consentmanager",
    "suppressedsrc": "iubenda",
    "data-suppressedsrc": "iubenda",
    "data-iub-purposes": "iubenda",
    "data-category": "CookieConsent",
    "data-src": "Klaro",
}
_BY_CLASS = (
    ("cmplz", "Complianz"),
    ("optanon-category", "OneTrust"),
    ("_iub_cs_activate", "iubenda"),
    ("cmplazyload", "consentmanager"),
)
_ALONE = {"data-cookieyes", "data-osano", "data-cookieconsent"}
"""Enough by itself; every other one comes with a type that browsers do not run."""

_BY_HOST = {
    "consent.cookiebot.com": "Cookiebot",
    "cdn.cookielaw.org": "OneTrust",
    "cookie-script.com": "Cookie-Script",
    "usercentrics.eu": "Usercentrics",
    "cdn-cookieyes.com": "CookieYes",
    "iubenda.com": "iubenda",
    "cookiefirst.com": "CookieFirst",
    "consentmanager.net": "consentmanager",
    "privacy-center.org": "Didomi",
    "osano.com": "Osano",
    "termly.io": "Termly",
    "axept.io": "Axeptio",
    "quantcast.mgr.consensu.org": "Quantcast Choice",
    "trustarc.com": "TrustArc",
}


def withheld_by(script: Script) -> str:
    """Who keeps this script from running until somebody consents; "" if nobody does."""
    attributes = script.element.attributes
    runs = _is_javascript(attributes.get("type", "")) and bool(attributes.get("src", "").strip())
    if runs and not _is_marked(attributes):
        return ""
    return _named(attributes) or SOME_MANAGER


def consent_manager(page: Page) -> str:
    """The consent manager that the page loads; "" if none is known."""
    for script in page.scripts:
        address = page.link(script.attribute("src"))
        host = address.host if address else ""
        while host:
            if host in _BY_HOST:
                return _BY_HOST[host]
            host = host.partition(".")[2]
    return ""


def _is_javascript(kind: str) -> bool:
    kind = kind.strip()
    return not kind or bool(_JAVASCRIPT.fullmatch(kind) or _ROCKET_LOADER.fullmatch(kind))


def _is_marked(attributes: Mapping[str, str]) -> bool:
    return any(attributes.get(name, "ignore").lower() != "ignore" for name in _ALONE)


def _named(attributes: Mapping[str, str]) -> str:
    if attributes.get("type", "").lower() == "didomi/javascript":
        return "Didomi"
    classes = attributes.get("class", "").lower()
    of_class = (name for part, name in _BY_CLASS if part in classes)
    of_attribute = (name for part, name in _BY_ATTRIBUTE.items() if part in attributes)
    return next(of_class, "") or next(of_attribute, "")
