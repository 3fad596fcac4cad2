"""What the values of a site have to be, and which columns they become."""

from collections.abc import Iterable
from typing import Any

from msgspec import UNSET
from sqlalchemy import Row

from leadline.passwords import hash_password, is_text, share_secret
from leadline.sites import names
from leadline.sites.currencies import check_currency
from leadline.sites.embedding import check_embedding
from leadline.sites.errors import DomainTaken, InvalidPassword, OptionRequired, PasswordRequired
from leadline.sites.hosts import ascii_host
from leadline.sites.model import PASSWORD_LENGTH, NewSite, Sharing, SiteChange
from leadline.sites.retention import check_retention
from leadline.sites.timezones import check_timezone


def columns_of(new: NewSite) -> dict[str, Any]:
    """The columns that a new site's own values give. Raises an `InvalidValue`."""
    return {
        "name": names.check_name(new.name),
        "timezone": check_timezone(new.timezone),
        "currency": check_currency(new.currency),
        "sharing": new.sharing,
        "share_password_hash": kept_hash(new.sharing, share_hash(new.share_password), None),
        "multi_domain": new.multi_domain,
        "is_active": new.is_active,
    }


def hosts_of(domains: Iterable[str]) -> list[tuple[str, str]]:
    """Each domain in lower case, with its host. Raises `InvalidDomain`, `DomainTaken`."""
    found: dict[str, str] = {}
    for domain in domains:
        host = ascii_host(domain)
        if host in found:
            raise DomainTaken(domain)
        found[host] = domain.strip().lower()
    return [(domain, host) for host, domain in found.items()]


def share_hash(password: str | None) -> str | None:
    """Slow on purpose: to be called before a transaction, not inside one."""
    if password is None:
        return None
    if not 1 <= len(password) <= PASSWORD_LENGTH or not is_text(password):
        raise InvalidPassword(f"A share password has 1 to {PASSWORD_LENGTH} characters")
    return hash_password(share_secret(password))


def kept_hash(sharing: Sharing, given: str | None, present: str | None) -> str | None:
    """The hash to keep: none unless private, else the one given or the one already set."""
    if sharing is not Sharing.PRIVATE:
        return None
    kept = given or present
    if kept is None:
        raise PasswordRequired
    return kept


def changed_columns(row: Row[Any], change: SiteChange, share_hash: str | None) -> dict[str, Any]:
    """The columns that `change` sets on the site in `row`."""
    values: dict[str, Any] = {}
    if change.name is not UNSET:
        values["name"] = names.check_name(change.name)
    if change.timezone is not UNSET:
        values["timezone"] = check_timezone(change.timezone)
    if change.currency is not UNSET:
        values["currency"] = check_currency(change.currency)
    for switch in ("is_active", "honours_dnt", "honours_gpc"):
        if getattr(change, switch) is not UNSET:
            values[switch] = getattr(change, switch)
    if change.retention is not UNSET:
        values["retention"] = check_retention(change.retention)
    if change.embed_on is not UNSET:
        values["embed_on"] = " ".join(check_embedding(change.embed_on))
    if change.sharing is not UNSET or change.share_password is not UNSET:
        sharing = Sharing(row.sharing) if change.sharing is UNSET else change.sharing
        values["sharing"] = sharing
        values["share_password_hash"] = kept_hash(sharing, share_hash, row.share_password_hash)
    if change.multi_domain is False:
        values["multi_domain"] = None
    elif change.multi_domain is True or row.multi_domain is not None:
        option = (
            row.multi_domain if change.multi_domain_option is UNSET else change.multi_domain_option
        )
        if option is None:
            raise OptionRequired
        values["multi_domain"] = option
    return values
