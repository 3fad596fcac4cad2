"""Exports: files of rows that are made in the background.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from leadline.database import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column(
            "asked", sa.Text(), nullable=False, comment="in JSON, for whoever makes the rows"
        ),
        sa.Column("estimated_rows", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False, comment="how often it was begun"),
        sa.Column("actual_rows", sa.Integer(), nullable=True),
        sa.Column("file_size", sa.Integer(), nullable=True, comment="in bytes"),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column("error", sa.String(length=255), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_exports_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.UniqueConstraint("job_id", name=op.f("uq_exports_job_id")),
        sa.UniqueConstraint("token", name=op.f("uq_exports_token")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_exports_site_id"), "exports", ["site_id"])
