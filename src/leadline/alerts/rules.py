"""The rules of sites: kept, changed, and looked for."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import UNSET
from sqlalchemy import Connection, Row, delete, func, select, update

from leadline.alerts.errors import AlertNotFound, InvalidRule, RuleFault, TooManyRules
from leadline.alerts.judging import CENT
from leadline.alerts.model import AlertMetric, NewRule, Rule, RuleChange
from leadline.alerts.tables import rules
from leadline.clock import Clock, utc_now
from leadline.database import LARGEST_NUMBER, Database, insert_row
from leadline.text import CONTROL_CHARACTERS
from leadline.webhooks import InvalidWebhook, Sender

MOST_RULES = 50
"""Of a site."""
NAME_LENGTH = 255
LARGEST_THRESHOLD = 10_000
MOST_SILENT_HOURS = 168
MOST_RECIPIENTS = 10
EMAIL_LENGTH = 255
URL_LENGTH = 500
COOLDOWN = range(5, 1440 + 1)
"""In minutes."""
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")


class Rules:
    """Every method that names a rule raises `AlertNotFound` if the site has none of it."""

    def __init__(self, database: Database, sender: Sender, clock: Clock = utc_now) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock

    def create(self, site: int, new: NewRule, created_by: int | None = None) -> Rule:
        """Raises `InvalidRule`, `TooManyRules`."""
        self._check(new)
        values = _stored(msgspec.structs.asdict(new)) | {
            "is_active": True,
            "trigger_count": 0,
            "created_by": created_by,
            "created_at": self._clock(),
        }
        mine = select(func.count()).select_from(rules).where(rules.c.site_id == site)
        with self._database.writing() as connection:
            if connection.execute(mine).scalar_one() >= MOST_RULES:
                raise TooManyRules(MOST_RULES)
            number = insert_row(connection, rules, site_id=site, **values)
            return rule_of(connection, site, number)

    def list(self, site: int, *, include_inactive: bool = False) -> tuple[Rule, ...]:
        """In order of creation."""
        query = select(rules).where(rules.c.site_id == site).order_by(rules.c.id)
        if not include_inactive:
            query = query.where(rules.c.is_active)
        with self._database.reading() as connection:
            return tuple(map(rule_in, connection.execute(query).all()))

    def active(self) -> tuple[Rule, ...]:
        """Those of every site."""
        query = select(rules).where(rules.c.is_active).order_by(rules.c.id)
        with self._database.reading() as connection:
            return tuple(map(rule_in, connection.execute(query).all()))

    def get(self, site: int, number: int) -> Rule:
        with self._database.reading() as connection:
            return rule_of(connection, site, number)

    def change(self, site: int, number: int, change: RuleChange) -> Rule:
        """Raises `InvalidRule`."""
        given = {
            name: value
            for name, value in msgspec.structs.asdict(change).items()
            if value is not UNSET
        }
        with self._database.writing() as connection:
            found = rule_of(connection, site, number)
            changed = msgspec.structs.replace(found, **given)
            if changed.metric is not AlertMetric.CUSTOM and change.silent_hours is UNSET:
                changed = msgspec.structs.replace(changed, silent_hours=None)
                given["silent_hours"] = None
            self._check(changed)
            values = _stored(given) | {"updated_at": self._clock()}
            connection.execute(update(rules).where(rules.c.id == number).values(**values))
            return rule_of(connection, site, number)

    def delete(self, site: int, number: int) -> None:
        """And its history."""
        with self._database.writing() as connection:
            rule_of(connection, site, number)
            connection.execute(delete(rules).where(rules.c.id == number))

    def _check(self, rule: NewRule) -> None:
        """Raises `InvalidRule`."""
        _check(rule)
        for field in ("slack_webhook_url", "custom_webhook_url"):
            url = getattr(rule, field)
            if url is None:
                continue
            if len(url) > URL_LENGTH or CONTROL_CHARACTERS.search(url):
                raise InvalidRule(field, RuleFault.URL)
            try:
                self._sender.check(url)
            except InvalidWebhook:
                raise InvalidRule(field, RuleFault.URL) from None


def _check(rule: NewRule) -> None:
    """Raises `InvalidRule`."""
    if not 1 <= len(rule.name.strip()) <= NAME_LENGTH or CONTROL_CHARACTERS.search(rule.name):
        raise InvalidRule("name", RuleFault.NAME)
    if not _is_threshold(rule.threshold_value):
        raise InvalidRule("threshold_value", RuleFault.THRESHOLD)
    hours = rule.silent_hours
    is_custom = rule.metric is AlertMetric.CUSTOM
    is_right = hours is not None and 1 <= hours <= MOST_SILENT_HOURS if is_custom else hours is None
    if not is_right:
        raise InvalidRule("custom_condition", RuleFault.SILENT_HOURS)
    emails = rule.email_recipients
    if len(emails) > MOST_RECIPIENTS or not all(map(_is_email, emails)):
        raise InvalidRule("email_recipients", RuleFault.EMAILS)
    if rule.cooldown_minutes not in COOLDOWN:
        raise InvalidRule("cooldown_minutes", RuleFault.COOLDOWN)


def _is_threshold(value: Decimal) -> bool:
    is_possible = value.is_finite() and 0 <= value <= LARGEST_THRESHOLD
    return is_possible and value == value.quantize(CENT)


def _is_email(text: str) -> bool:
    return len(text) <= EMAIL_LENGTH and _EMAIL.fullmatch(text) is not None


def _stored(given: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(given)
    if "email_recipients" in values:
        values["email_recipients"] = msgspec.json.encode(values["email_recipients"]).decode()
    if "threshold_value" in values:
        values["threshold_value"] = f"{values['threshold_value']:.2f}"
    return values


def rule_of(connection: Connection, site: int, number: int) -> Rule:
    """Raises `AlertNotFound`."""
    mine = (rules.c.site_id == site) & (rules.c.id == number)
    is_possible = 0 < number <= LARGEST_NUMBER
    row = connection.execute(select(rules).where(mine)).one_or_none() if is_possible else None
    if row is None:
        raise AlertNotFound
    return rule_in(row)


def rule_in(row: Row[Any]) -> Rule:
    fields = {name: getattr(row, name) for name in Rule.__struct_fields__ if name != "site"}
    fields["threshold_value"] = Decimal(row.threshold_value)
    fields["email_recipients"] = msgspec.json.decode(row.email_recipients)
    # Texts of the table become members of their enumerations.
    return msgspec.convert(fields | {"site": row.site_id}, Rule)
