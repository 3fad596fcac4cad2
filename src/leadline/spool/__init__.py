"""The durable log between the wire and the warehouse, and the records that travel in it."""

from leadline.spool.frames import TooLarge
from leadline.spool.log import START, Batch, Position, Spool, SpoolUnavailable
from leadline.spool.records import Bundle, Erasure, Hit, Kind, Reason, Record, Refusal, Source
from leadline.spool.status import DURATION_BOUNDS, Bounds, Durations, SpoolStatus

__all__ = [
    "DURATION_BOUNDS",
    "START",
    "Batch",
    "Bounds",
    "Bundle",
    "Durations",
    "Erasure",
    "Hit",
    "Kind",
    "Position",
    "Reason",
    "Record",
    "Refusal",
    "Source",
    "Spool",
    "SpoolStatus",
    "SpoolUnavailable",
    "TooLarge",
]
