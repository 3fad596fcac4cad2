"""The durable log between the wire and the warehouse, and the records that travel in it."""

from leadline.spool.log import Batch, Position, Spool, SpoolUnavailable
from leadline.spool.records import Erasure, Hit, Kind, Record, Refusal, Source

__all__ = [
    "Batch",
    "Erasure",
    "Hit",
    "Kind",
    "Position",
    "Record",
    "Refusal",
    "Source",
    "Spool",
    "SpoolUnavailable",
]
