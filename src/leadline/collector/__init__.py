"""The hot path: decodes a hit of either wire, authorises it, enriches it, makes it durable."""

from leadline.collector.asgi import CollectorApp
from leadline.collector.collect import Collector
from leadline.collector.intake import Intake, takes
from leadline.collector.protocol import HitProtocol, hit_protocol
from leadline.collector.screening import Screening, Sender

__all__ = [
    "Collector",
    "CollectorApp",
    "HitProtocol",
    "Intake",
    "Screening",
    "Sender",
    "hit_protocol",
    "takes",
]
