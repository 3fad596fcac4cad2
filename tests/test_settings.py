"""What an operator can set, and what a wrong value gets."""

from ipaddress import ip_network
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import make_url

from leadline.cli.options import describe_settings_error, settings_with
from leadline.settings import LOOPBACK, Settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(f"LEADLINE_{field.upper()}", raising=False)


def test_everything_has_a_default() -> None:
    settings = Settings()
    assert (settings.host, settings.port, settings.data) == ("127.0.0.1", 8000, Path("data"))
    assert settings.trusted_proxies == LOOPBACK
    assert settings.public_url is None


def test_the_environment_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_DATA", "/srv/leadline")
    monkeypatch.setenv("LEADLINE_PORT", "9000")
    monkeypatch.setenv("LEADLINE_LOG_LEVEL", "warning")
    monkeypatch.setenv("LEADLINE_SOMETHING_ELSE", "is not ours to judge")
    settings = Settings()
    assert (settings.port, settings.log_level) == (9000, "warning")
    assert settings.metadata_file == Path("/srv/leadline/leadline.sqlite3")
    assert settings.warehouse_file == Path("/srv/leadline/hits.duckdb")
    assert settings.spool_directory == Path("/srv/leadline/spool")


def test_an_option_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_PORT", "9000")
    monkeypatch.setenv("LEADLINE_HOST", "::1")
    settings = settings_with(port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "::1")


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("10.0.0.0/8", ["10.0.0.0/8"]),
        (" 10.1.2.3/8 , ::1 ,", ["10.0.0.0/8", "::1/128"]),
        ("192.0.2.1", ["192.0.2.1/32"]),
        ("", []),
    ],
)
def test_trusted_proxies_are_networks(
    monkeypatch: pytest.MonkeyPatch, text: str, networks: list[str]
) -> None:
    monkeypatch.setenv("LEADLINE_TRUSTED_PROXIES", text)
    assert Settings().trusted_proxies == tuple(map(ip_network, networks))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://stats.example.com", "https://stats.example.com"),
        (" https://stats.example.com/ ", "https://stats.example.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://[::1]:8000", "https://[::1]:8000"),
        ("", None),
        (" ", None),
    ],
)
def test_the_public_address_is_an_origin(
    monkeypatch: pytest.MonkeyPatch, text: str, url: str | None
) -> None:
    monkeypatch.setenv("LEADLINE_PUBLIC_URL", text)
    assert Settings().public_url == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("postgresql+psycopg://ada@db/leadline", "postgresql+psycopg://ada@db/leadline"),
        ("postgresql://ada@db/leadline", "postgresql+psycopg://ada@db/leadline"),
        (" postgresql:///leadline?host=/run ", "postgresql+psycopg:///leadline?host=%2Frun"),
    ],
)
def test_the_metadata_are_in_postgresql_when_a_url_says_so(
    monkeypatch: pytest.MonkeyPatch, text: str, url: str
) -> None:
    monkeypatch.setenv("LEADLINE_DATABASE_URL", text)
    assert Settings().metadata == url


def test_without_a_url_the_metadata_are_in_the_data_directory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for text in ("", " "):
        monkeypatch.setenv("LEADLINE_DATABASE_URL", text)
        assert Settings().metadata == Path("data/leadline.sqlite3")


