"""Channel rules, and referrers that only pass a visitor on, of each site.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from leadline.database import UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "site_channel_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("channel_name", sa.String(length=50), nullable=False),
        sa.Column("source_pattern", sa.String(length=255), nullable=False),
        sa.Column("medium_pattern", sa.String(length=255), nullable=False),
        sa.Column("campaign_pattern", sa.String(length=255), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites.id"],
            name=op.f("fk_site_channel_rules_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_channel_rules")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_site_channel_rules_site_id"), "site_channel_rules", ["site_id"])
    op.create_table(
        "site_passthrough_referrers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("utm_source", sa.String(length=255), nullable=False),
        sa.Column("utm_medium", sa.String(length=100), nullable=False),
        sa.Column("utm_campaign", sa.String(length=255), nullable=False),
        sa.Column("utm_term", sa.String(length=255), nullable=False),
        sa.Column("service_name", sa.String(length=100), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites.id"],
            name=op.f("fk_site_passthrough_referrers_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_passthrough_referrers")),
        sa.UniqueConstraint(
            "site_id", "domain", name=op.f("uq_site_passthrough_referrers_site_id_domain")
        ),
        sqlite_autoincrement=True,
    )
