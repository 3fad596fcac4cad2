"""Where a page finds the scripts and sends its hits.

The vendors' addresses always answer. An operator may have others besides, which snippets then say.
"""

from dataclasses import dataclass
from html import escape
from typing import Self
from urllib.parse import quote

from leadline.settings import FATHOM_SCRIPT, SEAL_SCRIPT, Settings

PATHS = frozenset({f"/{FATHOM_SCRIPT}", f"/{SEAL_SCRIPT}"})


@dataclass(frozen=True)
class Addresses:
    """`path` is a prefix such as `/stats`, or empty; `origin` is `https://host`, of the server."""

    path: str = ""
    fathom_script: str = FATHOM_SCRIPT
    seal_script: str = SEAL_SCRIPT

    @classmethod
    def set_by(cls, settings: Settings) -> Self:
        return cls(settings.tracker_path or "", settings.fathom_script, settings.seal_script)

    def aliases(self) -> dict[str, str]:
        """The server's own paths by those that mean the same."""
        named = {
            f"{self.path}/": "/",
            f"{self.path}/event": "/event",
            f"{self.path}/{self.fathom_script}": f"/{FATHOM_SCRIPT}",
            f"{self.path}/{self.seal_script}": f"/{SEAL_SCRIPT}",
        }
        return {path: own for path, own in named.items() if path != own}

    def seal_address(self, origin: str, site: str) -> str:
        """Where a page loads SealMetrics' tracker for this site."""
        return f"{origin}{self.path}/{self.seal_script}?id={quote(site)}"

    def seal_tag(self, origin: str, site: str) -> str:
        """The script element, letter for letter as the vendor prints it but for the address."""
        return f'<script src="{escape(self.seal_address(origin, site))}" defer></script>'

    def fathom_tag(self, origin: str, site: str) -> str:
        address = escape(f"{origin}{self.path}/{self.fathom_script}")
        return f'<script src="{address}" data-site="{escape(site)}" defer></script>'

    def noscript_tag(self, origin: str, site: str) -> str:
        """An image for browsers without scripts. Its policy has them say which page it is on."""
        address = escape(f"{origin}{self.path}/?sid={quote(site)}&noscript=1")
        policy = 'referrerpolicy="no-referrer-when-downgrade"'
        return f'<noscript><img src="{address}" alt="" width="1" height="1" {policy}></noscript>'


VENDORS = Addresses()
"""Where nothing is chosen."""