def test_a_password_of_any_characters_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    password = "s3cr@t:/?#[]% +é"
    url = f"postgresql://ada:{quote(password, safe='')}@db:5433/leadline?sslmode=require"
    monkeypatch.setenv("LEADLINE_DATABASE_URL", url)
    settings = Settings()
    parsed = make_url(str(settings.metadata))
    assert (parsed.password, parsed.port, parsed.database) == (password, 5433, "leadline")
    assert parsed.query == {"sslmode": "require"}
    assert "s3cr" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "ada:s3cret@db/leadline",
        "mysql://ada:s3cret@db/leadline",
        "postgres://ada:s3cret@db/leadline",
        "postgresql+psycopg2://ada:s3cret@db/leadline",
        "postgresql+asyncpg://ada:s3cret@db/leadline",
        "postgresql://ada:s3cret@db",
        "postgresql://ada:s3cret@db/",
        "postgresql://ada:s3cret@db:port/leadline",
        "sqlite:///s3cret.sqlite3",
    ],
)
def test_a_wrong_url_is_refused_without_showing_the_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("LEADLINE_DATABASE_URL", url)
    with pytest.raises(ValidationError) as refused:
        Settings()
    described = describe_settings_error(refused.value)
    assert described.startswith("LEADLINE_DATABASE_URL: ")
    assert "postgresql+psycopg://user:password@host/database" in described
    assert "s3cr" not in described + str(refused.value)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://ada:s3cret@db:8443/stats", "https://ada:s3cret@db:8443/stats"),
        (" http://db/stats ", "http://db/stats"),
        ("chdb:///var/lib/x?database=stats", "chdb:///var/lib/x?database=stats"),
        ("", None),
        (" ", None),
    ],
)
def test_the_hits_are_in_clickhouse_when_a_url_says_so(
    monkeypatch: pytest.MonkeyPatch, text: str, url: str | None
) -> None:
    monkeypatch.setenv("LEADLINE_WAREHOUSE_URL", text)
    settings = Settings()
    found = settings.warehouse_url
    assert (None if found is None else found.get_secret_value()) == url
    assert "s3cr" not in repr(settings)
    files = (settings.warehouse_file.name, settings.other_warehouse_file.name)
    assert files == (
        ("hits.duckdb", "staging.duckdb") if url is None else ("staging.duckdb", "hits.duckdb")
    )


