"""The metadata database: its tables' common ground, its transactions, its two engines.

SQLAlchemy Core, synchronous; callers on an event loop go through a thread. Each room declares
its own tables on `metadata` and is the only one to query them.
"""

from leadline.database.database import Database, Location
from leadline.database.migrating import DatabaseTooNew
from leadline.database.noting import noted
from leadline.database.postgresql import DriverMissing, UnsuitableDatabase
from leadline.database.schema import LARGEST_NUMBER, UtcDateTime, insert_row, metadata

__all__ = [
    "LARGEST_NUMBER",
    "Database",
    "DatabaseTooNew",
    "DriverMissing",
    "Location",
    "UnsuitableDatabase",
    "UtcDateTime",
    "insert_row",
    "metadata",
    "noted",
]
