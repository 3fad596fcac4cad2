"""Which request goes to which room."""

import httpx
import pytest

from tests.support import RunningServer


@pytest.mark.parametrize("path", ["/health", "/livez", "/readyz"])
def test_a_server_that_takes_hits_is_healthy(server: RunningServer, path: str) -> None:
    answer = httpx.get(server.url + path, verify=False)
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


def test_the_root_is_a_page_unless_it_is_a_hit(server: RunningServer) -> None:
    page = httpx.get(server.url + "/", follow_redirects=True, verify=False)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Leadline" in page.text
    hit = httpx.get(server.url + "/?h=https%3A%2F%2Fexample.com&p=%2F&sid=NOBODY", verify=False)
    assert hit.headers["content-type"] == "image/gif"
    assert len(hit.content) == 43


def test_an_address_of_nobody_is_404(server: RunningServer) -> None:
    assert httpx.get(server.url + "/nothing", verify=False).status_code == 404
    assert httpx.post(server.url + "/health", verify=False).status_code == 405
