"""The hot path: decodes a hit of either wire, authorises it, enriches it, makes it durable."""

from leadline.collector.asgi import CollectorApp
from leadline.collector.attribution import source_of
from leadline.collector.bundles import (
    Bundles,
    BundleTooLarge,
    Decided,
    NotTaken,
    Rejection,
    SentHit,
    Untimely,
)
from leadline.collector.collect import Collector
from leadline.collector.intake import Intake, takes
from leadline.collector.properties import property_text
from leadline.collector.protocol import HitProtocol, hit_protocol
from leadline.collector.screening import Screening, Sender
from leadline.collector.urls import is_page
from leadline.collector.urls import parse as page_address
from leadline.collector.wire import Malformed, amount_of
from leadline.spool import Kind

__all__ = [
    "BundleTooLarge",
    "Bundles",
    "Collector",
    "CollectorApp",
    "Decided",
    "HitProtocol",
    "Intake",
    "Kind",
    "Malformed",
    "NotTaken",
    "Rejection",
    "Screening",
    "Sender",
    "SentHit",
    "Untimely",
    "amount_of",
    "hit_protocol",
    "is_page",
    "page_address",
    "property_text",
    "source_of",
    "takes",
]
