"""Where segments, goals, funnels and exports are kept. Only this room queries these tables."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from leadline.database import UtcDateTime, metadata

segments = Table(
    "segments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False),
    Column("public_id", String(20), nullable=False, unique=True),
    Column("name", String(50), nullable=False),
    Column("display_name", String(100), nullable=False),
    Column("description", String(500)),
    Column("color", String(7)),
    Column("condition", Text, nullable=False, comment="a tree of conditions, in JSON"),
    Column("created_by", ForeignKey("users.id", ondelete="SET NULL")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("site_id", "name"),
    sqlite_autoincrement=True,
)

goals = Table(
    "goals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("operator", String(16), nullable=False),
    Column("value", String(2048), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("site_id", "name"),
    sqlite_autoincrement=True,
)

funnels = Table(
    "funnels",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("steps", Text, nullable=False, comment="in their order, in JSON"),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("site_id", "name"),
    sqlite_autoincrement=True,
)

exports = Table(
    "exports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("job_id", String(36), nullable=False, unique=True),
    Column("asked", Text, nullable=False, comment="in JSON, for whoever makes the rows"),
    Column("estimated_rows", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("starts", Integer, nullable=False, comment="how often it was begun"),
    Column("actual_rows", Integer),
    Column("file_size", Integer, comment="in bytes"),
    Column("token", String(64), unique=True),
    Column("error", String(255)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("completed_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    sqlite_autoincrement=True,
)
