"""Milestones, and what is known of events beyond their hits.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from leadline.database import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "site_milestones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column(
            "name",
            sa.String(length=30),
            nullable=True,
            comment="none once it is deleted: it then only keeps its place",
        ),
        sa.Column("milestone_date", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_site_milestones_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_milestones")),
        sa.UniqueConstraint("site_id", "uuid", name=op.f("uq_site_milestones_site_id_uuid")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "site_events",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("currency", sa.String(length=8), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column(
            "deleted_at",
            UtcDateTime(),
            nullable=True,
            comment="only a later hit shows it again",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_site_events_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "name", name=op.f("pk_site_events")),
        sa.UniqueConstraint("public_id", name=op.f("uq_site_events_public_id")),
    )
