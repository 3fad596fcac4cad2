"""The way to a provider and back: who is believed, and what is not."""

import time
from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from leadline.openid import Identity, Provider, ProviderRefused, ProviderUnavailable
from tests.openid.provider import CLIENT, SECRET, TestProvider

CALLBACK = "https://stats.example.com/sign-in/openid/callback"
SUBJECT = "248289761001"


@pytest.fixture
def provider(local: TestProvider) -> Provider:
    return Provider(local.issuer, CLIENT, SECRET)


def signed_in(provider: Provider, local: TestProvider, **changed: str) -> Identity:
    address, journey = provider.begin(CALLBACK)
    return provider.finish(journey, CALLBACK, local.sign_in(address) | changed)


def test_somebody_goes_there_and_comes_back(provider: Provider, local: TestProvider) -> None:
    assert signed_in(provider, local) == Identity(local.issuer, SUBJECT, "ada@example.com", False)


def test_what_goes_along_is_secret_and_another_each_time(provider: Provider) -> None:
    seen: set[str] = set()
    for _ in range(20):
        address, journey = provider.begin(CALLBACK)
        assert journey.verifier not in address
        seen |= {journey.state, journey.nonce, journey.verifier}
        asked = parse_qs(urlsplit(address).query)
        assert asked["redirect_uri"] == [CALLBACK]
        assert asked["scope"] == ["openid email"]
    assert len(seen) == 60
    assert min(map(len, seen)) >= 43, "256 bits"


def sent_to(local: TestProvider, path: str) -> dict[str, str]:
    return next(form for asked, form in local.requests if asked == path)


def test_the_secret_goes_in_a_header(provider: Provider, local: TestProvider) -> None:
    signed_in(provider, local)
    sent = sent_to(local, "/token")
    name, _, secret = (
        b64decode(sent["authorization"].removeprefix("Basic ")).decode().partition(":")
    )
    assert (unquote(name), unquote(secret)) == (CLIENT, SECRET)
    assert "client_secret" not in sent


def test_or_in_the_form_where_the_provider_wants_that(local: TestProvider) -> None:
    local.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    signed_in(Provider(local.issuer, CLIENT, SECRET), local)
    sent = sent_to(local, "/token")
    assert (sent["client_id"], sent["client_secret"]) == (CLIENT, SECRET)
    assert sent["authorization"] == ""


def test_or_there_is_none(local: TestProvider) -> None:
    signed_in(Provider(local.issuer + "/", CLIENT), local)
    sent = sent_to(local, "/token")
    assert (sent["client_id"], sent["authorization"]) == (CLIENT, "")
    assert "client_secret" not in sent


def test_it_is_asked_what_it_is_once(provider: Provider, local: TestProvider) -> None:
    for _ in range(3):
        signed_in(provider, local)
    paths = [path for path, _ in local.requests]
    assert paths.count("/.well-known/openid-configuration") == paths.count("/keys") == 1


def test_a_new_key_is_found(
    provider: Provider, local: TestProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(provider, local)
    local.key, local.kid = ec.generate_private_key(ec.SECP256R1()), "2"
    with pytest.raises(ProviderRefused, match="no such key"):
        signed_in(provider, local)
    later = time.monotonic() + 61
    monkeypatch.setattr("leadline.openid.provider.monotonic", lambda: later)
    assert signed_in(provider, local).subject == SUBJECT


@pytest.mark.parametrize(
    ("claims", "email", "has_several"),
    [
        ({"email_verified": False}, None, False),
        ({"email_verified": None}, None, False),
        ({"email_verified": "true"}, "ada@example.com", False),
        ({"email_verified": "false"}, None, False),
        ({"amr": ["pwd", "otp", "mfa"]}, "ada@example.com", True),
        ({"amr": ["pwd"]}, "ada@example.com", False),
        ({"aud": [CLIENT, "x"], "azp": CLIENT}, "ada@example.com", False),
    ],
)
def test_what_an_id_token_may_say(
    provider: Provider,
    local: TestProvider,
    claims: dict[str, Any],
    email: str | None,
    has_several: bool,
) -> None:
    local.claims = claims
    found = signed_in(provider, local)
    assert (found.email, found.has_several_factors) == (email, has_several)


def test_its_clock_may_be_wrong_by_a_minute(provider: Provider, local: TestProvider) -> None:
    local.claims = {"exp": int(time.time()) - 20}
    assert signed_in(provider, local).subject == SUBJECT
    local.claims = {"exp": int(time.time()) - 90}
    with pytest.raises(ProviderRefused):
        signed_in(provider, local)


@pytest.mark.parametrize(
    ("userinfo", "email"),
    [
        ({"email": "ada@example.com", "email_verified": True}, "ada@example.com"),
        ({"email": "ada@example.com"}, None),
        ({"email": "ada@example.com", "email_verified": True, "sub": "another"}, None),
        ({}, None),
    ],
)
def test_an_address_that_is_said_beside_the_token(
    provider: Provider, local: TestProvider, userinfo: dict[str, Any], email: str | None
) -> None:
    local.claims, local.userinfo = {"email": None}, userinfo
    assert signed_in(provider, local).email == email


def test_an_address_in_the_token_that_is_not_verified_is_not_looked_for_elsewhere(
    provider: Provider, local: TestProvider
) -> None:
    local.claims = {"email_verified": False}
    local.userinfo = {"email": "ada@example.com", "email_verified": True}
    assert signed_in(provider, local).email is None


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"iat": 2**40},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": "a\nb"},
        {"sub": 7},
        {"email": ["ada@example.com"]},
        {"amr": "mfa"},
    ],
    ids=str,
)
def test_what_it_may_not_say(
    provider: Provider, local: TestProvider, claims: dict[str, Any]
) -> None:
    local.claims = claims
    with pytest.raises(ProviderRefused):
        signed_in(provider, local)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_anybody_could_have_signed(
    provider: Provider, local: TestProvider, algorithm: str
) -> None:
    local.algorithm = algorithm
    with pytest.raises(ProviderRefused):
        signed_in(provider, local)


