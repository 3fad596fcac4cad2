"""Where mails wait, and who gets which again and again. Only this room queries these tables."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

from leadline.database import UtcDateTime, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", String(255), nullable=False),
    Column("recipient", String(254), nullable=False),
    Column("subject", String(250), nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("unsubscribe", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    sqlite_autoincrement=True,
)

mail_subscriptions = Table(
    "mail_subscriptions",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True),
    Column("rhythm", String(7), primary_key=True),
    Column("language", String(2), nullable=False),
    Column("sent", Date, nullable=False, comment="the day of the newest mail"),
    Index("ix_mail_subscriptions_site_id", "site_id"),
)
