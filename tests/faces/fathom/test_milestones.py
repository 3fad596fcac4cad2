"""`/v1/sites/{site_id}/milestones`: what is kept of a milestone, and what is refused."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from leadline.sites import Site, SiteChange
from tests.faces.fathom.wire import NOT_PERMITTED, Account, Json, codes, error_of, errors_of
from tests.support import RunningServer

KEYS = ["id", "object", "name", "milestone_date", "created_at", "updated_at"]
RIGHT = {"name": "Website redesign", "milestone_date": "2023-11-07"}


@pytest.fixture
def site(server: RunningServer) -> Site:
    return server.site("Shop")


def where(site: Site, *rest: str) -> str:
    return "/".join([f"/v1/sites/{site.code}/milestones", *rest])


def made(client: httpx.Client, site: Site, **fields: Any) -> Json:
    answer = client.post(where(site), json=RIGHT | fields)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def test_a_milestone_is_made_read_changed_and_deleted(owner: httpx.Client, site: Site) -> None:
    milestone = made(owner, site)
    assert list(milestone) == KEYS
    assert str(UUID(milestone["id"])) == milestone["id"]
    assert (milestone["object"], milestone["name"]) == ("milestone", "Website redesign")
    assert milestone["milestone_date"] == "2023-11-07 00:00:00"
    assert milestone["created_at"] == milestone["updated_at"]
    assert len(milestone["created_at"]) == len("2020-07-27 12:01:01")
    its = where(site, milestone["id"])
    assert owner.get(its).json() == milestone
    answer = owner.post(its, json={"name": "Relaunch", "milestone_date": "2024-02-29"})
    assert answer.status_code == 200
    changed = answer.json()
    assert (changed["id"], changed["name"]) == (milestone["id"], "Relaunch")
    assert changed["milestone_date"] == "2024-02-29 00:00:00"
    assert owner.get(its).json() == changed
    gone = owner.delete(its)
    assert gone.status_code == 200
    assert gone.json() == {"id": milestone["id"], "object": "milestone", "deleted": True}
    for answer in (owner.get(its), owner.post(its, json=RIGHT), owner.delete(its)):
        assert error_of(answer, 404) == "The milestone could not be found"


def test_who_sends_back_what_was_read_changes_nothing(owner: httpx.Client, site: Site) -> None:
    milestone = made(owner, site)
    again = owner.post(where(site, milestone["id"]), json=milestone).json()
    assert again | {"updated_at": None} == milestone | {"updated_at": None}


def test_forms_slugs_and_a_slash_at_the_end_are_understood(owner: httpx.Client, site: Site) -> None:
    address = f"/v1/sites/{site.slug}/milestones/"
    answer = owner.post(address, data=RIGHT)
    assert answer.status_code == 201
    listed = owner.get(address).json()
    assert listed == {
        "object": "list",
        "url": f"/v1/sites/{site.code}/milestones",
        "has_more": False,
        "data": [answer.json()],
    }


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "2024-02-29", "9999-12-31"])
def test_any_day_of_the_calendar(owner: httpx.Client, site: Site, day: str) -> None:
    assert made(owner, site, milestone_date=f" {day} ")["milestone_date"] == f"{day} 00:00:00"


NO_DAYS = [
    "2023-02-29",
    "2023-13-01",
    "0000-01-01",
    "10000-01-01",
    "20231107",
    "2023-W45-2",
    "2023-11-7",
    "07.11.2023",
    "2023-11-07T00:00:00Z",
    "2023-11-07 05:31:56",
    "2023-11-07\n2023-11-08",
    "\u0662\u0660\u0662\u0663-11-07",
    "tomorrow",
    "\0",
]


@pytest.mark.parametrize("day", NO_DAYS)
def test_what_is_no_day(owner: httpx.Client, site: Site, day: str) -> None:
    errors = errors_of(owner.post(where(site), json=RIGHT | {"milestone_date": day}))
    assert errors == {"milestone_date": ["The milestone date field must be a valid date."]}


WRONG: list[tuple[Json, Json]] = [
    ({"name": None}, {"name": ["The name field is required."]}),
    ({"name": "  "}, {"name": ["The name field is required."]}),
    ({"name": 7}, {"name": ["The name field must be a string."]}),
    ({"name": ["x"]}, {"name": ["The name field must be a string."]}),
    ({"name": "x" * 31}, {"name": ["The name field must not be greater than 30 characters."]}),
    ({"name": "a\0b"}, {"name": ["The name field format is invalid."]}),
    ({"milestone_date": None}, {"milestone_date": ["The milestone date field is required."]}),
    ({"milestone_date": ""}, {"milestone_date": ["The milestone date field is required."]}),
    (
        {"milestone_date": 20231107},
        {"milestone_date": ["The milestone date field must be a string."]},
    ),
]


@pytest.mark.parametrize(("fields", "errors"), WRONG)
def test_a_wrong_field_is_named_and_nothing_is_kept(
    owner: httpx.Client, site: Site, fields: Json, errors: Json
) -> None:
    milestone = made(owner, site)
    for address in (where(site), where(site, milestone["id"])):
        assert errors_of(owner.post(address, json=RIGHT | fields)) == errors
    assert owner.get(where(site)).json()["data"] == [milestone]


def test_both_fields_are_needed_for_a_change_too(owner: httpx.Client, site: Site) -> None:
    its = where(site, made(owner, site)["id"])
    assert set(errors_of(owner.post(its, json={}))) == {"name", "milestone_date"}
    assert set(errors_of(owner.post(its))) == {"name", "milestone_date"}
    assert set(errors_of(owner.post(its, json={"name": "x"}))) == {"milestone_date"}
    assert set(errors_of(owner.post(its, json={"milestone_date": "2024-01-01"}))) == {"name"}


def test_a_name_has_30_characters_of_any_kind(owner: httpx.Client, site: Site) -> None:
    assert made(owner, site, name="😀" * 30, unheard="of")["name"] == "😀" * 30


def test_a_body_that_cannot_be_read(owner: httpx.Client, site: Site) -> None:
    for body, kind, status in (
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ("x", "text/plain", 415),
    ):
        answer = owner.post(where(site), content=body, headers={"Content-Type": kind})
        error_of(answer, status)


def test_pages(owner: httpx.Client, site: Site) -> None:
    ids = [made(owner, site, name=f"Number {number}")["id"] for number in range(12)]
    first = owner.get(where(site))
    assert (codes(first), first.json()["has_more"]) == (ids[:10], True)
    after = owner.get(where(site), params={"starting_after": ids[9]})
    assert (codes(after), after.json()["has_more"]) == (ids[10:], False)
    before = owner.get(where(site), params={"ending_before": ids[9], "limit": 3})
    assert (codes(before), before.json()["has_more"]) == (ids[6:9], True)
    owner.delete(where(site, ids[9]))
    assert codes(owner.get(where(site), params={"starting_after": ids[9]})) == ids[10:]
    both = owner.get(where(site), params={"starting_after": ids[0], "ending_before": ids[1]})
    assert list(errors_of(both)) == ["ending_before"]
    for name, value in (
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "x"),
        ("starting_after", "2922b1b5-a960-4ccd-a84f-7b310fce9edf"),
        ("starting_after", site.code),
        ("ending_before", "\0"),
    ):
        assert list(errors_of(owner.get(where(site), params={name: value}))) == [name]


def test_a_milestone_of_another_site_is_not_there(
    server: RunningServer, owner: httpx.Client, site: Site
) -> None:
    milestone = made(owner, site)
    other = server.site("Other")
    its = where(other, milestone["id"])
    for answer in (owner.get(its), owner.post(its, json=RIGHT), owner.delete(its)):
        error_of(answer, 404)
    cursor = owner.get(where(other), params={"starting_after": milestone["id"]})
    assert list(errors_of(cursor)) == ["starting_after"]
    account = Account(server)
    with account.client("*") as stranger:
        error_of(stranger.get(where(site, milestone["id"])), 404)
        error_of(stranger.delete(where(site, milestone["id"])), 404)
    assert owner.get(where(site, milestone["id"])).json() == milestone


@pytest.mark.parametrize("ability", ["all-sites-readonly", "read:{site}"])
def test_who_may_read_may_not_write(
    server: RunningServer, owner: httpx.Client, site: Site, ability: str
) -> None:
    milestone = made(owner, site)
    its = where(site, milestone["id"])
    with server.client(ability.format(site=site.code)) as reader:
        assert codes(reader.get(where(site))) == [milestone["id"]]
        assert reader.get(its).json() == milestone
        for answer in (
            reader.post(where(site), json=RIGHT),
            reader.post(its, json=RIGHT),
            reader.delete(its),
        ):
            assert answer.status_code == 400
            assert answer.json() == NOT_PERMITTED
    assert owner.get(where(site)).json()["data"] == [milestone]


def test_a_deactivated_and_a_deleted_site_have_none(
    server: RunningServer, owner: httpx.Client, site: Site
) -> None:
    milestone = made(owner, site)
    server.leadline.sites.update(site, SiteChange(is_active=False))
    for address in (where(site), where(site, milestone["id"])):
        assert error_of(owner.get(address), 404) == "The site could not be found"
    error_of(owner.post(where(site), json=RIGHT), 404)
    server.leadline.sites.update(site, SiteChange(is_active=True))
    assert owner.get(where(site, milestone["id"])).json() == milestone
    owner.delete(f"/v1/sites/{site.code}")
    error_of(owner.get(where(site, milestone["id"])), 404)
