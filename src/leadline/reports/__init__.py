"""Questions about hits, and their exact answers."""

from leadline.reports.installation import Installation, Reports

__all__ = ["Installation", "Reports"]
