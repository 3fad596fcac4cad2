"""Both OpenAPI documents against a real server: requests made up from them, every answer checked.

What a document promises is checked in full, but for the checks that `FATHOM` and `SEAL` excuse,
each with the reason. Every operation has to succeed at least once.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import CheckFunction
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from leadline.access import Abilities, Role
from leadline.faces.face import Face
from leadline.faces.fathom import FathomFace
from leadline.faces.openapi import Document
from leadline.faces.seal import SealFace
from leadline.sites import Site, UtmField
from tests.faces import kept, people, stats
from tests.support import RunningServer, running_server

EXAMPLES = 20
EXAMPLES_OF_STATS = 5
"""They are made of few shapes, and there are many."""

EVENT = "signup"
PASSWORD = "correct horse battery"
PEOPLES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/auth/token"): {"password": PASSWORD},
    ("POST", "/users/me/password"): {"current_password": PASSWORD, "new_password": PASSWORD},
    ("POST", "/api-tokens"): {"name": "Made up", "scopes": ["read"], "account_ids": None},
    ("PATCH", "/users/me"): {"name": "Ana"},
}

OF_A_PERSON = ("/auth/", "/users/", "/organizations", "/invitations/")

ZONE = "the time zones there are, and that a private share needs a password, are documented 400s"
NAME = "a name with control characters is a documented 400"
VALUES = "the time zones, currencies and hosts there are: documented as 400 and 422"
FIELDS = "the fields that conditions have, and control characters: documented 422s"
REASON = "a reason with control characters is a documented 422"
FILTERS = "the filters that there are: a documented 422"
RULE = "what a pattern is, and that there is one: documented 422s"
REFERRER = "hosts, and control characters: documented as 400 and 422"

WEBHOOK = "addresses, headers, control characters, numbers as text: documented 422s"
ALERT = "hours for the one metric that has them, and control characters: documented 422s"

TOGETHER = "names that there are, and what fits together: documented 400s"

Excuses = dict[tuple[str, str], dict[CheckFunction, str]]

FATHOM: Excuses = {
    ("GET", "/sites"): {positive_data_acceptance: "both cursors at once are a documented 400"},
    ("POST", "/sites"): {positive_data_acceptance: ZONE},
    ("POST", "/sites/{site_id}"): {positive_data_acceptance: ZONE},
    ("DELETE", "/sites/{site_id}/data"): {positive_data_acceptance: "retired: a documented 410"},
    ("GET", "/sites/{site_id}/events"): {positive_data_acceptance: "as for sites"},
    ("POST", "/sites/{site_id}/events"): {positive_data_acceptance: NAME},
    ("POST", "/sites/{site_id}/events/currency"): {positive_data_acceptance: NAME},
    ("POST", "/sites/{site_id}/events/{event_id}"): {positive_data_acceptance: NAME},
    ("DELETE", "/sites/{site_id}/events/{event_id}/data"): {
        positive_data_acceptance: "retired: a documented 410"
    },
    ("GET", "/sites/{site_id}/milestones"): {positive_data_acceptance: "as for sites"},
    ("POST", "/sites/{site_id}/milestones"): {positive_data_acceptance: NAME},
    ("POST", "/sites/{site_id}/milestones/{milestone_id}"): {positive_data_acceptance: NAME},
    ("GET", "/aggregations"): {positive_data_acceptance: "what fits together: documented 400s"},
}
SEAL: Excuses = {
    ("POST", "/sites"): {positive_data_acceptance: VALUES},
    ("PATCH", "/sites/{site_id}"): {positive_data_acceptance: VALUES},
    ("POST", "/sites/{site_id}/utm-mappings"): {
        positive_data_acceptance: "a parameter with control characters is a documented 422"
    },
    ("POST", "/segments"): {positive_data_acceptance: FIELDS},
    ("PUT", "/segments/{segment_id}"): {positive_data_acceptance: FIELDS},
    ("POST", "/blocklist-ips"): {positive_data_acceptance: REASON},
    ("PATCH", "/blocklist-ips/{entry_id}"): {positive_data_acceptance: REASON},
    ("POST", "/exports"): {positive_data_acceptance: FILTERS},
    ("POST", "/exports/estimate"): {positive_data_acceptance: FILTERS},
    ("POST", "/exports/stream"): {positive_data_acceptance: FILTERS},
    ("POST", "/channel-groups"): {positive_data_acceptance: RULE},
    ("POST", "/channel-groups/import"): {positive_data_acceptance: RULE},
    ("PATCH", "/channel-groups/{rule_id}"): {positive_data_acceptance: RULE},
    ("POST", "/passthrough-referrers"): {positive_data_acceptance: REFERRER},
    ("PATCH", "/passthrough-referrers/{referrer_id}"): {positive_data_acceptance: REFERRER},
    ("POST", "/webhooks"): {positive_data_acceptance: WEBHOOK},
    ("PATCH", "/webhooks/{endpoint_id}"): {positive_data_acceptance: WEBHOOK},
    ("POST", "/alerts/rules"): {positive_data_acceptance: ALERT},
    ("PATCH", "/alerts/rules/{rule_id}"): {positive_data_acceptance: ALERT},
    ("POST", "/stats/query"): {positive_data_acceptance: TOGETHER},
    ("POST", "/stats/query/export"): {positive_data_acceptance: TOGETHER},
    ("POST", "/batch"): {positive_data_acceptance: "queries that depend on nothing: documented"},
    ("POST", "/hits"): {
        positive_data_acceptance: "times, kinds and sites there are: documented 4xx"
    },
}
NOT_AT_RANDOM = {
    ("DELETE", "/sites/{site_id}/data"),  # retired
    ("DELETE", "/sites/{site_id}/events/{event_id}/data"),
    ("POST", "/auth/register"),  # nobody signs up
    ("POST", "/auth/refresh"),  # by a cookie
    ("POST", "/auth/reset-password"),  # by a link that was sent
    ("POST", "/2fa/verify-login"),  # by what a password has earned
    ("DELETE", "/organizations/{slug}"),  # by its name, and not the last one
    ("POST", "/organizations/{slug}/members"),  # of another organisation
    ("POST", "/invitations/accept-existing"),  # into another organisation
}
"""What no made-up request succeeds at."""


class Target:
    """A server of its own with a token that may do everything, and what was answered so far."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.headers = {"Authorization": f"Bearer {server.token('*')}"}
        self.email = f"{uuid4().hex}@example.com"
        organisations = server.leadline.organisations
        self._user = organisations.add_user(
            organisations.first().id, email=self.email, password=PASSWORD, role=Role.OWNER
        )
        self.needed: set[tuple[tuple[str, str], CheckFunction]] = set()
        self.answered: dict[tuple[str, str], Counter[int]] = {}
        self._read_site = self._new_site()
        self._parts_of_reading: dict[str, dict[str, Any]] = {}

    def headers_of(self, case: Case[Any]) -> dict[str, str]:
        """Of somebody who has just signed in, where a token is nobody."""
        if not case.operation.path.startswith(
            ("/auth/", "/users/", "/organizations", "/invitations/")
        ):
            return self.headers
        granted = self.server.leadline.sign_ins.open(self._user.id, lambda _: {})
        # Each from another address: whoever signs in wrongly too often is to wait.
        from_there = f"2001:db8:{uuid4().hex[:4]}::1"
        return {"Authorization": f"Bearer {granted.access}", "X-Forwarded-For": from_there}

    def note(self, case: Case[Any], status: int) -> None:
        self.answered.setdefault(operation(case), Counter())[status] += 1

    def supply(self, case: Case[Any]) -> None:
        """Name things that exist, where the request is meant to be a right one."""
        if case.meta is None or not case.meta.generation.mode.is_positive:
            return
        site, parts = self._about(*operation(case))
        given = case.path_parameters
        for name, value in parts.items():
            if name in given:
                given[name] = value
        if isinstance(case.body, dict):
            self._name_in_body(operation(case), site, case.body)
        if operation(case) == ("POST", "/hits"):
            body: Any = case.body
            known = {"site_id": site.code, "url": "https://example.com/", "timestamp": None}
            for hit in body if isinstance(body, list) else [body]:
                hit.update(known)
        if stats.is_one(operation(case)[1]):
            named = {parameter.name for parameter in case.operation.query}
            known = {name: value for name, value in stats.query(site.code).items() if name in named}
            case.query = dict(case.query or {}) | known
        if case.query:
            self._name_in_query(case.query, site, parts[cursor_of(case.operation.path)])

    def _name_in_body(self, asked: tuple[str, str], site: Site, body: dict[str, Any]) -> None:
        body.update(people.body(self.server, *asked, site) or {})
        if asked == ("POST", "/invitations/accept"):
            body["token"] = people.parts(self.server, site, "/invitations/{token}")["token"]
        if asked in PEOPLES:
            body.update(PEOPLES[asked])
            if "email" in body:
                body["email"] = self.email
        if "domain" in body:
            body["domain"] = f"{uuid4().hex}.example"
        if "/exports" in asked[1]:
            body.update(date_from="2026-03-01", date_to="2026-03-10")
        if body.get("ip_or_cidr"):
            body["ip_or_cidr"] = "2001:db8::/32"
        if "/webhooks" in asked[1] and "url" in body:
            body.update(url="https://127.0.0.1/", custom_headers={})

    def _name_in_query(self, query: dict[str, Any], site: Site, cursor: Any) -> None:
        if "account_id" in query:
            query["account_id"] = site.code
        for name in ("period", "start_date", "end_date", "segment", "filters"):
            query.pop(name, None)
        if "aggregates" in query:
            query.update(entity_id=site.code, site_id=site.code, aggregates="pageviews")
            for name in (
                "field_grouping",
                "sort_by",
                "filters",
                "date_from",
                "date_to",
                "timezone",
            ):
                if query["entity"] == "pageview":
                    query.pop(name, None)
        elif "site_id" in query:
            query["site_id"] = site.code
        elif "name" in query:
            query["name"] = EVENT
        for side in ("starting_after", "ending_before"):
            if side in query:
                query[side] = cursor

    def _about(self, method: str, path: str) -> tuple[Site, dict[str, Any]]:
        """A site and what the parameters of a path name of it; one for all that change nothing."""
        if method == "GET" or stats.is_one(path):
            if path not in self._parts_of_reading:
                self._parts_of_reading[path] = self._named(self._read_site, method, path)
            return self._read_site, dict(self._parts_of_reading[path])
        site = self._new_site()
        return site, self._named(site, method, path)

    def _new_site(self) -> Site:
        return self.server.site(f"Target {uuid4().hex}", domains=("example.com",))

    def _named(self, site: Site, method: str, path: str) -> dict[str, Any]:
        """The parameters of a path, and a place in its list: each of something made for it."""
        found: dict[str, Any] = {"site_id": site.code, "domain": "example.com"}
        for name, make in self._makers(site, method).items():
            if f"{{{name}}}" in path or name == cursor_of(path):
                found[name] = make()
        if people.is_about_one(path) or "/users" in path or "/invitations" in path:
            found |= people.parts(self.server, site, path)
        return found | kept.parts(self.server, site, path)

    def _makers(self, site: Site, method: str) -> dict[str, Callable[[], Any]]:
        leadline = self.server.leadline

        def token() -> int:
            new = leadline.tokens.create(site.organisation, "made", Abilities(full=True))
            return new.token.id

        def mapping() -> int | str:
            made = leadline.sites.add_utm_mapping(site, "partner", UtmField.SOURCE)
            return made.id if method == "PATCH" else made.custom_param

        return {
            "event_id": lambda: leadline.events.create(site, EVENT).id,
            "milestone_id": lambda: (
                leadline.milestones.create(site, "Redesign", date(2026, 2, 28)).id
            ),
            "session_id": lambda: leadline.sign_ins.open(self._user.id, lambda _: {}).sign_in,
            "token_id": token,
            "mapping_id": mapping,
        }


