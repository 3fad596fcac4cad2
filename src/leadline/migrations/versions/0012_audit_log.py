"""The audit log.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from leadline.database import UtcDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True, comment="who may be gone"),
        sa.Column("token_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=255), nullable=False),
        sa.Column("actor_email", sa.String(length=254), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=True, comment="of people alone"),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("resource_id", sa.String(length=255), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=True, comment="its slug"),
        sa.Column("details", sa.Text(), nullable=False, comment="in JSON"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_audit_entries_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_audit_entries_organisation_id_at", "audit_entries", ["organisation_id", "at"]
    )
