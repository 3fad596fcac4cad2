"""The domains of a site: what may be listed, and what a listed domain lets in."""

from string import ascii_lowercase, digits
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faces.seal.conftest import Connect
from tests.faces.seal.dialect import (
    FORBIDDEN_WRITE,
    data,
    fresh,
    hit,
    moment,
    new_site,
    now,
    refusal,
    stored,
    wrong_fields,
)
from tests.support import BROWSER, RunningServer, eventually

LONGEST = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])

GOOD = [
    "example.com",
    "www.example.com",
    "blog.acme.com",
    "a.b",
    "x.co",
    "localhost",
    "my-shop.example",
    "1.example",
    "3com.com",
    "a--b.example",
    "xn--mnchen-3ya.example",
    "example.xn--p1ai",
    "münchen.example",
    "пример.рф",
    "日本.jp",
    "a" * 63 + ".com",
    LONGEST,
]

BAD = [
    "",
    " ",
    "ab",
    "a b.com",
    "exam ple",
    "a..b",
    ".example.com",
    "example.com.",
    "..",
    "http://example.com",
    "https://example.com/",
    "//example.com",
    "example.com/path",
    "example.com?x=1",
    "example.com#top",
    "example.com:8080",
    "user@example.com",
    "*.example.com",
    "*",
    "exa_mple.com",
    "_dmarc.example.com",
    "-example.com",
    "example-.com",
    "example.-com",
    "127.0.0.1",
    "1.2.3.4",
    "1.2.3",
    "256",
    "example.123",
    "example.0x7f",
    "::1",
    "[::1]",
    "2001:db8::1",
    "a" * 64 + ".com",
    LONGEST + "x",
    "e" * 300,
    "ex\x00ample.com",
    "example.com\nexample.org",
    "exam%70le.com",
    "example,com",
    "a.com,b.com",
    "xn--.com",
    "xn--a.example",
    "\u2603\u200d.example",
    "münchen..example",
    "ü" * 64 + ".example",
    "<script>.com",
]


def domains_of(api: httpx.Client, site: dict[str, Any]) -> list[str]:
    found = data(api.get(f"/sites/{site['id']}/domains"))
    assert found["total"] == len(found["domains"])
    return [row["domain"] for row in found["domains"]]


def add(api: httpx.Client, site: dict[str, Any], domain: Any) -> httpx.Response:
    return api.post(f"/sites/{site['id']}/domains", json={"domain": domain})


def remove(api: httpx.Client, site: dict[str, Any], domain: str) -> httpx.Response:
    return api.delete(f"/sites/{site['id']}/domains/{quote(domain, safe='')}")


@pytest.fixture(scope="module")
def shared(api: httpx.Client) -> dict[str, Any]:
    """A site that many examples leave as they found it."""
    return new_site(api)


@pytest.mark.rule("S-DOMAIN-01", "S-DOMAIN-02", "S-DOMAIN-03")
def test_the_domains_given_at_creation_are_listed(api: httpx.Client) -> None:
    before = now()
    site = new_site(api, domains=["www.acme.com", "shop.acme.com"])
    found = data(api.get(f"/sites/{site['id']}/domains"))
    assert found.keys() == {"domains", "total"}
    assert found["total"] == 2
    assert [row["domain"] for row in found["domains"]] == ["www.acme.com", "shop.acme.com"]
    for row in found["domains"]:
        assert row.keys() == {"id", "domain", "is_active", "created_at"}
        assert type(row["id"]) is int
        assert row["is_active"] is True
        assert before <= moment(row["created_at"]) <= now()
    assert len({row["id"] for row in found["domains"]}) == 2


@pytest.mark.rule("S-DOMAIN-01")
def test_a_site_without_domains(api: httpx.Client, site: dict[str, Any]) -> None:
    assert data(api.get(f"/sites/{site['id']}/domains")) == {"domains": [], "total": 0}


