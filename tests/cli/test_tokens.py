"""`leadline token …`"""

import re

import httpx
import pytest

from tests.cli.commands import Operator
from tests.support import RunningServer


@pytest.fixture
def beside(server: RunningServer, operator: Operator) -> Operator:
    """An operator at the data directory of a running server."""
    operator.data = server.settings.data
    return operator


def status(server: RunningServer, secret: str) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.get(server.url + "/v1/token", headers=headers, verify=False).status_code


def test_the_secret_stands_alone_on_standard_output(operator: Operator) -> None:
    printed = operator.types("token", "create", "Production server", "--ability", "*")
    assert re.fullmatch(r"sm_[A-Za-z0-9]{64}\n", printed)
    assert operator.errors == ""


def test_a_token_works_and_ends_at_once(server: RunningServer, beside: Operator) -> None:
    secret = beside.types("token", "create", "Mine", "--ability", "*").strip()
    assert status(server, secret) == 200
    beside.types("token", "revoke", secret)
    assert beside.errors == f"revoked {secret[:8]}… (Mine)\n"
    assert status(server, secret) == 401
    beside.types("token", "revoke", secret)
    assert status(server, secret) == 401


def test_a_token_is_revoked_by_number_and_by_prefix(
    server: RunningServer, beside: Operator
) -> None:
    first = beside.types("token", "create", "First", "--ability", "*").strip()
    second = beside.types("token", "create", "Second", "--ability", "*").strip()
    listed = dict(line.split("\t")[1::-1] for line in beside.types("token", "list").splitlines())
    beside.types("token", "revoke", listed[first[:8]])
    beside.types("token", "revoke", second[:8])
    assert status(server, first) == status(server, second) == 401


def test_a_list_shows_everything_but_secrets(server: RunningServer, beside: Operator) -> None:
    site = server.site("Listed")
    abilities = (f"read:{site.slug}", f"manage:{site.code}", "all-sites-readonly")
    options = [part for ability in abilities for part in ("--ability", ability)]
    secret = beside.types("token", "create", "Many", *options, "--expires-in-days", "7").strip()
    assert status(server, secret) == 200
    lines = {line.split("\t")[1]: line for line in beside.types("token", "list").splitlines()}
    number, prefix, state, used, name, written = lines[secret[:8]].split("\t")
    assert number.isdecimal()
    assert prefix == secret[:8]
    assert (state, name) == ("valid", "Many")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", used)
    assert written == f"all-sites-readonly read:{site.code} manage:{site.code}"
    beside.types("token", "revoke", secret)
    assert f"{prefix}\trevoked\t" in beside.types("token", "list")
    assert secret not in beside.types("token", "list")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["create", "x", "--ability", "write"], "Not an ability: 'write'"),
        (["create", "x", "--ability", "read:"], "Not an ability: 'read:'"),
        (["create", "x", "--ability", "read:nobody"], "Site not found: nobody"),
        (["create", " ", "--ability", "*"], "A token's name has 1 to 100 characters"),
        (["create", "x" * 101, "--ability", "*"], "A token's name has 1 to 100 characters"),
        (["create", "\udcff", "--ability", "*"], "A token's name has 1 to 100 characters"),
        (["revoke", "9" * 20], "No token has the number or prefix 99999999"),
        (["revoke", "4711"], "No token has the number or prefix 4711"),
        (["revoke", "sm_nobody"], "No token has the number or prefix sm_nobod"),
    ],
)
def test_what_cannot_be_done(operator: Operator, arguments: list[str], message: str) -> None:
    assert operator.fails("token", *arguments).startswith(message)
    assert operator.types("token", "list") == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["create"],
        ["create", "x"],
        ["create", "x", "--ability", "*", "--expires-in-days", "0"],
        ["create", "x", "--ability", "*", "--expires-in-days", "99999999999"],
        ["create", "x", "--ability", "*", "--expires-in-days", "soon"],
        ["revoke"],
        ["list", "--all"],
        ["forge"],
    ],
)
def test_what_cannot_be_understood(operator: Operator, arguments: list[str]) -> None:
    assert operator.fails("token", *arguments, code=2).endswith("Try --help.")
