"""What does not count: rules of each site, and wishes not to be tracked.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from leadline.database import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for wish in ("honours_dnt", "honours_gpc"):
        op.add_column(
            "sites", sa.Column(wish, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.create_table(
        "site_block_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=2048), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites.id"],
            name=op.f("fk_site_block_rules_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_block_rules")),
        sa.UniqueConstraint(
            "site_id", "kind", "value", name=op.f("uq_site_block_rules_site_id_kind_value")
        ),
        sqlite_autoincrement=True,
    )
