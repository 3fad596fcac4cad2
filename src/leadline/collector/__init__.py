"""The hot path: decodes a hit of either wire, authorises it and makes it durable."""

from leadline.collector.asgi import CollectorApp
from leadline.collector.collect import Collector
from leadline.collector.intake import Intake, takes
from leadline.collector.protocol import HitProtocol, hit_protocol

__all__ = ["Collector", "CollectorApp", "HitProtocol", "Intake", "hit_protocol", "takes"]
