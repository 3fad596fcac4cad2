"""Links to a site's reports, and the hosts whose pages may show them in a frame.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from leadline.database import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column(
        "sites", sa.Column("embed_on", sa.String(length=2048), nullable=False, server_default="")
    )
    op.create_table(
        "share_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column(
            "condition",
            sa.Text(),
            nullable=True,
            comment="what it is limited to; null is everything",
        ),
        sa.Column("condition_name", sa.String(length=255), nullable=False),
        sa.Column(
            "view",
            sa.String(length=2048),
            nullable=False,
            comment="the query that its address begins with",
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("last_used_at", UtcDateTime(), nullable=True, comment="to the hour"),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_share_links_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_links")),
        sa.UniqueConstraint("token", name=op.f("uq_share_links_token")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_share_links_site_id"), "share_links", ["site_id"], unique=False)
