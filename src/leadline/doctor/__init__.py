"""Whether a site's snippet is in a page and works there: fetches the page, says what is wrong."""

from leadline.doctor.addresses import Guard
from leadline.doctor.answer import Limits
from leadline.doctor.client import Client
from leadline.doctor.deadline import Deadline
from leadline.doctor.devtools import find_browser
from leadline.doctor.doctor import Doctor
from leadline.doctor.errors import ForbiddenAddress, InvalidAddress, PageUnavailable
from leadline.doctor.findings import Finding, Kind, Level, is_ill
from leadline.doctor.server import Named, Server, named_in, server_at
from leadline.doctor.urls import Address, candidates, parse_address

__all__ = [
    "Address",
    "Client",
    "Deadline",
    "Doctor",
    "Finding",
    "ForbiddenAddress",
    "Guard",
    "InvalidAddress",
    "Kind",
    "Level",
    "Limits",
    "Named",
    "PageUnavailable",
    "Server",
    "candidates",
    "find_browser",
    "is_ill",
    "named_in",
    "parse_address",
    "server_at",
]