@pytest.mark.parametrize(
    "url",
    [
        "ada:s3cret@db/stats",
        "clickhouse://ada:s3cret@db/stats",
        "https://ada:s3cret@db",
        "https://ada:s3cret@db/",
        "https://ada:s3cret@db:port/stats",
        "https://ada:s3cret@/stats",
        "chdb:",
    ],
)
def test_a_wrong_url_of_clickhouse_is_refused_without_showing_the_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("LEADLINE_WAREHOUSE_URL", url)
    with pytest.raises(ValidationError) as refused:
        Settings()
    described = describe_settings_error(refused.value)
    assert described.startswith("LEADLINE_WAREHOUSE_URL: ")
    assert "https://user:password@host:8443/database" in described
    assert "s3cr" not in described + str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PUBLIC_URL", "stats.example.com"),
        ("PUBLIC_URL", "ftp://stats.example.com"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://stats.example.com/leadline"),
        ("PUBLIC_URL", "https://stats.example.com?x"),
        ("PUBLIC_URL", "https://somebody@stats.example.com"),
        ("PUBLIC_URL", "https://stats.example.com\nX: y"),
        ("PUBLIC_URL", 'https://stats"><script>'),
        ("TRUSTED_PROXIES", "10.0.0.0/8, somewhere"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("LOG_LEVEL", "chatty"),
        ("LOG_FORMAT", "xml"),
        ("FATHOM_RATE_LIMIT", "-1"),
        ("SEAL_RATE_LIMIT", "0"),
        ("SPOOL_SEGMENT_BYTES", "1"),
        ("LOADER_INTERVAL", "0"),
        ("LOADER_INTERVAL", "nan"),
        ("WAREHOUSE_MEMORY", "lots"),
        ("WAREHOUSE_THREADS", "0"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"LEADLINE_{name}", value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert describe_settings_error(refused.value).startswith(f"LEADLINE_{name}")


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_PORT", "http")
    monkeypatch.setenv("LEADLINE_LOG_FORMAT", "xml")
    with pytest.raises(ValidationError) as refused:
        Settings()
    described = describe_settings_error(refused.value)
    assert "\n" not in described
    assert all(f"LEADLINE_{name}: " in described for name in ("PORT", "LOG_FORMAT"))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", None),
        ("/", None),
        ("/stats", "/stats"),
        (" stats/ ", "/stats"),
        ("/a/b.c~_-d", "/a/b.c~_-d"),
        ("/a/sites", "/a/sites"),
    ],
)
def test_the_trackers_path(monkeypatch: pytest.MonkeyPatch, text: str, path: str | None) -> None:
    monkeypatch.setenv("LEADLINE_TRACKER_PATH", text)
    assert Settings().tracker_path == path


@pytest.mark.parametrize(
    ("variable", "text", "said"),
    [
        ("LEADLINE_TRACKER_PATH", "/a//b", "a path such as /stats"),
        ("LEADLINE_TRACKER_PATH", "/a/../b", "a path such as /stats"),
        ("LEADLINE_TRACKER_PATH", "/a?b", "a path such as /stats"),
        ("LEADLINE_TRACKER_PATH", "/ä", "a path such as /stats"),
        ("LEADLINE_TRACKER_PATH", "/v1/stats", "/v1 is taken"),
        ("LEADLINE_TRACKER_PATH", "sites", "/sites is taken"),
        ("LEADLINE_FATHOM_SCRIPT", "", "the name of a file"),
        ("LEADLINE_FATHOM_SCRIPT", "a/b.js", "the name of a file"),
        ("LEADLINE_FATHOM_SCRIPT", ".js", "the name of a file"),
        ("LEADLINE_FATHOM_SCRIPT", "event", "the name of a file"),
        ("LEADLINE_FATHOM_SCRIPT", "t.js", "the name of the other script"),
        ("LEADLINE_SEAL_SCRIPT", "script.js", "the name of the other script"),
    ],
)
def test_no_address_for_the_trackers(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, said: str
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(ValidationError) as refused:
        Settings()
    line = describe_settings_error(refused.value)
    assert variable in line
    assert said in line


def test_both_scripts_cannot_have_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_FATHOM_SCRIPT", "a.js")
    monkeypatch.setenv("LEADLINE_SEAL_SCRIPT", "a.js")
    with pytest.raises(ValidationError, match="the name of the other script"):
        Settings()


@pytest.mark.parametrize(
    "issuer",
    [
        "https://login.example.com",
        "https://login.example.com/realms/main/",
        "http://localhost:8080",
        "http://127.0.0.1:8080/x",
    ],
)
def test_the_issuer_of_a_provider(issuer: str) -> None:
    settings = Settings(oidc_issuer=issuer, oidc_client_id="leadline")
    assert settings.oidc_issuer == issuer
    assert settings.oidc_secret is None


@pytest.mark.parametrize(
    "issuer",
    [
        "login.example.com",
        "http://login.example.com",
        "https://",
        "https://login.example.com?x",
        "https://login.example.com#x",
        "https://user@login.example.com",
        "https://[login",
        "ftp://login.example.com",
        "https://login example.com",
    ],
)
def test_what_is_no_issuer(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    monkeypatch.setenv("LEADLINE_OIDC_CLIENT_ID", "leadline")
    monkeypatch.setenv("LEADLINE_OIDC_ISSUER", issuer)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert describe_settings_error(refused.value).startswith("LEADLINE_OIDC_ISSUER: ")


def test_an_issuer_needs_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_OIDC_ISSUER", "https://login.example.com")
    for given in (None, " "):
        with pytest.raises(ValidationError) as refused:
            settings_with(oidc_client_id=given)
        assert "LEADLINE_OIDC_CLIENT_ID: " in describe_settings_error(refused.value)
    monkeypatch.setenv("LEADLINE_OIDC_ISSUER", "")
    assert Settings().oidc_issuer is None


def test_the_secret_of_a_client_is_in_a_variable_or_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    given = Settings(oidc_client_secret=SecretStr("s3cret"))
    assert given.oidc_secret == "s3cret"
    assert "s3cret" not in repr(given)
    both = Settings(oidc_client_secret=SecretStr("s3cret"), oidc_client_secret_file=file)
    assert both.oidc_secret == "from a file"
    with pytest.raises(FileNotFoundError):
        _ = Settings(oidc_client_secret_file=tmp_path / "none").oidc_secret


def test_a_mail_server_needs_a_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_SMTP_URL", "smtp://user:p%40ss@mail.example.com:587")
    for sender in ("", "stats", "Leadline <stats>", "a@b.de\nBcc: c@d.de"):
        with pytest.raises(ValidationError) as refused:
            settings_with(mail_from=sender)
        assert "LEADLINE_MAIL_FROM: " in describe_settings_error(refused.value)
    settings = settings_with(mail_from="Leadline <stats@example.com>")
    assert settings.smtp == "smtp://user:p%40ss@mail.example.com:587"
    assert "p%40ss" not in repr(settings)
    monkeypatch.setenv("LEADLINE_SMTP_URL", "")
    assert settings_with().smtp is None


@pytest.mark.parametrize(
    "url", ["mail.example.com", "http://a", "smtp://", "smtp://a:x", "smtp://a/b"]
)
def test_what_is_no_mail_server(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("LEADLINE_MAIL_FROM", "stats@example.com")
    monkeypatch.setenv("LEADLINE_SMTP_URL", url)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert describe_settings_error(refused.value).startswith("LEADLINE_SMTP_URL: ")
