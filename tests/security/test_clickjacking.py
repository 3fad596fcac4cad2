"""Clickjacking: nothing that the server shows may be framed, whatever its status."""

import httpx
import pytest

from leadline.access import Role
from tests.dashboard.person import Person, signed_in
from tests.support import RunningServer


def is_unframeable(answer: httpx.Response) -> bool:
    policy = answer.headers.get("content-security-policy", "")
    return "frame-ancestors 'none'" in policy and answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sign-in", 200),
        ("GET", "/reset", 200),
        ("GET", "/invitations/none", 410),
        ("GET", "/no-such-page", 404),
        ("GET", "/share/nothing", 404),
        ("DELETE", "/sign-in", 405),
        ("POST", "/sign-in", 403),
        ("GET", "/v1/docs", 200),
        ("GET", "/api/v1/docs", 200),
    ],
)
def test_no_page_is_framed(server: RunningServer, method: str, path: str, status: int) -> None:
    answer = Person(server).client.request(method, path)
    assert answer.status_code == status
    assert is_unframeable(answer)


def test_no_page_of_somebody_signed_in_is_framed(server: RunningServer) -> None:
    owner = signed_in(server, Role.OWNER)
    site = server.site()
    for path in ("/sites", f"/sites/{site.slug}", f"/sites/{site.slug}/delete", "/account", "/nix"):
        assert is_unframeable(owner.get(path)), path
    too_large = owner.client.post("/account", content=b"x" * 70_000)
    assert too_large.status_code == 413
    assert is_unframeable(too_large)
