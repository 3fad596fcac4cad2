"""Values that a database may stumble over get the same answer on every one: never a 500."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from leadline.sites import Site, UtmField
from tests.support import RunningServer

ODD_NAMES = ("%00", "a%00b", "%ED%A0%80", "%FF", "x" * 4000, "%25", "_", "%5C", "%27")


@pytest.fixture(scope="module")
def owner(server: RunningServer) -> Iterator[httpx.Client]:
    with server.client("*") as client:
        yield client


@pytest.fixture(scope="module")
def site(server: RunningServer) -> Site:
    made = server.site("Odd")
    server.leadline.sites.add_utm_mapping(made, "src", UtmField.SOURCE)
    return made


@pytest.mark.parametrize("name", ODD_NAMES)
def test_no_site_is_called_that(owner: httpx.Client, name: str) -> None:
    for face in ("/v1", "/api/v1"):
        assert owner.get(f"{face}/sites/{name}").status_code == 404
        assert owner.delete(f"{face}/sites/{name}").status_code == 404
    assert owner.post(f"/v1/sites/{name}", json={"name": "x"}).status_code == 404
    assert owner.patch(f"/api/v1/sites/{name}", json={"name": "x"}).status_code == 404


@pytest.mark.parametrize("name", ODD_NAMES)
def test_no_page_begins_there(owner: httpx.Client, name: str) -> None:
    for cursor in ("starting_after", "ending_before"):
        answer = owner.get(f"/v1/sites?{cursor}={name}")
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == [cursor]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_nothing_of_a_site_is_called_that(owner: httpx.Client, site: Site, name: str) -> None:
    for what in ("domains", "utm-mappings"):
        answer = owner.delete(f"/api/v1/sites/{site.slug}/{what}/{name}")
        assert answer.status_code == 404, what


@pytest.mark.parametrize("number", ["0", "2147483647", "2147483648", "9223372036854775", "9" * 18])
def test_no_mapping_has_that_number(owner: httpx.Client, site: Site, number: str) -> None:
    path = f"/api/v1/sites/{site.slug}/utm-mappings/{number}"
    assert owner.patch(path, json={"is_active": False}).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/sites", {"name": "a\0b"}, 400),
        ("/v1/sites", {"name": "a", "timezone": "UTC\0"}, 400),
        ("/v1/sites", {"name": "a", "sharing": "none\0"}, 400),
        ("/v1/sites", {"name": "a", "sharing": "private", "share_password": "a\0b"}, 200),
        ("/v1/sites/{site}", {"name": "a\0b"}, 400),
        ("/v1/sites/{site}", {"timezone": "\0"}, 400),
        ("/api/v1/sites", {"name": "a\0b"}, 422),
        ("/api/v1/sites", {"name": "a", "currency": "EU\0"}, 422),
        ("/api/v1/sites", {"name": "a", "timezone": "\0"}, 400),
        ("/api/v1/sites", {"name": "a", "org_id": "\0"}, 403),
        ("/api/v1/sites", {"name": "a", "domains": ["a\0.com"]}, 400),
        ("/api/v1/sites/{site}/domains", {"domain": "a.com\0"}, 400),
        ("/api/v1/sites/{site}/utm-mappings", {"custom_param": "\0", "maps_to": "utm_term"}, 422),
    ],
)
def test_a_value_that_cannot_be_stored(
    owner: httpx.Client, site: Site, path: str, body: dict[str, Any], status: int
) -> None:
    answer = owner.post(path.format(site=site.slug), json=body)
    assert answer.status_code == status, answer.text
