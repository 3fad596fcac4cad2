"""Open redirects: `next` leads to a page of this server, as browsers read it, or nowhere."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.access import Role
from leadline.dashboard.signing_in import HOME, onward
from tests.dashboard.person import Person, first, signed_in
from tests.support import RunningServer

ELSEWHERE = [
    *("https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil"),
    *("/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/ /evil"),
    *("javascript:alert(1)", "data:text/html,x", "https:evil.example", "evil.example", "/./\\evil"),
    *("/%2f\\evil.example", "/x\r\nSet-Cookie: a=b", "/x\r\n\r\n<html>", "/é", "/\u2028/evil", ""),
]


def read_by_a_browser(address: str) -> str:
    """As the URL standard has it: tabs and line ends go, and a backslash is a slash."""
    kept = address.strip("".join(map(chr, range(33))))
    return kept.translate({ord(each): None for each in "\t\r\n"}).replace("\\", "/")


@given(st.text(alphabet="/\\.:@?#a \t\r\n\x00é%0") | st.sampled_from(ELSEWHERE) | st.text())
def test_no_text_leads_elsewhere(text: str) -> None:
    address = onward({"next": text})
    read = read_by_a_browser(address)
    assert read == address
    assert read.startswith("/")
    assert not read.startswith("//")


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_form_leads_elsewhere(server: RunningServer, elsewhere: str) -> None:
    """Of those that lead on: a password, and proving once more who one is."""
    owner = signed_in(server, Role.OWNER)
    session = server.leadline.sessions.find(owner.client.cookies["leadline_session"])
    assert session is not None
    query = urlencode({"next": elsewhere})
    assert owner.get(f"/sign-in?{query}").headers["location"] == HOME
    page = owner.get(f"/account/confirm?{query}").text
    assert elsewhere == "" or f'value="{elsewhere}"' not in page
    assert Person(server).get(f"/sign-in?{query}").text.count(f'value="{HOME}"') >= 1


def test_what_is_asked_for_without_a_session_comes_back_as_it_was(server: RunningServer) -> None:
    """The address that leads on after signing in is one of this server's, whatever was asked."""
    assert first(server)
    for path in ("//evil.example/sites", "/sites//evil.example", "/sites?next=//evil.example"):
        answer = Person(server).client.get(f"{server.url}{path}")
        location = answer.headers.get("location", "/")
        assert location.startswith("/")
        assert not location.startswith("//")
