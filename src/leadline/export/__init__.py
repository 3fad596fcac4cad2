"""The hits of a site as one file for people and their programs: Parquet, CSV or JSON lines."""

from leadline.export.columns import COLUMNS
from leadline.export.files import Format
from leadline.export.service import NoSuchSpan, export

__all__ = ["COLUMNS", "Format", "NoSuchSpan", "export"]
