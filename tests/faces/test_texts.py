"""Texts of every kind and length through both faces: kept to the letter, or refused and nothing."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.sites import NAME_LENGTH, PARAMETER_LENGTH, PASSWORD_LENGTH, UtmField
from leadline.text import CONTROL_CHARACTERS
from tests.faces.fathom.wire import opens
from tests.nasty import MARKUP, REFUSED, WRITINGS
from tests.support import RunningServer

ASTRAL = "😀"


class Faces:
    """Both faces, spoken to by one token."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def send(self, method: str, path: str, **body: Any) -> httpx.Response:
        """The body as ASCII: half a surrogate pair can be written so, and no other way."""
        headers = {"Content-Type": "application/json"}
        answer = self._client.request(
            method, path, content=json.dumps(body).encode(), headers=headers
        )
        assert answer.headers["content-type"] == "application/json"
        assert answer.status_code < 500, answer.text
        return answer

    def make(self, face: str, **fields: Any) -> httpx.Response:
        return self.send("POST", {"fathom": "/v1/sites", "seal": "/api/v1/sites"}[face], **fields)

    def name(self, face: str, answer: httpx.Response) -> str:
        """The name of a site that was made or refused by one face, as the other reads it."""
        if face == "fathom":
            code = answer.json()["id"]
            found: str = self._client.get(f"/api/v1/sites/{code}").json()["data"]["name"]
        else:
            slug = answer.json()["data"]["id"]
            found = self._client.get(f"/v1/sites/{slug}").json()["name"]
        return found


@pytest.fixture(scope="module")
def faces(server: RunningServer) -> Any:
    with server.client("*") as client:
        yield Faces(client)


each_face = pytest.mark.parametrize("face", ["fathom", "seal"])
names = st.text(st.characters(), max_size=40) | st.sampled_from([*MARKUP, *WRITINGS, *REFUSED])


@each_face
@settings(deadline=None, max_examples=60)
@given(name=names)
def test_a_name_is_kept_or_refused(faces: Faces, face: str, name: str) -> None:
    expected = name.strip() if face == "fathom" else name
    allowed = bool(expected.strip()) and not CONTROL_CHARACTERS.search(expected)
    answer = faces.make(face, name=name)
    assert answer.is_success == allowed, (answer.status_code, answer.text)
    if allowed:
        assert faces.name(face, answer) == expected
    else:
        assert answer.status_code == (400 if face == "fathom" else 422)


@each_face
@pytest.mark.parametrize("letter", ["a", "é", ASTRAL, "e\u0301"[1]])
def test_a_name_is_as_long_as_its_characters(faces: Faces, face: str, letter: str) -> None:
    for length in (1, NAME_LENGTH - 1, NAME_LENGTH):
        answer = faces.make(face, name=letter * length)
        assert answer.is_success
        assert faces.name(face, answer) == letter * length
    for length in (0, NAME_LENGTH + 1, 10 * NAME_LENGTH):
        answer = faces.make(face, name=letter * length)
        assert answer.status_code == (400 if face == "fathom" else 422)


@pytest.mark.parametrize("password", [ASTRAL * PASSWORD_LENGTH, "a", " ", "\x00\n", *WRITINGS])
def test_a_share_password_opens_as_it_was_given(
    faces: Faces, server: RunningServer, password: str
) -> None:
    answer = faces.make("fathom", name="Shared", sharing="private", share_password=password)
    assert answer.status_code == 200, answer.text
    assert opens(server, answer.json()["id"], password)
    assert not opens(server, answer.json()["id"], password + "x")


@pytest.mark.parametrize("password", ["a" * (PASSWORD_LENGTH + 1), ""])
def test_a_share_password_that_cannot_be_is_refused(faces: Faces, password: str) -> None:
    answer = faces.make("fathom", name="Shared", sharing="private", share_password=password)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["share_password"]


@each_face
@pytest.mark.parametrize("half", ["\ud800", "\udfff\ud800"])
def test_half_a_character_is_no_json(faces: Faces, face: str, half: str) -> None:
    for field in ("name", "timezone", "share_password"):
        answer = faces.make(face, **({"name": "x"} | {field: half}))
        assert answer.status_code == (400 if face == "fathom" else 422)


@pytest.mark.parametrize("text", [*MARKUP, *WRITINGS])
def test_what_is_stored_comes_back_as_it_was(
    faces: Faces, server: RunningServer, text: str
) -> None:
    """A parameter is kept, changed and removed by its own name, whatever that is."""
    site = server.site(uuid4().hex)
    path = f"/api/v1/sites/{site.slug}/utm-mappings"
    made = faces.send("POST", path, custom_param=text, maps_to="utm_term")
    assert made.status_code == 201, made.text
    (mapping,) = server.leadline.sites.utm_mappings(site)
    assert (mapping.custom_param, mapping.maps_to) == (text, UtmField.TERM)
    for snippet in faces.send("GET", f"/api/v1/sites/{site.slug}/pixel").json()["data"].values():
        assert text not in snippet


@pytest.mark.parametrize("letter", ["a", ASTRAL])
def test_a_parameter_is_as_long_as_its_characters(
    faces: Faces, server: RunningServer, letter: str
) -> None:
    path = f"/api/v1/sites/{server.site(uuid4().hex).slug}/utm-mappings"
    for length, status in (
        (1, 201),
        (PARAMETER_LENGTH, 201),
        (PARAMETER_LENGTH + 1, 422),
        (0, 422),
    ):
        answer = faces.send("POST", path, custom_param=letter * length, maps_to="utm_term")
        assert answer.status_code == status


@pytest.mark.parametrize("text", [*MARKUP, *WRITINGS, *REFUSED])
def test_what_is_no_host_is_refused_clearly(faces: Faces, server: RunningServer, text: str) -> None:
    path = f"/api/v1/sites/{server.site(uuid4().hex).slug}/domains"
    answer = faces.send("POST", path, domain=text)
    half = any("\ud800" <= letter <= "\udfff" for letter in text)
    assert answer.status_code in ((422,) if half else (201, 400))
    if answer.status_code == 201:
        listed = faces.send("GET", path).json()["data"]["domains"]
        assert [each["domain"] for each in listed] == [text.strip().lower()]


@pytest.mark.parametrize("text", [*MARKUP, *WRITINGS])
def test_a_refusal_that_repeats_it_is_json(faces: Faces, text: str) -> None:
    answer = faces.make("seal", name="x", timezone=text)
    assert answer.status_code == 400
    assert text[:64] in answer.json()["error"]["message"]
    answer = faces.make("fathom", name="x", timezone=text)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["timezone"]
