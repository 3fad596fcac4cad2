"""Where rules and alerts are kept. Only this room queries these tables."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from leadline.database import UtcDateTime, metadata

rules = Table(
    "alert_rules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(255), nullable=False),
    Column("description", String(1000)),
    Column("alert_type", String(20), nullable=False),
    Column("metric", String(20), nullable=False),
    Column("condition_type", String(20), nullable=False),
    Column("threshold_value", String(10), nullable=False, comment="a decimal"),
    Column("threshold_direction", String(10), nullable=False),
    Column("baseline_period", String(3), nullable=False),
    Column("comparison_window", String(3), nullable=False),
    Column("silent_hours", Integer),
    Column("notify_email", Boolean, nullable=False),
    Column("notify_slack", Boolean, nullable=False),
    Column("notify_webhook", Boolean, nullable=False),
    Column("email_recipients", Text, nullable=False, comment="in JSON"),
    Column("slack_webhook_url", String(500)),
    Column("custom_webhook_url", String(500)),
    Column("cooldown_minutes", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("last_triggered_at", UtcDateTime),
    Column("trigger_count", Integer, nullable=False),
    Column("created_by", ForeignKey("users.id", ondelete="SET NULL")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime),
    sqlite_autoincrement=True,
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule_id", ForeignKey("alert_rules.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("current_value", String(20), nullable=False, comment="a decimal"),
    Column("baseline_value", String(20), nullable=False, comment="a decimal"),
    Column("change_percentage", String(20), comment="a decimal"),
    Column("triggered_at", UtcDateTime, nullable=False),
    Column("period_start", UtcDateTime, nullable=False),
    Column("period_end", UtcDateTime, nullable=False),
    Column("status", String(14), nullable=False),
    Column("told_at", UtcDateTime, comment="when its people were told, or it was given up"),
    Column("notification_channels", Text, nullable=False, comment="in JSON"),
    Column("notification_error", String(255)),
    Column("acknowledged_at", UtcDateTime),
    Column("acknowledged_by", ForeignKey("users.id", ondelete="SET NULL")),
    Column("notes", String(1000)),
    Column("resolved_at", UtcDateTime),
    sqlite_autoincrement=True,
)
