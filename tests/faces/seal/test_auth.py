"""People at SealMetrics' API: signing in, being somebody, and what cookies may do."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pyotp
import pytest

from leadline.access import Role, User
from tests.faces.seal.dialect import calls, data, moment, refusal, wrong_fields
from tests.support import RunningServer

PASSWORD = "correct horse battery staple"
USER = {
    *("id", "email", "name", "role", "is_active", "email_verified_at", "last_login_at"),
    *("created_at", "account_ids", "two_factor_enabled", "two_factor_enabled_at"),
}


def somebody(server: RunningServer, role: Role = Role.ADMIN) -> User:
    organisations = server.leadline.organisations
    return organisations.add_user(
        organisations.first().id,
        email=f"{uuid4().hex}@example.com",
        password=PASSWORD,
        role=role,
        name="Ana",
    )


@pytest.fixture
def browser(server: RunningServer) -> Iterator[httpx.Client]:
    """Keeps cookies; each test comes from an address of its own."""
    with calls(server, None, **{"X-Forwarded-For": f"2001:db8:{uuid4().hex[:4]}::1"}) as client:
        yield client


def sign_in(browser: httpx.Client, user: User, password: str = PASSWORD) -> httpx.Response:
    return browser.post("/auth/token", json={"email": user.email, "password": password})


def bearing(server: RunningServer, access: str) -> httpx.Client:
    return calls(server, None, Authorization=f"Bearer {access}")


def test_signing_in(server: RunningServer, browser: httpx.Client) -> None:
    user, site = somebody(server), server.site("Seen")
    found = data(sign_in(browser, user))
    assert found.keys() == {
        *("access_token", "token_type", "expires_in", "user", "ip_filtered_accounts", "client_ip")
    }
    assert (found["token_type"], found["expires_in"]) == ("bearer", 900)
    assert found["user"].keys() == USER
    assert (found["user"]["email"], found["user"]["role"]) == (user.email, "user")
    assert site.slug in found["user"]["account_ids"]
    moment(found["user"]["last_login_at"])
    claims = jwt.decode(found["access_token"], options={"verify_signature": False})
    assert {"sub", "email", "account_ids", "scopes", "exp", "iat"} <= claims.keys()
    assert {"read", "write"} <= set(claims["scopes"])
    with bearing(server, found["access_token"]) as client:
        assert data(client.get("/auth/me"))["id"] == user.id
        assert data(client.get("/users/me"))["name"] == "Ana"
        assert data(client.post("/sites", json={"name": "Made by Ana"}), 201)["name"]
        assert data(client.patch("/users/me", json={"name": "Ana B."}))["name"] == "Ana B."
        assert wrong_fields(client.patch("/users/me", json={"name": ""})) == ["body.name"]
        assert wrong_fields(client.patch("/users/me", json={"name": "\0"})) == ["body.name"]


def test_cookies_are_for_this_api_alone(server: RunningServer, browser: httpx.Client) -> None:
    answer = sign_in(browser, somebody(server))
    cookies = {each.split("=")[0]: each for each in answer.headers.get_list("set-cookie")}
    assert {"sm_access_token", "sm_refresh_token", "sm_csrf_token"} <= cookies.keys()
    for name, cookie in cookies.items():
        assert "Path=/api/v1" in cookie
        assert "SameSite=lax" in cookie
        assert ("HttpOnly" in cookie) == (name != "sm_csrf_token")


def test_a_cookie_needs_the_word_that_goes_with_it(
    server: RunningServer, browser: httpx.Client
) -> None:
    sign_in(browser, somebody(server))
    assert data(browser.get("/auth/me"))["name"] == "Ana"
    change = {"name": "Changed"}
    refusal(browser.patch("/users/me", json=change), 403, "csrf_failed")
    wrong = {"X-CSRF-Token": "x" * 43}
    refusal(browser.patch("/users/me", json=change, headers=wrong), 403, "csrf_failed")
    right = {"X-CSRF-Token": browser.cookies["sm_csrf_token"]}
    assert data(browser.patch("/users/me", json=change, headers=right))["name"] == "Changed"


def test_renewing(server: RunningServer, browser: httpx.Client) -> None:
    first = data(sign_in(browser, somebody(server)))["access_token"]
    stolen = browser.cookies["sm_refresh_token"]
    second = data(browser.post("/auth/refresh"))["access_token"]
    assert second != first or browser.cookies["sm_refresh_token"] != stolen
    with calls(server, None, Cookie=f"sm_refresh_token={stolen}") as thief:
        refusal(thief.post("/auth/refresh"), 401, "unauthorized")
    refusal(browser.post("/auth/refresh"), 401, "unauthorized")
    with bearing(server, second) as client:
        refusal(client.get("/auth/me"), 401, "unauthorized")
    with calls(server, None) as nobody:
        refusal(nobody.post("/auth/refresh"), 401, "unauthorized")


def test_signing_out(server: RunningServer, browser: httpx.Client) -> None:
    access = data(sign_in(browser, somebody(server)))["access_token"]
    word = {"X-CSRF-Token": browser.cookies["sm_csrf_token"]}
    data(browser.post("/auth/logout", headers=word))
    assert "sm_access_token" not in browser.cookies
    with bearing(server, access) as client:
        refusal(client.get("/auth/me"), 401, "unauthorized")


def test_sign_ins_are_listed_and_ended(server: RunningServer, browser: httpx.Client) -> None:
    user = somebody(server)
    first = data(sign_in(browser, user))["access_token"]
    second = data(sign_in(browser, user))["access_token"]
    with bearing(server, second) as client:
        found = data(client.get("/auth/sessions"))
        assert found["total"] == 2
        assert [each["is_current"] for each in found["sessions"]] == [True, False]
        assert found["sessions"][0].keys() == {
            *("id", "user_agent", "ip_address", "created_at", "last_used_at", "is_current")
        }
        other = found["sessions"][1]["id"]
        data(client.delete(f"/auth/sessions/{other}"))
        refusal(client.delete(f"/auth/sessions/{other}"), 404, "not_found")
        with bearing(server, first) as former:
            refusal(former.get("/auth/me"), 401, "unauthorized")
        sign_in(browser, user)
        assert data(client.delete("/auth/sessions"))["sessions_terminated"] == 1
        everywhere = {"include_current": "true"}
        ended = data(client.delete("/auth/sessions", params=everywhere))
        assert ended["sessions_terminated"] == 1
        refusal(client.get("/auth/me"), 401, "unauthorized")


def test_who_is_turned_away(server: RunningServer, browser: httpx.Client) -> None:
    user = somebody(server)
    wrong = refusal(sign_in(browser, user, "wrong"), 401, "invalid_credentials")
    nobody = {"email": "nobody@example.com", "password": PASSWORD}
    unknown = refusal(browser.post("/auth/token", json=nobody), 401, "invalid_credentials")
    assert wrong == unknown
    for _ in range(8):
        sign_in(browser, user, "wrong")
    late = sign_in(browser, user)
    refusal(late, 429, "rate_limit_exceeded")
    assert int(late.headers["retry-after"]) > 0


def test_a_token_is_nobody(server: RunningServer) -> None:
    with calls(server, server.token("*")) as api:
        for path in ("/auth/me", "/users/me", "/auth/sessions"):
            refusal(api.get(path), 403, "forbidden")


def test_a_second_factor(server: RunningServer, browser: httpx.Client) -> None:
    user = somebody(server)
    factors = server.leadline.second_factors
    app = factors.offer(user, "Leadline")
    code = pyotp.TOTP(app.secret)
    recovery, *_ = factors.turn_on(user.id, app.seal, code.now(), address="203.0.113.1")
    asked = data(sign_in(browser, user))
    assert asked.keys() == {"requires_2fa", "user_id", "message", "pending_token"}
    assert (asked["requires_2fa"], asked["user_id"]) == (True, user.id)
    given: dict[str, Any] = {"user_id": user.id, "code": "000000"}
    refusal(browser.post("/2fa/verify-login", json=given), 401, "invalid_credentials")
    backup = given | {"code": recovery, "is_backup_code": True}
    found = data(browser.post("/2fa/verify-login", json=backup))
    assert found["user"]["two_factor_enabled"] is True
    with calls(server, None) as elsewhere:
        refusal(elsewhere.post("/2fa/verify-login", json=given), 400, "bad_request")


def test_a_new_password_ends_all_other_sign_ins(
    server: RunningServer, browser: httpx.Client
) -> None:
    user = somebody(server)
    other = data(sign_in(browser, user))["access_token"]
    access = data(sign_in(browser, user))["access_token"]
    changed = {"current_password": PASSWORD, "new_password": "another horse battery"}
    with bearing(server, access) as client, bearing(server, other) as former:
        wrong = changed | {"current_password": "wrong"}
        refusal(client.post("/users/me/password", json=wrong), 401, "invalid_credentials")
        short = changed | {"new_password": "short"}
        assert wrong_fields(client.post("/users/me/password", json=short)) == ["body.new_password"]
        data(client.post("/users/me/password", json=changed))
        refusal(former.get("/auth/me"), 401, "unauthorized")
        assert data(client.get("/auth/me"))["id"] == user.id
    data(sign_in(browser, user, "another horse battery"))


def test_a_forgotten_password_says_the_same_to_everybody(
    server: RunningServer, browser: httpx.Client
) -> None:
    user = somebody(server)
    texts = {
        data(browser.post("/auth/forgot-password", json={"email": email}))["message"]
        for email in (user.email, "nobody@example.com", "no address")
    }
    assert len(texts) == 1
    given = {"token": "x" * 20, "new_password": "another horse battery"}
    refusal(browser.post("/auth/reset-password", json=given), 400, "bad_request")


def test_nobody_signs_up(browser: httpx.Client) -> None:
    given = {"email": "a@example.com", "name": "A", "password": PASSWORD, "accept_terms": True}
    refusal(browser.post("/auth/register", json=given), 403, "forbidden")


def test_a_member_looks_and_changes_nothing(server: RunningServer, browser: httpx.Client) -> None:
    site = server.site("Looked at")
    access = data(sign_in(browser, somebody(server, Role.MEMBER)))["access_token"]
    with bearing(server, access) as client:
        assert data(client.get("/auth/me"))["role"] == "user"
        refusal(client.patch(f"/sites/{site.slug}", json={"name": "Mine"}), 403, "forbidden")
        refusal(client.get("/api-tokens"), 403, "forbidden")
