"""The browser scripts and the snippets that put them into a page.

The sources are TypeScript, in `web/tracker`; `dist/` holds what they build to.
"""

from leadline.tracker.addresses import FATHOM_SCRIPT, PATHS, SEAL_SCRIPT, Addresses
from leadline.tracker.serve import ScriptApp

__all__ = ["FATHOM_SCRIPT", "PATHS", "SEAL_SCRIPT", "Addresses", "ScriptApp"]
