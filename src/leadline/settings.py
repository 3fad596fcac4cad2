"""What an operator can set: one object, read once, from options and `LEADLINE_*` variables.

Every field is documented in `docs/settings.md`; a test fails when one is missing there.
"""

import re
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url

Network = IPv4Network | IPv6Network

POSTGRESQL = "postgresql+psycopg"
HITS, STAGING = "hits.duckdb", "staging.duckdb"
FATHOM_SCRIPT, SEAL_SCRIPT = "script.js", "t.js"
_SCRIPT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*\.js")
_SEGMENT = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*")
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_ADDRESS = re.compile(r"[!-?A-~]+@[A-Za-z0-9.-]+")
OWN_PATHS = frozenset(
    [
        "account",
        "api",
        "assets",
        "audit",
        "audit.csv",
        "event",
        "health",
        "invitations",
        "livez",
        "mails",
        "metrics",
        "organisation",
        "owner",
        "people",
        "readyz",
        "reset",
        "share",
        FATHOM_SCRIPT,
        "sign-in",
        "sign-out",
        "sites",
        SEAL_SCRIPT,
        "tokens",
        "v1",
    ]
)
"""With what the paths of the server itself begin."""
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


class Settings(BaseSettings):
    """Settings of one server or one command. A wrong value raises `pydantic.ValidationError`."""

    model_config = SettingsConfigDict(
        env_prefix="LEADLINE_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    data: Path = Path("data")
    database_url: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str | None = None
    tracker_path: str | None = None
    fathom_script: str = FATHOM_SCRIPT
    seal_script: str = SEAL_SCRIPT
    oidc_issuer: str | None = None
    oidc_client_id: str | None = Field(default=None, validate_default=True)
    oidc_client_secret: SecretStr | None = None
    oidc_client_secret_file: Path | None = None
    oidc_name: str | None = Field(default=None, max_length=100)
    smtp_url: SecretStr | None = None
    smtp_url_file: Path | None = None
    mail_from: str | None = Field(default=None, max_length=320, validate_default=True)
    mail_language: Literal["en", "de"] = "en"
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = LOOPBACK

    country_header: str | None = None
    geo_database: Path | None = None
    referrer_spam_file: Path | None = None
    refuse_data_centres: bool = False

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "console"

    metrics: bool = False
    browser: Path | None = None

    retention_months: int | None = Field(default=None, ge=1, le=120)
    audit_months: int = Field(default=24, ge=1, le=120)

    fathom_rate_limit: int = Field(default=0, ge=0)
    seal_rate_limit: int = Field(default=10_000, ge=1)

    webhooks_to_loopback: bool = False

    answer_seconds: float = Field(default=30.0, gt=0)

    spool_segment_bytes: int = Field(default=64 * 1024 * 1024, ge=4096, le=2**30)
    spool_max_bytes: int = Field(default=8 * 1024**3, ge=1024**2)
    disk_reserve_bytes: int = Field(default=256 * 1024**2, ge=0)
    loader_interval: float = Field(default=1.0, gt=0, le=1)
    warehouse_url: SecretStr | None = None
    warehouse_memory: str = Field(default="128MB", pattern=r"^\d+(\.\d+)?(KB|MB|GB)$")
    warehouse_threads: int = Field(default=2, ge=1)

    @field_validator(
        "browser",
        "country_header",
        "geo_database",
        "mail_from",
        "oidc_client_id",
        "oidc_client_secret",
        "oidc_client_secret_file",
        "oidc_issuer",
        "oidc_name",
        "referrer_spam_file",
        "retention_months",
        "smtp_url",
        "smtp_url_file",
        mode="before",
    )
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("country_header")
    @classmethod
    def _in_lower_case(cls, value: str | None) -> str | None:
        if value is not None and not _HEADER.fullmatch(value):
            raise ValueError("the name of a header, such as CF-IPCountry")
        return value and value.lower()

    @field_validator("database_url")
    @classmethod
    def _of_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value().strip():
            return None
        try:
            url = make_url(value.get_secret_value().strip())
        except Exception:  # its text may hold the password
            url = None
        if url is None or url.drivername not in (POSTGRESQL, "postgresql") or not url.database:
            raise ValueError(f"a URL such as {POSTGRESQL}://user:password@host/database")
        found = url.set(drivername=POSTGRESQL).render_as_string(hide_password=False)
        return SecretStr(found)

    @field_validator("warehouse_url")
    @classmethod
    def _of_clickhouse(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value().strip():
            return None
        found = value.get_secret_value().strip()
        if not _is_clickhouse(found):
            raise ValueError("a URL such as https://user:password@host:8443/database")
        return SecretStr(found)

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(
                ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip()
            )
        return value

    @field_validator("public_url")
    @classmethod
    def _origin_only(cls, value: str | None) -> str | None:
        if value is None or not value.strip():
            return None
        url = value.strip().rstrip("/")
        scheme, separator, rest = url.partition("://")
        if (
            scheme not in ("http", "https")
            or not separator
            or not rest.isprintable()
            or not rest
            or set(rest) & set("/?#@ \"'<>\\")
        ):
            raise ValueError(
                "an http or https address without a path, such as https://stats.example.com"
            )
        return url

    @field_validator("oidc_issuer")
    @classmethod
    def _of_a_provider(cls, value: str | None) -> str | None:
        if value is not None and not _is_issuer(value):
            raise ValueError("an https address without a query, such as https://login.example.com")
        return value

    @field_validator("oidc_client_id")
    @classmethod
    def _needed_by_the_issuer(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("oidc_issuer"):
            raise ValueError("the name under which the provider of LEADLINE_OIDC_ISSUER knows us")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _of_a_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _is_smtp(value.get_secret_value().strip()):
            raise ValueError("a URL such as smtp://user:password@mail.example.com:587")
        return value

    @field_validator("mail_from")
    @classmethod
    def _needed_by_the_mail_server(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            if info.data.get("smtp_url") or info.data.get("smtp_url_file"):
                raise ValueError("the address that mails come from is needed with a mail server")
            return None
        _, address = parseaddr(value)
        if not value.isprintable() or not _ADDRESS.fullmatch(address):
            raise ValueError("an address such as Leadline <stats@example.com>")
        return value

    @field_validator("tracker_path")
    @classmethod
    def _not_our_own(cls, value: str | None) -> str | None:
        path = (value or "").strip().strip("/")
        if not path:
            return None
        segments = path.split("/")
        if not all(map(_SEGMENT.fullmatch, segments)):
            raise ValueError("a path such as /stats, of letters, digits, hyphens, dots, _ and ~")
        if segments[0] in OWN_PATHS:
            raise ValueError(f"/{segments[0]} is taken by the server itself")
        return f"/{path}"

    @field_validator("fathom_script", "seal_script")
    @classmethod
    def _named_as_a_script(cls, value: str) -> str:
        if not _SCRIPT.fullmatch(value):
            raise ValueError("the name of a file, of letters, digits, hyphens, dots and _, and .js")
        return value

    @field_validator("fathom_script", "seal_script")
    @classmethod
    def _of_one_script_only(cls, value: str, info: ValidationInfo) -> str:
        others = (FATHOM_SCRIPT, info.data.get("fathom_script"))
        if value in (others if info.field_name == "seal_script" else (SEAL_SCRIPT,)):
            raise ValueError("the name of the other script")
        return value

    @property
    def oidc_secret(self) -> str | None:
        """What the OpenID provider knows us by. Raises `OSError` for a file that is not there."""
        if self.oidc_client_secret_file is not None:
            return self.oidc_client_secret_file.read_text().strip()
        secret = self.oidc_client_secret
        return None if secret is None else secret.get_secret_value()

    @property
    def smtp(self) -> str | None:
        """The URL of the mail server. Raises `OSError` for a file that is not there."""
        if self.smtp_url_file is not None:
            return self.smtp_url_file.read_text().strip()
        return None if self.smtp_url is None else self.smtp_url.get_secret_value().strip()

    @property
    def metadata(self) -> Path | str:
        """Where the metadata are: a SQLite file, or the URL of a PostgreSQL database."""
        return (
            self.metadata_file
            if self.database_url is None
            else self.database_url.get_secret_value()
        )

    @property
    def metadata_file(self) -> Path:
        return self.data / "leadline.sqlite3"

    @property
    def warehouse_file(self) -> Path:
        """The hits, or with a warehouse elsewhere what waits for it."""
        return self.data / (HITS if self.warehouse_url is None else STAGING)

    @property
    def other_warehouse_file(self) -> Path:
        """What `warehouse_file` would be if it were chosen otherwise where the hits are."""
        return self.data / (STAGING if self.warehouse_url is None else HITS)

    @property
    def exports_directory(self) -> Path:
        return self.data / "exports"

    @property
    def spool_directory(self) -> Path:
        return self.data / "spool"


def _is_clickhouse(url: str) -> bool:
    """A server with the name of a database, or a directory of an engine in this process."""
    try:
        parts = urlsplit(url)
        served = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return (served or parts.scheme == "chdb") and bool(parts.path.strip("/"))


def _is_smtp(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and not parts.path.strip("/")


def _is_issuer(url: str) -> bool:
    """Without TLS only on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and host in ("localhost", "127.0.0.1", "::1")
    )
    rest = parts.query + parts.fragment + (parts.username or "")
    return bool(is_safe and host and not rest and url.isprintable() and " " not in url)
