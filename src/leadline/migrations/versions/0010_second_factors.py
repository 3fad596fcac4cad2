"""Second factors, passkeys, who is who at an OpenID provider, and more about sessions.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from leadline.database import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column(
        "organisations",
        sa.Column(
            "requires_second_factor", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )
    op.add_column(
        "sessions",
        sa.Column(
            "confirmed_at",
            UtcDateTime(),
            nullable=True,
            comment="when the person last proved who they are",
        ),
    )
    for name in ("browser", "system"):
        op.add_column(
            "sessions", sa.Column(name, sa.String(length=64), nullable=False, server_default="")
        )
    op.create_table(
        "authenticator_apps",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=32), nullable=False, comment="in base32"),
        sa.Column(
            "last_step",
            sa.Integer(),
            nullable=False,
            comment="of RFC 6238, of the newest code taken",
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _of_user("authenticator_apps"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_authenticator_apps")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=1), nullable=False, comment="the first character"),
        sa.Column("code_hash", sa.String(length=255), nullable=False),
        _of_user("recovery_codes"),
        sa.PrimaryKeyConstraint("user_id", "mark", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(length=1364), nullable=False, comment="in base64url"),
        sa.Column("public_key", sa.Text(), nullable=False, comment="COSE, in base64url"),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        _of_user("passkeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"], unique=False)
    op.create_table(
        "identities",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False, comment="of OpenID Connect"),
        sa.Column("subject", sa.String(length=255), nullable=False),
        _of_user("identities"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer_subject")),
    )
    op.create_table(
        "vouchers",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "credentials",
            sa.String(length=64),
            nullable=False,
            comment="a fingerprint of what it ends with",
        ),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        _of_user("vouchers"),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_vouchers")),
    )
    op.create_index(op.f("ix_vouchers_user_id"), "vouchers", ["user_id"], unique=False)
    op.create_table(
        "signing_keys",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False, comment="in hex"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_signing_keys")),
    )
    op.create_table(
        "spent_seals",
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("seal", name=op.f("pk_spent_seals")),
    )


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_user_id")
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=name, ondelete="CASCADE")
