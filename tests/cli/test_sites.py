"""`leadline site …`"""

import io
import json
import os
import pty
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import DATA, Operator, run
from tests.support import RunningServer, eventually


@pytest.fixture
def beside(server: RunningServer, operator: Operator) -> Operator:
    """An operator at the data directory of a running server."""
    operator.data = server.settings.data
    return operator


def total(server: RunningServer, site: str) -> int:
    with server.client("*") as client:
        data = client.get(f"/api/v1/sites/{site}/pixel/status").json()["data"]
    return int(data["total_hits"])


def collect(server: RunningServer, site: str) -> None:
    with server.client("*") as client:
        client.post("/event", content=json.dumps({"a": site, "u": "https://shop.example/"}))


def hits(server: RunningServer, site: int) -> int:
    ((count,),) = server.leadline.storage.warehouse.query(
        "SELECT count(*) FROM hits WHERE site_id = $site", site=site
    )
    return int(count)


def saved(tmp_path: Path, content: Any) -> str:
    file = tmp_path / "saved.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(file)


def test_create_prints_code_and_slug(operator: Operator) -> None:
    printed = operator.types("site", "create", "Acme Corp")
    assert re.fullmatch(r"[A-Z]{8}\tacme-corp\n", printed)
    code = printed.split("\t")[0]
    assert operator.types("site", "list") == f"{code}\tacme-corp\tactive\tUTC\tEUR\tAcme Corp\t\n"


def test_everything_can_be_chosen(operator: Operator) -> None:
    printed = operator.types(
        *("site", "create", "Acme", "--code", "CDBUGS", "--slug", "acme-corp"),
        *("--domain", "acme.com", "--domain", "www.acme.com"),
        *("--timezone", "Europe/Madrid", "--currency", "USD"),
    )
    assert printed == "CDBUGS\tacme-corp\n"
    assert operator.types("site", "list") == (
        "CDBUGS\tacme-corp\tactive\tEurope/Madrid\tUSD\tAcme\tacme.com www.acme.com\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Acme", "--code", "cdbugs"], "Not a tracking code of 5 to 8 capital letters: cdbugs"),
        (["Acme", "--code", "CONFIG"], "Not a tracking code of 5 to 8 capital letters: CONFIG"),
        (["Acme", "--slug", "share"], "Not a slug"),
        (["Acme", "--slug", "A"], "Not a slug"),
        (["Acme", "--domain", "https://acme.com"], "Invalid domain format: https://acme.com"),
        (["Acme", "--domain", "a.com", "--domain", "A.com"], "Domain already exists: A.com"),
        (["Acme", "--timezone", "Mars/Base"], "Invalid IANA timezone identifier: Mars/Base"),
        (["Acme", "--currency", "EURO"], "Not a current ISO 4217 currency code: EURO"),
        (["Acme", "--code", "TAKEN"], "TAKEN is, or was, the name of another site"),
        (["Acme", "--code", "ABCDEF", "--slug", "abcdef"], "abcdef is, or was"),
        ([" "], "A name has 1 to 255 characters"),
        (["x" * 256], "A name has 1 to 255 characters"),
        (["a\nb"], "A name has no control characters"),
        (["\udcff"], "A name has no control characters"),
    ],
)
def test_what_no_site_can_have(operator: Operator, arguments: list[str], message: str) -> None:
    operator.types("site", "create", "First", "--code", "TAKEN")
    assert operator.fails("site", "create", *arguments).startswith(message)
    assert operator.types("site", "list").count("\n") == 1


def test_a_new_site_collects_within_a_second(server: RunningServer, beside: Operator) -> None:
    code, slug = beside.types("site", "create", "Created beside").strip().split("\t")
    eventually(lambda: server.leadline.snapshot.find(code))
    collect(server, slug)
    eventually(lambda: total(server, slug) == 1)


def test_a_saved_list_of_fathoms(operator: Operator) -> None:
    printed = operator.types("site", "import", str(DATA / "fathom-sites.json"))
    assert printed.splitlines() == [
        "CDBUGS\tacme-holdings-inc\tactive\tAmerica/New_York\tEUR\tAcme Holdings Inc\t",
        "GCDFSWXY\tpaul-s-blog\tactive\tEurope/Madrid\tEUR\tPaul's Blog\t",
    ]
    assert operator.errors == ""
    assert operator.types("site", "list") == printed


def test_a_saved_list_of_sealmetrics(operator: Operator) -> None:
    printed = operator.types("site", "import", str(DATA / "sealmetrics-sites.json"))
    codes = [line.split("\t")[0] for line in printed.splitlines()]
    assert all(re.fullmatch("[A-Z]{8}", code) for code in codes)
    assert [line.split("\t")[1:] for line in printed.splitlines()] == [
        [
            *("acme-corp", "active", "Europe/Madrid", "EUR", "ACME Corporation"),
            "localhost acme.com www.acme.com",
        ],
        ["old_shop", "inactive", "UTC", "USD", "Old shop", ""],
    ]
    assert operator.errors == ""


def test_an_import_says_what_the_file_cannot_tell(operator: Operator) -> None:
    operator.types("site", "import", str(DATA / "fathom-sites-more.json"))
    assert operator.errors.splitlines() == [
        "leadline: the list goes on after the last page: save the rest too",
        "leadline: PRIVAT was shared with a password that is not in the file: now none",
    ]


def test_imported_sites_keep_what_the_vendor_printed(
    server: RunningServer, beside: Operator, tmp_path: Path
) -> None:
    listed = json.loads((DATA / "fathom-sites.json").read_text())
    listed["data"] = [listed["data"][1] | {"id": "KEEPSALL"}]
    beside.types("site", "import", saved(tmp_path, listed))
    with server.client("*") as client:
        assert client.get("/v1/sites/KEEPSALL").json() == listed["data"][0]


