"""Where organisations, users and tokens are kept. Only this room queries these tables."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from leadline.database import UtcDateTime, metadata

organisations = Table(
    "organisations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", String(36), nullable=False, unique=True),
    Column("name", String(255), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("requires_second_factor", Boolean, nullable=False, server_default=false()),
    Column("slug", String(64), nullable=False, server_default=""),
    Column("updated_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    Index("ix_organisations_slug", "slug", unique=True),
    sqlite_autoincrement=True,
)

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False, comment="as given"),
    Column("email_key", String(254), nullable=False, unique=True, comment="in lower case"),
    Column("name", String(255), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

memberships = Table(
    "memberships",
    metadata,
    Column("organisation_id", ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(8), nullable=False),
    Column("created_at", UtcDateTime),
)

site_access = Table(
    "site_access",
    metadata,
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Integer, primary_key=True),
    Column("organisation_id", Integer, nullable=False),
    Column("role", String(8), nullable=False, comment="viewer, editor or admin"),
    ForeignKeyConstraint(
        ["organisation_id", "user_id"],
        ["memberships.organisation_id", "memberships.user_id"],
        name="fk_site_access_membership",
        ondelete="CASCADE",
    ),
    Index("ix_site_access_membership", "organisation_id", "user_id"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("prefix", String(8), nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    sqlite_autoincrement=True,
)

token_abilities = Table(
    "token_abilities",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_id", ForeignKey("tokens.id", ondelete="CASCADE"), nullable=False),
    Column("ability", String(20), nullable=False, comment="*, all-sites-readonly, read or manage"),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), comment="for read and manage"),
    UniqueConstraint("token_id", "ability", "site_id"),
    Index("ix_token_abilities_site_id", "site_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False, comment="to the hour"),
    Column("confirmed_at", UtcDateTime, comment="when the person last proved who they are"),
    Column("browser", String(64), nullable=False, server_default=""),
    Column("system", String(64), nullable=False, server_default=""),
    Column("organisation_id", Integer, comment="the chosen one, if they are still in it"),
)

authenticator_apps = Table(
    "authenticator_apps",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("secret", String(32), nullable=False, comment="in base32"),
    Column("last_step", Integer, nullable=False, comment="of RFC 6238, of the newest code taken"),
    Column("created_at", UtcDateTime, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("mark", String(1), primary_key=True, comment="the first character"),
    Column("code_hash", String(255), nullable=False),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("credential_id", String(1364), nullable=False, unique=True, comment="in base64url"),
    Column("public_key", Text, nullable=False, comment="COSE, in base64url"),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", String(100), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
    sqlite_autoincrement=True,
)

identities = Table(
    "identities",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("issuer", String(255), nullable=False, comment="of OpenID Connect"),
    Column("subject", String(255), nullable=False),
    UniqueConstraint("issuer", "subject"),
)

api_sign_ins = Table(
    "api_sign_ins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("refresh_hash", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime, nullable=False, comment="when it was last renewed"),
    Column("browser", String(64), nullable=False, server_default=""),
    Column("system", String(64), nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

spent_refreshes = Table(
    "spent_refreshes",
    metadata,
    Column("refresh_hash", String(64), primary_key=True),
    Column(
        "sign_in_id",
        ForeignKey("api_sign_ins.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
)

vouchers = Table(
    "vouchers",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("credentials", String(64), nullable=False, comment="a fingerprint of what it ends with"),
    Column("expires_at", UtcDateTime, nullable=False),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("key", String(64), nullable=False, comment="in hex"),
)

spent_seals = Table(
    "spent_seals",
    metadata,
    Column("seal", String(64), primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("user_id", Integer, comment="who may be gone"),
    Column("token_id", Integer),
    Column("actor_name", String(255), nullable=False),
    Column("actor_email", String(254)),
    Column("address", String(45), comment="of people alone"),
    Column("action", String(64), nullable=False),
    Column("resource_id", String(255), nullable=False),
    Column("site", String(64), comment="its slug"),
    Column("details", Text, nullable=False, comment="in JSON"),
    Index("ix_audit_entries_organisation_id_at", "organisation_id", "at"),
    sqlite_autoincrement=True,
)

member_invitations = Table(
    "member_invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "organisation_id",
        ForeignKey("organisations.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("email", String(254), nullable=False, comment="as given"),
    Column("email_key", String(254), nullable=False, comment="in lower case"),
    Column("role", String(8), nullable=False),
    Column("invited_by", ForeignKey("users.id", ondelete="SET NULL"), index=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("accepted_at", UtcDateTime),
    UniqueConstraint("organisation_id", "email_key"),
    sqlite_autoincrement=True,
)

invited_sites = Table(
    "invited_sites",
    metadata,
    Column(
        "invitation_id",
        ForeignKey("member_invitations.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(8), nullable=False),
    Index("ix_invited_sites_site_id", "site_id"),
)
