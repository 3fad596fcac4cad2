"""Whether a site's snippet is in a page and works there: fetches the page, says what is wrong."""

from leadline.doctor.devtools import find_browser
from leadline.doctor.doctor import Doctor
from leadline.doctor.errors import InvalidAddress
from leadline.doctor.findings import Finding, Kind, Level, is_ill
from leadline.doctor.server import Named, Server, named_in, server_at
from leadline.doctor.urls import candidates

__all__ = [
    "Doctor",
    "Finding",
    "InvalidAddress",
    "Kind",
    "Level",
    "Named",
    "Server",
    "candidates",
    "find_browser",
    "is_ill",
    "named_in",
    "server_at",
]