@pytest.mark.rule("S-DOMAIN-02", "S-DOMAIN-03", "S-DOMAIN-04")
def test_adding_a_domain(api: httpx.Client) -> None:
    site = new_site(api, domains=["www.acme.com"])
    before = now()
    added = data(add(api, site, "blog.acme.com"), 201)
    assert added.keys() == {"id", "domain", "is_active", "created_at"}
    assert type(added["id"]) is int
    assert (added["domain"], added["is_active"]) == ("blog.acme.com", True)
    assert before <= moment(added["created_at"]) <= now()
    assert data(api.get(f"/sites/{site['id']}/domains"))["domains"][1] == added
    found = data(api.get(f"/sites/{site['id']}"))
    assert found["domains"] == ["www.acme.com", "blog.acme.com"]


@pytest.mark.rule("S-DOMAIN-05", "S-ERR-06")
@pytest.mark.parametrize("body", [{}, {"domain": None}, {"domain": 7}, {"domain": ["a.com"]}])
def test_a_body_without_a_domain(
    api: httpx.Client, site: dict[str, Any], body: dict[str, Any]
) -> None:
    answer = api.post(f"/sites/{site['id']}/domains", json=body)
    assert wrong_fields(answer) == ["body.domain"]
    assert domains_of(api, site) == []


