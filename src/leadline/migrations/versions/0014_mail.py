"""Mails that wait to be sent.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from leadline.database import UtcDateTime

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("unsubscribe", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_due_at"), "outbox", ["due_at"], unique=False)
    op.create_table(
        "mail_subscriptions",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.String(length=7), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sent", sa.Date(), nullable=False, comment="the day of the newest mail"),
        _of("user_id", "users.id"),
        _of("site_id", "sites.id"),
        sa.PrimaryKeyConstraint("user_id", "site_id", "rhythm", name=op.f("pk_mail_subscriptions")),
    )
    op.create_index(
        op.f("ix_mail_subscriptions_site_id"), "mail_subscriptions", ["site_id"], unique=False
    )


def _of(column: str, key: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_mail_subscriptions_{column}")
    return sa.ForeignKeyConstraint([column], [key], name=name, ondelete="CASCADE")
