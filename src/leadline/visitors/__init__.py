"""Visitors without identity: the daily salts and the hash that they key."""

from leadline.visitors.identity import Identity, Visitors
from leadline.visitors.salts import Salts, SaltUnavailable, disposal_time

__all__ = ["Identity", "SaltUnavailable", "Salts", "Visitors", "disposal_time"]
