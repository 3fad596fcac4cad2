"""The browser scripts and the snippets that put them into a page.

The sources are TypeScript, in `web/tracker`; `dist/` holds what they build to.
"""

from leadline.tracker.addresses import PATHS, VENDORS, Addresses
from leadline.tracker.scripts import fathom_config, seal_config
from leadline.tracker.serve import ScriptApp

__all__ = ["PATHS", "VENDORS", "Addresses", "ScriptApp", "fathom_config", "seal_config"]