def test_a_token_that_somebody_else_signed(provider: Provider, local: TestProvider) -> None:
    signed_in(provider, local)
    local.key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(ProviderRefused):
        signed_in(provider, local)


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "another"},
        {"state": "é"},
        {"code": "another"},
        {"iss": "https://evil.example"},
        {"error": "access_denied"},
    ],
    ids=str,
)
def test_who_comes_back_otherwise(
    provider: Provider, local: TestProvider, changed: dict[str, str]
) -> None:
    with pytest.raises(ProviderRefused):
        signed_in(provider, local, **changed)


def test_nothing_comes_back(provider: Provider) -> None:
    _, journey = provider.begin(CALLBACK)
    for answer in ({}, {"state": journey.state}):
        with pytest.raises(ProviderRefused):
            provider.finish(journey, CALLBACK, answer)


def test_a_code_is_of_one_journey(provider: Provider, local: TestProvider) -> None:
    """What PKCE is for: a code that somebody has got hold of is of no use elsewhere."""
    address, _ = provider.begin(CALLBACK)
    answer = local.sign_in(address)
    _, other = provider.begin(CALLBACK)
    stolen = answer | {"state": other.state}
    with pytest.raises(ProviderRefused, match="invalid_grant"):
        provider.finish(other, CALLBACK, stolen)


def test_a_provider_that_names_itself_has_to(local: TestProvider) -> None:
    local.metadata["authorization_response_iss_parameter_supported"] = True
    provider = Provider(local.issuer, CLIENT)
    with pytest.raises(ProviderRefused, match="another provider"):
        signed_in(provider, local)
    assert signed_in(provider, local, iss=local.issuer).subject == SUBJECT


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/.well-known/openid-configuration", b"<html>"),
        ("/.well-known/openid-configuration", {"issuer": "x"}),
        ("/.well-known/openid-configuration", b"x" * 600_000),
        ("/keys", {"keys": 7}),
        ("/keys", b""),
        ("/token", {"access_token": "x"}),
        ("/token", b"[]"),
    ],
)
def test_what_is_no_answer(
    provider: Provider, local: TestProvider, path: str, said: object
) -> None:
    local.answers[path] = said
    with pytest.raises(ProviderUnavailable):
        signed_in(provider, local)


@pytest.mark.parametrize(
    "keys",
    [[], [{}], [{"kty": "oct", "kid": "1", "k": "eA"}], [{"kty": "EC", "kid": "1"}]],
    ids=str,
)
def test_keys_that_are_none(provider: Provider, local: TestProvider, keys: object) -> None:
    local.answers["/keys"] = {"keys": keys}
    with pytest.raises(ProviderRefused):
        signed_in(provider, local)


def test_another_issuer_than_was_meant(local: TestProvider) -> None:
    local.metadata["issuer"] = "https://evil.example"
    with pytest.raises(ProviderUnavailable, match="calls itself"):
        Provider(local.issuer, CLIENT).begin(CALLBACK)


def test_nobody_is_there() -> None:
    with pytest.raises(ProviderUnavailable):
        Provider("http://127.0.0.1:1", CLIENT).begin(CALLBACK)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://10.0.0.1/token",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:10.0.0.1]/token",
        "file:///etc/passwd",
        "gopher://x",
        "",
    ],
)
def test_a_provider_leads_into_no_private_network(local: TestProvider, elsewhere: str) -> None:
    """SSRF: what it names beside its own host has to be on the Internet."""
    local.metadata["token_endpoint"] = elsewhere
    with pytest.raises(ProviderUnavailable):
        signed_in(Provider(local.issuer, CLIENT), local)


def test_a_provider_elsewhere_needs_tls(local: TestProvider) -> None:
    with pytest.raises(ProviderUnavailable, match="no TLS"):
        Provider("http://login.example.com", CLIENT).begin(CALLBACK)
