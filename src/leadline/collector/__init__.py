"""The hot path: decodes a hit of either wire, authorises it and makes it durable."""

from leadline.collector.asgi import CollectorApp, takes
from leadline.collector.collect import Collector

__all__ = ["Collector", "CollectorApp", "takes"]
