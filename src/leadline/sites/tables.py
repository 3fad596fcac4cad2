"""Where sites are kept. Only this room queries these tables."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from leadline.database import UtcDateTime, metadata
from leadline.sites.model import EMBEDDING_LENGTH

sites = Table(
    "sites",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("code", String(8), nullable=False, unique=True),
    Column("slug", String(64), nullable=False, unique=True),
    Column("name", String(255), nullable=False),
    Column("sharing", String(8), nullable=False),
    Column("share_password_hash", String(255)),
    Column("multi_domain", String(8)),
    Column("timezone", String(64), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("honours_dnt", Boolean, nullable=False, server_default=false()),
    Column("honours_gpc", Boolean, nullable=False, server_default=false()),
    Column("retention", Integer, comment="months; 0 is for ever, null as the server is set"),
    Column("embed_on", String(EMBEDDING_LENGTH), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime),
    Column("revision", Integer, nullable=False, index=True),
    Index("ix_sites_order", "organisation_id", "created_at", "id"),
    sqlite_autoincrement=True,
)

site_names = Table(
    "site_names",
    metadata,
    Column(
        "name", String(64), primary_key=True, comment="a code or slug in lower case; stays for ever"
    ),
    Column("site_id", Integer, nullable=False, index=True),
)

deleted_sites = Table(
    "deleted_sites",
    metadata,
    Column("site_id", Integer, primary_key=True, autoincrement=False),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime, nullable=False),
    Column("erased_at", UtcDateTime, comment="when the last of its hits was gone"),
    Column("revision", Integer, nullable=False, index=True),
)

site_domains = Table(
    "site_domains",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False),
    Column("domain", String(253), nullable=False),
    Column("host", String(253), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("site_id", "host"),
    sqlite_autoincrement=True,
)

site_utm_mappings = Table(
    "site_utm_mappings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False),
    Column("custom_param", String(100), nullable=False),
    Column("maps_to", String(12), nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("site_id", "custom_param"),
    sqlite_autoincrement=True,
)

site_block_rules = Table(
    "site_block_rules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("value", String(2048), nullable=False),
    Column("note", String(255), nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("site_id", "kind", "value"),
    sqlite_autoincrement=True,
)

site_channel_rules = Table(
    "site_channel_rules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("channel_name", String(50), nullable=False),
    Column("source_pattern", String(255), nullable=False),
    Column("medium_pattern", String(255), nullable=False),
    Column("campaign_pattern", String(255), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

site_passthrough_referrers = Table(
    "site_passthrough_referrers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False),
    Column("domain", String(253), nullable=False),
    Column("utm_source", String(255), nullable=False),
    Column("utm_medium", String(100), nullable=False),
    Column("utm_campaign", String(255), nullable=False),
    Column("utm_term", String(255), nullable=False),
    Column("service_name", String(100), nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("site_id", "domain"),
    sqlite_autoincrement=True,
)

site_milestones = Table(
    "site_milestones",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False),
    Column("uuid", String(36), nullable=False),
    Column("name", String(30), comment="none once it is deleted: it then only keeps its place"),
    Column("milestone_date", Date),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("site_id", "uuid"),
    sqlite_autoincrement=True,
)

share_links = Table(
    "share_links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("password_hash", String(255)),
    Column("condition", Text, comment="what it is limited to; null is everything"),
    Column("condition_name", String(255), nullable=False),
    Column("view", String(2048), nullable=False, comment="the query that its address begins with"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("last_used_at", UtcDateTime, comment="to the hour"),
    sqlite_autoincrement=True,
)

site_events = Table(
    "site_events",
    metadata,
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("public_id", String(24), nullable=False, unique=True),
    Column("currency", String(8)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime, comment="only a later hit shows it again"),
)

site_revisions = Table(
    "site_revisions",
    metadata,
    Column("last", Integer, nullable=False, comment="grows with every change of any site"),
)