def cursor_of(path: str) -> str:
    """Which part of an address is a place in the list that is at another."""
    return {"events": "event_id", "milestones": "milestone_id"}.get(
        path.rpartition("/")[2], "site_id"
    )


def operation(case: Case[Any]) -> tuple[str, str]:
    return case.operation.method.upper(), case.operation.path


@pytest.fixture(scope="module")
def fathom_target(server_under_attack: RunningServer) -> Target:
    return Target(server_under_attack)


@pytest.fixture(scope="module")
def seal_target(server_under_attack: RunningServer) -> Target:
    return Target(server_under_attack)


@pytest.fixture(scope="module")
def server_under_attack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("attacked")) as server:
        yield server


def document(face: type[Face]) -> dict[str, Any]:
    """What a server hands out as this face's OpenAPI document."""
    content = Document(face.dialect, face.error_schema(object.__new__(face))).content
    found: dict[str, Any] = json.loads(json.dumps(content))
    return found


fathom = schemathesis.openapi.from_dict(document(FathomFace))
seal = schemathesis.openapi.from_dict(document(SealFace))
seal_stats = schemathesis.openapi.from_dict(
    document(SealFace),
    config=SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}}),
)


def attack(case: Case[Any], target: Target, excuses: Excuses) -> None:
    target.supply(case)
    prefix = case.operation.schema.raw_schema["servers"][0]["url"]
    headers = target.headers_of(case)
    response = case.call(base_url=target.server.url + prefix, headers=headers)
    target.note(case, response.status_code)
    excused = list(excuses.get(operation(case), {}))
    case.validate_response(response, headers=headers, excluded_checks=excused)
    for check in excused:
        try:
            case.validate_response(response, headers=headers, checks=[check])
        except FailureGroup:
            target.needed.add((operation(case), check))


bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


PEOPLES_PATHS = r"^/((auth|users|2fa|organizations|invitations)\b|sites/{site_id}/users)"
STATS = r"^/(stats/(?!landing-pages$)|batch)"
"""But one, which has most parameters: with it every edge of each is tried."""


@fathom.parametrize()
@bounded
def test_fathom(case: Case[Any], fathom_target: Target) -> None:
    attack(case, fathom_target, FATHOM)


@seal.include(path_regex=PEOPLES_PATHS).parametrize()
@settings(bounded, max_examples=EXAMPLES_OF_STATS)
def test_people(case: Case[Any], seal_target: Target) -> None:
    """The document knows neither whether what they send is true nor that they say who they are."""
    unknowable = [positive_data_acceptance, negative_data_rejection]
    attack(case, seal_target, {operation(case): dict.fromkeys(unknowable, "see above")})
    for check in unknowable:
        seal_target.needed.discard((operation(case), check))


@seal.exclude(path_regex=f"{STATS}|{PEOPLES_PATHS}").parametrize()
@bounded
def test_seal(case: Case[Any], seal_target: Target) -> None:
    attack(case, seal_target, SEAL)


@seal_stats.include(path_regex=STATS).parametrize()
@settings(bounded, max_examples=EXAMPLES_OF_STATS)
def test_seal_stats(case: Case[Any], seal_target: Target) -> None:
    attack(case, seal_target, SEAL)


@pytest.mark.parametrize(("face", "excuses"), [("fathom", FATHOM), ("seal", SEAL)])
def test_every_operation_succeeded_and_every_excuse_was_needed(
    face: str, excuses: Excuses, request: pytest.FixtureRequest
) -> None:
    """Of the tests above; so this one needs them to have run."""
    target: Target = request.getfixturevalue(f"{face}_target")
    schema = {"fathom": fathom, "seal": seal}[face].raw_schema
    operations = {
        (method.upper(), path) for path, item in schema["paths"].items() for method in item
    }
    succeeded = {
        each
        for each, answers in target.answered.items()
        if any(200 <= status < 300 for status in answers)
    }
    assert succeeded == operations - NOT_AT_RANDOM
    assert target.needed == {(each, check) for each, found in excuses.items() for check in found}