@pytest.mark.rule("S-DOMAIN-06")
@pytest.mark.parametrize(
    ("listed", "again"),
    [
        ("example.com", "example.com"),
        ("example.com", "EXAMPLE.Com"),
        ("www.example.com", "www.example.com"),
        ("münchen.example", "MÜNCHEN.example"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("xn--mnchen-3ya.example", "münchen.example"),
    ],
)
def test_a_domain_is_listed_once(api: httpx.Client, listed: str, again: str) -> None:
    site = new_site(api, domains=[listed])
    refusal(add(api, site, again), 409, "conflict")
    assert domains_of(api, site) == [listed]
    name = fresh()
    answer = api.post("/sites", json={"name": name, "domains": [listed, "other.com", again]})
    refusal(answer, 409, "conflict")
    assert name not in [row["name"] for row in data(api.get("/sites"))["sites"]]


@pytest.mark.rule("S-DOMAIN-04", "S-DOMAIN-06")
def test_www_stands_beside_the_bare_domain_and_a_domain_beside_another_sites(
    api: httpx.Client,
) -> None:
    first = new_site(api, domains=["www.example.com", "example.com"])
    second = new_site(api, domains=["example.com"])
    assert data(add(api, second, "www.example.com"), 201)["domain"] == "www.example.com"
    assert domains_of(api, first) == ["www.example.com", "example.com"]
    assert domains_of(api, second) == ["example.com", "www.example.com"]


@pytest.mark.rule("S-DOMAIN-07")
def test_removing_a_domain(api: httpx.Client) -> None:
    site = new_site(api, domains=["blog.acme.com", "shop.acme.com"])
    answer = data(remove(api, site, "blog.acme.com"))
    assert answer == {"removed": True, "domain": "blog.acme.com"}
    assert domains_of(api, site) == ["shop.acme.com"]
    assert data(api.get(f"/sites/{site['id']}"))["domains"] == ["shop.acme.com"]
    refusal(remove(api, site, "blog.acme.com"), 404, "not_found")
    assert data(add(api, site, "blog.acme.com"), 201)["domain"] == "blog.acme.com"


@pytest.mark.rule("S-DOMAIN-07")
@pytest.mark.parametrize(
    ("listed", "named"), [("example.com", "EXAMPLE.COM"), ("münchen.example", "münchen.example")]
)
def test_a_domain_is_removed_in_any_spelling(api: httpx.Client, listed: str, named: str) -> None:
    site = new_site(api, domains=[listed])
    assert data(remove(api, site, named)) == {"removed": True, "domain": listed}
    assert domains_of(api, site) == []


@pytest.mark.rule("S-DOMAIN-08")
@pytest.mark.parametrize(
    "domain", ["nowhere.example", "www.example.com", "com", "-", "a b", "127.0.0.1", "*.x", "x/y"]
)
def test_removing_what_is_not_listed(api: httpx.Client, domain: str) -> None:
    site = new_site(api, domains=["example.com"])
    refusal(remove(api, site, domain), 404, "not_found")
    assert domains_of(api, site) == ["example.com"]


@pytest.mark.rule("S-DOMAIN-08")
def test_a_domain_of_another_site_is_not_listed(api: httpx.Client, site: dict[str, Any]) -> None:
    other = new_site(api, domains=["example.com"])
    refusal(remove(api, site, "example.com"), 404, "not_found")
    assert domains_of(api, other) == ["example.com"]


# What may send hits


@pytest.mark.rule("S-DOMAIN-09")
def test_a_listed_domain_lets_its_hosts_in_and_no_others(
    api: httpx.Client, server: RunningServer
) -> None:
    listed = ["example.com", "www.shop.test", "münchen.example", "deep.sub.example.org"]
    let_in = [
        "https://example.com",
        "http://example.com:8080",
        "https://EXAMPLE.com",
        "https://www.example.com",
        "https://blog.example.com",
        "https://a.b.example.com",
        "https://shop.test",
        "https://www.shop.test",
        "https://checkout.shop.test",
        "https://xn--mnchen-3ya.example",
        "https://www.münchen.example",
        "https://deep.sub.example.org",
    ]
    kept_out = [
        "https://example.org",
        "https://evilexample.com",
        "https://example.com.evil.org",
        "https://example.co",
        "https://com",
        "https://sub.example.org",
        "https://xdeep.sub.example.org",
        "https://example.com@evil.org",
        "https://munchen.example",
        "http://127.0.0.1",
        "http://localhost:3000",
    ]
    slug = new_site(api, domains=listed)["id"]
    for number, origin in enumerate(kept_out):
        hit(server, slug, f"{origin}/out-{number}")
    for number, origin in enumerate(let_in):
        hit(server, slug, f"{origin}/in-{number}")
    # Hits are taken in order: when the last is there, the others were decided.
    last = f"/in-{len(let_in) - 1}"
    eventually(lambda: (last,) in stored(server, slug, "path"))
    found = [path for (path,) in stored(server, slug, "path")]
    assert found == [f"/in-{number}" for number in range(len(let_in))]


@pytest.mark.rule("S-DOMAIN-09")
def test_a_change_of_domains_acts_on_the_next_hit(api: httpx.Client, server: RunningServer) -> None:
    site = new_site(api)
    slug = site["id"]
    hit(server, slug, "https://any.example/nothing-listed")
    data(add(api, site, "acme.test"), 201)
    hit(server, slug, "https://any.example/not-listed")
    hit(server, slug, "https://acme.test/listed")
    data(add(api, site, "any.example"), 201)
    hit(server, slug, "https://any.example/listed-too")
    data(remove(api, site, "acme.test"))
    hit(server, slug, "https://acme.test/removed")
    data(remove(api, site, "any.example"))
    hit(server, slug, "https://acme.test/open-again")
    eventually(lambda: ("/open-again",) in stored(server, slug, "path"))
    found = [path for (path,) in stored(server, slug, "path")]
    assert found == ["/nothing-listed", "/listed", "/listed-too", "/open-again"]


@pytest.mark.rule("S-DOMAIN-09")
def test_domains_judge_the_hits_of_the_other_tracker_too(
    api: httpx.Client, server: RunningServer
) -> None:
    slug = new_site(api, domains=["example.com"])["id"]
    for host, path in (("https://example.org", "/out"), ("https://www.example.com", "/in")):
        query = {"h": host, "p": path, "r": "", "sid": slug}
        answer = httpx.get(
            f"{server.url}/", params=query, headers={"User-Agent": BROWSER}, verify=False
        )
        assert answer.headers["content-type"] == "image/gif"
    eventually(lambda: stored(server, slug, "path"))
    assert stored(server, slug, "path") == [("/in",)]


@pytest.mark.rule("S-DOMAIN-10", "S-ERR-03", "S-ERR-07")
@pytest.mark.parametrize("ability", ["all-sites-readonly", "read:{site}"])
def test_changing_domains_needs_more_than(
    api: httpx.Client, connect: Connect, ability: str
) -> None:
    site = new_site(api, domains=["example.com"])
    reader = connect(ability.format(site=site["id"]))
    for answer in (add(reader, site, "other.com"), remove(reader, site, "example.com")):
        assert refusal(answer, 403, "forbidden")["message"] == FORBIDDEN_WRITE
    assert domains_of(reader, site) == ["example.com"]


@pytest.mark.rule("S-DOMAIN-10")
def test_managing_a_site_includes_its_domains(connect: Connect, site: dict[str, Any]) -> None:
    manager = connect(f"manage:{site['id']}")
    assert data(add(manager, site, "example.com"), 201)["domain"] == "example.com"
    assert data(remove(manager, site, "example.com"))["removed"] is True


# The form of a domain


@pytest.mark.rule("S-ERR-02", "S-DOMAIN-04")
@pytest.mark.parametrize("domain", GOOD)
def test_forms_that_are_accepted(api: httpx.Client, shared: dict[str, Any], domain: str) -> None:
    assert new_site(api, domains=[domain])["domains"] == [domain]
    assert data(add(api, shared, domain.upper()), 201)["domain"] == domain
    assert data(remove(api, shared, domain))["domain"] == domain


@pytest.mark.rule("S-ERR-02")
@pytest.mark.parametrize("domain", BAD, ids=ascii)
def test_forms_that_are_refused(api: httpx.Client, shared: dict[str, Any], domain: str) -> None:
    refusal(add(api, shared, domain), 400, "invalid_domain")
    assert domains_of(api, shared) == []
    name = fresh()
    answer = api.post("/sites", json={"name": name, "domains": ["fine.example", domain]})
    refusal(answer, 400, "invalid_domain")
    assert name not in [row["name"] for row in data(api.get("/sites"))["sites"]]


labels = st.text(ascii_lowercase + digits + "-", min_size=1, max_size=63).filter(
    lambda label: not label.startswith(("-", "xn--")) and not label.endswith("-")
)
top_labels = st.text(ascii_lowercase, min_size=2, max_size=24)
hosts = st.builds(
    lambda parts, top: ".".join([*parts, top]), st.lists(labels, max_size=5), top_labels
)
misplaced = st.sampled_from(list(" /:@?#*%_,;<>\"'\\()[]{}|^`~!$&+=\t\n\x00\x7f"))


@pytest.mark.rule("S-ERR-02", "S-DOMAIN-06")
@settings(max_examples=40, deadline=None)
@given(host=hosts, upper=st.booleans())
def test_any_host_name_can_be_listed_once_and_removed(
    api: httpx.Client, shared: dict[str, Any], host: str, upper: bool
) -> None:
    answer = add(api, shared, host.upper() if upper else host)
    if not 3 <= len(host) <= 253:
        refusal(answer, 400, "invalid_domain")
        return
    assert data(answer, 201)["domain"] == host
    refusal(add(api, shared, host.title()), 409, "conflict")
    data(remove(api, shared, host))
    assert domains_of(api, shared) == []


@pytest.mark.rule("S-ERR-02")
@settings(max_examples=40, deadline=None)
@given(host=hosts, character=misplaced, share=st.floats(0.05, 0.95))
def test_no_host_name_has_such_a_character(
    api: httpx.Client, shared: dict[str, Any], host: str, character: str, share: float
) -> None:
    place = max(1, min(len(host) - 1, int(len(host) * share)))
    refusal(add(api, shared, host[:place] + character + host[place:]), 400, "invalid_domain")


@pytest.mark.rule("S-ERR-02")
@settings(max_examples=25, deadline=None)
@given(
    host=hosts,
    spoil=st.sampled_from(
        [
            lambda host: host + ".",
            lambda host: "." + host,
            lambda host: "a.." + host,
            lambda host: host + ".7",
            lambda host: host + ".0",
            lambda host: "-" + host,
            lambda host: host + "-",
            lambda host: "a" * 64 + "." + host,
            lambda host: ".".join([*["a" * 49] * 5, host, host]),
            lambda host: "https://" + host,
            lambda host: host + "/",
            lambda host: host + ":443",
        ]
    ),
)
def test_a_host_name_spoilt_is_none(
    api: httpx.Client, shared: dict[str, Any], host: str, spoil: Any
) -> None:
    refusal(add(api, shared, spoil(host)), 400, "invalid_domain")