SITE = {"id": "WANTED", "name": "Wanted", "created_at": "2024-01-01 00:00:00", "timezone": "UTC"}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not JSON",
        "[]",
        "{}",
        "null",
        {"object": "list"},
        {"object": "list", "data": [{"id": "WANTED"}]},
        {"object": "list", "data": [SITE | {"created_at": "yesterday"}]},
        {"object": "list", "data": [SITE | {"sharing": "maybe"}]},
        {"data": {"sites": {}}},
        {"data": {"sites": [{"id": "wanted", "name": 7, "created_at": "2024-01-01"}]}},
        {"success": False, "error": {"code": "unauthorized"}},
    ],
)
def test_what_is_no_saved_list(operator: Operator, tmp_path: Path, content: Any) -> None:
    message = operator.fails("site", "import", saved(tmp_path, content))
    assert message.startswith("Not a saved answer of GET /v1/sites (Fathom)")
    assert operator.types("site", "list") == ""


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (SITE | {"id": "TAKEN"}, "TAKEN is, or was, the name of another site"),
        (SITE, "WANTED is, or was, the name of another site"),
        (SITE | {"id": "lower"}, "Not a tracking code of 5 to 8 capital letters: lower"),
        (SITE | {"id": "SECOND", "timezone": "Mars"}, "Invalid IANA timezone identifier: Mars"),
        (SITE | {"id": "SECOND", "name": ""}, "A name has 1 to 255 characters"),
    ],
)
def test_an_import_is_whole_or_not_at_all(
    operator: Operator, tmp_path: Path, second: dict[str, str], message: str
) -> None:
    operator.types("site", "create", "First", "--code", "TAKEN")
    before = operator.types("site", "list")
    file = saved(tmp_path, {"object": "list", "data": [SITE, second]})
    assert operator.fails("site", "import", file) == message
    assert operator.types("site", "list") == before
    operator.types("site", "import", saved(tmp_path, {"object": "list", "data": [SITE]}))


def test_an_import_of_several_files_is_one(operator: Operator, tmp_path: Path) -> None:
    more, last = str(DATA / "fathom-sites-more.json"), str(DATA / "fathom-sites.json")
    broken = saved(tmp_path, "not JSON")
    message = operator.fails("site", "import", more, last, broken)
    assert message.endswith(f"(SealMetrics): {broken}")
    message = operator.fails("site", "import", last, more, saved(tmp_path, Path(last).read_text()))
    assert message == "CDBUGS is, or was, the name of another site"
    assert operator.types("site", "list") == ""
    printed = operator.types("site", "import", last, more)
    assert [line.split("\t")[0] for line in printed.splitlines()] == [
        "CDBUGS",
        "GCDFSWXY",
        "PRIVAT",
    ]
    assert operator.errors.count("\n") == 1
    assert "password" in operator.errors


def test_a_file_that_is_not_there(operator: Operator, tmp_path: Path) -> None:
    missing = str(tmp_path / "nothing.json")
    assert operator.fails("site", "import", missing) == f"{missing}: No such file or directory"
    assert operator.fails("site", "import", str(tmp_path)) == f"{tmp_path}: Is a directory"


def test_delete_without_a_server(operator: Operator) -> None:
    operator.types("site", "create", "Acme", "--code", "CDBUGS")
    data = ("--data", str(operator.data))
    done = run("site", "delete", "cdbugs", "--yes", *data)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "acme and its hits are gone\n"
    assert operator.types("site", "list") == ""
    assert operator.fails("site", "create", "Acme", "--code", "CDBUGS").startswith("CDBUGS is, or")
    assert operator.types("site", "create", "Acme").endswith("\tacme-2\n")
    assert operator.fails("site", "delete", "acme", "--yes") == "Site not found: acme"


def test_delete_beside_a_server(server: RunningServer, beside: Operator) -> None:
    site = server.site("Deleted beside")
    collect(server, site.slug)
    eventually(lambda: hits(server, site.id) == 1)
    assert beside.types("site", "delete", site.code, "--yes") == ""
    assert beside.errors == f"{site.slug} is gone; each server erases its hits\n"
    eventually(lambda: server.leadline.snapshot.find(site.code) is None)
    collect(server, site.slug)
    eventually(lambda: hits(server, site.id) == 0)
    with server.client("*") as client:
        assert client.get(f"/v1/sites/{site.code}").status_code == 404


@pytest.mark.parametrize("typed", ["", "acme-2\n", "Acme\n", "CDBUGS\n", "yes\n"])
def test_delete_wants_the_slug(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    operator.types("site", "create", "Acme", "--code", "CDBUGS")
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert operator.fails("site", "delete", "CDBUGS")
    assert "CDBUGS" in operator.types("site", "list")
    monkeypatch.setattr("sys.stdin", io.StringIO("acme\n"))
    operator.types("site", "delete", "CDBUGS")
    assert operator.types("site", "list") == ""


def test_delete_asks_at_a_terminal(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    operator.types("site", "create", "Acme Corp")
    keyboard, terminal = pty.openpty()
    with os.fdopen(terminal) as typed:
        os.write(keyboard, b"acme-corp\n")
        monkeypatch.setattr("sys.stdin", typed)
        assert operator.types("site", "delete", "acme-corp") == ""
    os.close(keyboard)
    question = "Delete Acme Corp and all its hits? Type its slug: "
    assert operator.errors == question + "acme-corp and its hits are gone\n"


def test_an_error_is_one_line_whatever_was_typed(operator: Operator) -> None:
    assert operator.fails("site", "delete", "\udcff\nx", "--yes") == "Site not found: \\udcff x"
