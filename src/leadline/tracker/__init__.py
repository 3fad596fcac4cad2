"""The browser scripts and the snippets that put them into a page.

The sources are TypeScript, in `web/tracker`; `dist/` holds what they build to.
"""

from html import escape
from urllib.parse import quote

from leadline.tracker.serve import PATHS, ScriptApp

__all__ = ["PATHS", "ScriptApp", "fathom_tag", "noscript_tag", "seal_address", "seal_tag"]


def seal_address(origin: str, site: str) -> str:
    """Where a page loads SealMetrics' tracker for this site."""
    return f"{origin}/t.js?id={quote(site)}"


def seal_tag(origin: str, site: str) -> str:
    """The script element, letter for letter as the vendor prints it but for the host."""
    return f'<script src="{escape(seal_address(origin, site))}" defer></script>'


def fathom_tag(origin: str, site: str) -> str:
    return f'<script src="{escape(origin)}/script.js" data-site="{escape(site)}" defer></script>'


def noscript_tag(origin: str, site: str) -> str:
    """An image for browsers without scripts. Its policy has them say which page it is on."""
    address = escape(f"{origin}/?sid={quote(site)}&noscript=1")
    policy = 'referrerpolicy="no-referrer-when-downgrade"'
    return f'<noscript><img src="{address}" alt="" width="1" height="1" {policy}></noscript>'
