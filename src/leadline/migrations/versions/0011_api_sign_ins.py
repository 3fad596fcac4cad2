"""People who sign in at the API.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from leadline.database import UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "api_sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("refresh_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column(
            "last_used_at", UtcDateTime(), nullable=False, comment="when it was last renewed"
        ),
        sa.Column("browser", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("system", sa.String(length=64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_api_sign_ins_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_sign_ins")),
        sa.UniqueConstraint("refresh_hash", name=op.f("uq_api_sign_ins_refresh_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_api_sign_ins_user_id"), "api_sign_ins", ["user_id"])
    op.create_table(
        "spent_refreshes",
        sa.Column("refresh_hash", sa.String(length=64), nullable=False),
        sa.Column("sign_in_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sign_in_id"],
            ["api_sign_ins.id"],
            name=op.f("fk_spent_refreshes_sign_in_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("refresh_hash", name=op.f("pk_spent_refreshes")),
    )
    op.create_index(op.f("ix_spent_refreshes_sign_in_id"), "spent_refreshes", ["sign_in_id"])
