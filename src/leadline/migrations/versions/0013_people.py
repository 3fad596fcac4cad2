"""Several organisations, access of members to single sites, and invitations.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from slugify import slugify

from leadline.database import UtcDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column(
        "organisations",
        sa.Column("slug", sa.String(length=64), nullable=False, server_default=""),
    )
    op.add_column("organisations", sa.Column("updated_at", UtcDateTime(), nullable=True))
    op.add_column("organisations", sa.Column("deleted_at", UtcDateTime(), nullable=True))
    _name_organisations()
    op.create_index("ix_organisations_slug", "organisations", ["slug"], unique=True)
    op.add_column("memberships", sa.Column("created_at", UtcDateTime(), nullable=True))
    op.add_column(
        "sessions",
        sa.Column(
            "organisation_id",
            sa.Integer(),
            nullable=True,
            comment="the chosen one, if they are still in it",
        ),
    )
    op.create_table(
        "site_access",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False, comment="viewer, editor or admin"),
        _of("site_access", "site_id", "sites"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "user_id"],
            ["memberships.organisation_id", "memberships.user_id"],
            name="fk_site_access_membership",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "user_id", name=op.f("pk_site_access")),
    )
    op.create_index("ix_site_access_membership", "site_access", ["organisation_id", "user_id"])
    op.execute(
        "INSERT INTO site_access (site_id, user_id, organisation_id, role)"
        " SELECT sites.id, memberships.user_id, memberships.organisation_id, 'viewer'"
        " FROM memberships JOIN sites ON sites.organisation_id = memberships.organisation_id"
        " WHERE memberships.role = 'member'"
    )
    op.create_table(
        "member_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False, comment="as given"),
        sa.Column("email_key", sa.String(length=254), nullable=False, comment="in lower case"),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        _of("member_invitations", "organisation_id", "organisations"),
        _of("member_invitations", "invited_by", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_invitations")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_member_invitations_secret_hash")),
        sa.UniqueConstraint(
            "organisation_id",
            "email_key",
            name=op.f("uq_member_invitations_organisation_id_email_key"),
        ),
        sqlite_autoincrement=True,
    )
    for column in ("organisation_id", "invited_by"):
        name = op.f(f"ix_member_invitations_{column}")
        op.create_index(name, "member_invitations", [column])
    op.create_table(
        "invited_sites",
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        _of("invited_sites", "invitation_id", "member_invitations"),
        _of("invited_sites", "site_id", "sites"),
        sa.PrimaryKeyConstraint("invitation_id", "site_id", name=op.f("pk_invited_sites")),
    )
    op.create_index("ix_invited_sites_site_id", "invited_sites", ["site_id"])


def _name_organisations() -> None:
    organisations = sa.table("organisations", sa.column("id"), sa.column("name"), sa.column("slug"))
    connection, taken = op.get_bind(), set()
    for row in connection.execute(sa.select(organisations).order_by(organisations.c.id)).all():
        slug = slugify(row.name, max_length=50).strip("-") or "organisation"
        slug = f"{slug}-{row.id}" if slug in taken or len(slug) < 3 else slug
        taken.add(slug)
        mine = organisations.c.id == row.id
        connection.execute(sa.update(organisations).where(mine).values(slug=slug))


def _of(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
