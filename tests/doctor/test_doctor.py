"""What the doctor says of a page."""

from string import ascii_letters, digits, punctuation

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.doctor import Finding, Kind, Level
from leadline.doctor.answer import Answer
from leadline.doctor.findings import found
from leadline.doctor.obstacles import obstacles
from leadline.doctor.page import read_page
from leadline.doctor.snippets import snippets
from leadline.doctor.urls import parse_address
from leadline.sites import Site
from tests.doctor.servers import Server, answering, leading_to, raw
from tests.doctor.sites import OWN, SITE, doctor, notes, problems, site

PRINTABLE = ascii_letters + digits + punctuation + " "
FATHOM = f'<script src="{OWN}/script.js" data-site="CDBUGS" defer></script>'
SEAL = f'<script src="{OWN}/t.js?id=acme-corp" defer></script>'


def examine(
    web: Server, html: str, *headers: str, of: Site = SITE, own: str | None = OWN
) -> list[Finding]:
    url = web.page("/page", f"<!doctype html><title>Shop</title>{html}", *headers)
    return doctor(own).examine(of, url)


@pytest.mark.parametrize(
    "html",
    [
        FATHOM,
        SEAL,
        FATHOM.replace("CDBUGS", "acme-corp"),
        SEAL.replace("acme-corp", "cdbugs"),
        FATHOM.replace("data-site", "site"),
        FATHOM.replace("/script.js", "/a/script.js?v=3"),
        FATHOM.replace("https:", ""),
        SEAL.replace("https:", "http:"),
        SEAL.replace("t.js?", "t.js?group=blog&amp;"),
        f'<base href="{OWN}/x/"><script src="../script.js" data-site="CDBUGS"></script>',
        f'<script type="module" src="{OWN}/t.js?id=acme-corp"></script>',
        f'<script type="0123456789abcdef-text/javascript" src="{OWN}/t.js?id=acme-corp"></script>',
        f"<!-- {SEAL} --><template>{SEAL}</template><noscript>{SEAL}</noscript>{SEAL}",
        SEAL.replace(" defer", ' defer data-cookieconsent="ignore"'),
    ],
)
def test_a_page_that_is_as_it_should_be(web: Server, html: str) -> None:
    findings = examine(web, html)
    assert [finding.kind for finding in findings] == [Kind.PAGE, Kind.SNIPPET, Kind.HOST]
    assert {finding.level for finding in findings} == {Level.OK}


@pytest.mark.parametrize(
    ("html", "wrong"),
    [
        ("", ["NO_SNIPPET"]),
        (f"<!-- {FATHOM} -->", ["NO_SNIPPET"]),
        ('<script src="/script.js"></script>', ["NO_SNIPPET"]),
        ('<script src="/t.js"></script>', ["NO_SNIPPET"]),
        (FATHOM.replace("CDBUGS", "OTHERS"), ["OTHER_SITE"]),
        (SEAL.replace("acme-corp", "other-shop"), ["OTHER_SITE"]),
        (SEAL.replace("acme-corp", "nobody"), ["UNKNOWN_SITE"]),
        (FATHOM.replace("CDBUGS", ""), ["NO_NAME"]),
        (FATHOM + SEAL, ["BOTH_SNIPPETS"]),
        (FATHOM + SEAL.replace("acme-corp", "CDBUGS"), ["BOTH_SNIPPETS"]),
        (FATHOM + FATHOM.replace("CDBUGS", "acme-corp"), ["TWO_NAMES"]),
        (SEAL.replace('" defer', '&amp;with=outbond"'), ["NO_SCRIPT"]),
        (SEAL.replace('" defer', '&amp;group=a.b"'), ["NO_SCRIPT"]),
        (FATHOM.replace("script.js", "script.js?with=engaged,no"), ["NO_SCRIPT"]),
        (FATHOM.replace("defer", 'data-excluded-domains="a.b, localhost"'), ["ELSEWHERE_ONLY"]),
        (FATHOM.replace("defer", 'included-domains="a.b,c.d"'), ["ELSEWHERE_ONLY"]),
        (FATHOM.replace("defer", 'data-allowed-domains="www.localhost"'), ["ELSEWHERE_ONLY"]),
        (FATHOM.replace(OWN, "https://cdn.usefathom.com"), ["OTHER_SERVER"]),
        (SEAL.replace(OWN, "https://t.sealmetrics.com"), ["OTHER_SERVER"]),
        (FATHOM.replace(OWN, f"{OWN}:8443"), ["OTHER_SERVER"]),
        (FATHOM.replace(OWN, ""), ["OTHER_SERVER"]),
    ],
)
def test_what_is_wrong_with_a_snippet(web: Server, html: str, wrong: list[str]) -> None:
    assert problems(examine(web, html)) == wrong


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (SEAL * 3, ["REPEATED"]),
        (SEAL.replace('" defer', '&amp;with=engaged,hash&amp;group=a"'), []),
        (FATHOM.replace("defer", 'data-included-domains="a.b localhost"'), []),
        (FATHOM.replace("defer", 'data-excluded-domains="www.localhost"'), []),
        (FATHOM + SEAL.replace("acme-corp", "other-shop"), ["ALSO_OTHER_SITE"]),
        (FATHOM + FATHOM.replace(OWN, "https://cdn.usefathom.com"), ["ALSO_OTHER_SERVER"]),
        (FATHOM.replace("defer", 'data-auto="false"'), ["SENDS_NOTHING"]),
        (SEAL.replace('" defer', '&amp;auto=0"'), ["SENDS_NOTHING"]),
        (FATHOM + SEAL.replace('" defer', '&amp;auto=0"'), ["SENDS_NOTHING"]),
        (f'{SEAL}<script src="https://cdn.cookielaw.org/x.js"></script>', ["CONSENT_MANAGER"]),
        (f'{SEAL}<script src="//consent.cookiebot.com/uc.js"></script>', ["CONSENT_MANAGER"]),
        (f'{SEAL}<script src="http://[/x.js"></script>', []),
    ],
)
def test_what_is_worth_knowing(web: Server, html: str, said: list[str]) -> None:
    findings = examine(web, html)
    assert (problems(findings), notes(findings)) == ([], said)


def test_another_script_may_insert_the_snippet(web: Server) -> None:
    assert notes(examine(web, "<script>tags()</script>")) == ["PERHAPS_INSERTED"]


@pytest.mark.parametrize(
    ("attributes", "manager"),
    [
        ('type="text/plain"', "a consent manager"),
        ('type="text/javascript-blocked"', "a consent manager"),
        ('type="text/plain" data-cookieconsent="statistics"', "Cookiebot"),
        ('data-cookieconsent="statistics"', "Cookiebot"),
        ('type="text/plain" data-category="analytics"', "CookieConsent"),
        ('type="text/plain" data-service="leadline" data-category="statistics"', "Complianz"),
        ('type="text/plain" class="cmplz-script"', "Complianz"),
        ('type="text/plain" data-usercentrics="Leadline"', "Usercentrics"),
        ('type="text/plain" data-cookiescript="accepted"', "Cookie-Script"),
        ('data-cookieyes="cookieyes-analytics"', "CookieYes"),
        ('type="text/plain" class="optanon-category-C0002"', "OneTrust"),
        ('type="didomi/javascript"', "Didomi"),
        ('type="text/plain" class="_iub_cs_activate"', "iubenda"),
    ],
)
def test_a_consent_manager_holds_it_back(web: Server, attributes: str, manager: str) -> None:
    findings = examine(web, SEAL.replace("defer", attributes))
    assert problems(findings) == ["WITHHELD"]
    assert any(f"held back by {manager}:" in finding.sentence for finding in findings)


@pytest.mark.parametrize("source", ["data-src", "data-cmplz-src", "suppressedsrc"])
def test_an_address_put_aside_is_held_back_too(web: Server, source: str) -> None:
    html = SEAL.replace("src=", f'type="text/plain" {source}=')
    assert problems(examine(web, html)) == ["WITHHELD"]


STRICT = "Content-Security-Policy: script-src 'nonce-r4nd' 'strict-dynamic'"


@pytest.mark.parametrize(
    ("html", "header", "wrong", "words"),
    [
        (SEAL, "script-src 'self'", ["SCRIPT_BLOCKED"], f"add {OWN} to script-src"),
        (SEAL, "default-src 'self'", ["SCRIPT_BLOCKED"], f"add {OWN} to script-src"),
        (SEAL, "script-src 'nonce-x' 'strict-dynamic'", ["SCRIPT_UNTRUSTED"], "nonce"),
        (SEAL.replace("defer", "nonce=y"), "script-src 'nonce-x'", ["SCRIPT_BLOCKED"], ""),
        (SEAL, "sandbox", ["SANDBOXED"], ""),
        (
            SEAL,
            "connect-src 'self'",
            ["HITS_BLOCKED"],
            f"hits of SealMetrics’ script from being sent: add {OWN} to connect-src",
        ),
        (SEAL, "script-src stats.test; default-src 'self'", ["HITS_BLOCKED"], "to connect-src"),
        (FATHOM, "img-src 'self' data:", ["HITS_BLOCKED"], "the pageviews"),
        (FATHOM, "connect-src 'self'", ["HITS_BLOCKED"], "the events"),
        (FATHOM, "script-src *; default-src 'self'", ["HITS_BLOCKED", "HITS_BLOCKED"], ""),
        (SEAL, "connect-src 'self', connect-src 'none'", ["HITS_BLOCKED"], ""),
    ],
)
def test_a_policy_that_is_in_the_way(
    web: Server, html: str, header: str, wrong: list[str], words: str
) -> None:
    for findings in (
        examine(web, html, f"Content-Security-Policy: {header}"),
        examine(web, f'<meta http-equiv=content-security-policy content="{header}">{html}')
        if "sandbox" not in header and ", " not in header
        else examine(web, html, f"content-security-policy:{header}"),
    ):
        assert problems(findings) == wrong
        assert words in " ".join(finding.sentence for finding in findings)


@pytest.mark.parametrize(
    ("html", "header"),
    [
        (SEAL, "default-src 'self'; script-src stats.test; connect-src stats.test"),
        (FATHOM, "default-src https:"),
        (SEAL.replace("defer", "nonce=r4nd"), "script-src 'nonce-r4nd' 'strict-dynamic'"),
        (SEAL, "img-src 'none'; frame-ancestors 'none'"),
        ('<meta http-equiv="Content-Security-Policy" content="sandbox">' + SEAL, "img-src *"),
        (SEAL + '<meta http-equiv="Content-Security-Policy" content="script-src x">', "img-src *"),
    ],
)
def test_a_policy_that_lets_the_snippet_work(web: Server, html: str, header: str) -> None:
    findings = examine(web, html, f"Content-Security-Policy: {header}")
    assert (problems(findings), findings[-2].kind) == ([], Kind.POLICY)


def test_a_policy_that_only_reports_is_none(web: Server) -> None:
    assert problems(examine(web, SEAL, "Content-Security-Policy-Report-Only: script-src x")) == []


# The host


def test_hits_of_a_host_that_is_not_listed(web: Server) -> None:
    web.page("/page", SEAL)
    listed = site("shop.test")
    url = web.url("/page", "www.shop.test")
    assert problems(doctor().examine(listed, url)) == []
    assert (
        problems(doctor().examine(site("www.shop.test"), web.url("/page", "www.shop.test"))) == []
    )
    web.on("/away", leading_to(web.url("/page", "blog.shop.test")))
    findings = doctor().examine(site("shop.test"), web.url("/away", "shop.test"))
    assert (problems(findings), notes(findings)) == ([], ["REDIRECTED"])


def test_fathoms_script_counts_where_the_page_says_it_lives(web: Server) -> None:
    canonical = '<link rel="alternate" href="/"><link rel="canonical" href="https://old.test/x">'
    assert problems(examine(web, canonical + FATHOM)) == ["CANONICAL_NOT_LISTED"]
    assert problems(examine(web, canonical + SEAL)) == []
    assert problems(examine(web, canonical + FATHOM.replace("defer", "data-canonical=false"))) == []
    assert problems(examine(web, canonical.replace("old.test", "shop.test") + FATHOM)) == []


def test_a_deactivated_site(web: Server) -> None:
    assert problems(examine(web, SEAL, of=site("localhost", active=False))) == ["INACTIVE"]


def test_a_site_that_lists_no_domain_has_no_private_pages(web: Server) -> None:
    assert problems(examine(web, SEAL, of=site())) == ["FORBIDDEN_ADDRESS"]


# The server


def test_without_an_address_of_its_own_every_server_may_be_this_one(web: Server) -> None:
    findings = examine(web, SEAL.replace(OWN, "https://any.test"), own=None)
    assert (problems(findings), notes(findings)) == ([], ["ANY_SERVER"])


def test_a_port_is_a_part_of_the_servers_address(web: Server) -> None:
    own = "http://stats.test:8000"
    assert problems(examine(web, SEAL.replace(OWN, own), own=own)) == []
    assert problems(examine(web, SEAL, own=own)) == ["OTHER_SERVER"]


# The answer


@pytest.mark.parametrize("status", [404, 500, 403, 204])
def test_a_page_that_is_not_there(web: Server, status: int) -> None:
    findings = doctor().examine(SITE, web.page("/page", SEAL, status=status))
    assert problems(findings) == ["STATUS"]
    assert f"status {status}" in findings[-1].sentence


def test_what_is_no_html(web: Server) -> None:
    url = web.on("/page", answering(b"{}", kind="application/json"))
    assert problems(doctor().examine(SITE, url)) == ["NOT_HTML"]
    for kind in ("", "application/xhtml+xml", "Text/HTML;charset=utf-8"):
        url = web.on("/page", answering(SEAL.encode(), kind=kind))
        assert problems(doctor().examine(SITE, url)) == []


@pytest.mark.parametrize(
    ("header", "is_cached"),
    [
        ("Age: 120", True),
        ("Age: 0", False),
        ("Age: old", False),
        ("X-Cache: HIT from edge", True),
        ("X-Cache: Miss from cloudfront", False),
        ("X-Cache: MISS, HIT", False),
        ("CF-Cache-Status: HIT", True),
        ("CF-Cache-Status: DYNAMIC", False),
        ("CF-Cache-Status: STALE", True),
        ("X-Varnish: 123 456", True),
        ("X-Varnish: 123", False),
        ('Cache-Status: "Netlify Edge"; hit', True),
        ("X-Vercel-Cache: MISS", False),
    ],
)
def test_a_page_out_of_a_cache(web: Server, header: str, is_cached: bool) -> None:
    findings = examine(web, SEAL, header)
    assert notes(findings) == (["CACHED"] if is_cached else [])


def test_a_page_that_leads_away(web: Server) -> None:
    web.page("/page", SEAL)
    parked = web.on("/away", leading_to(web.url("/page", "parked.test")))
    assert problems(doctor().examine(SITE, parked)) == ["FORBIDDEN_ADDRESS"]
    both = site("shop.test", "parked.test")
    assert notes(doctor().examine(both, web.url("/away", "shop.test"))) == ["REDIRECTED"]


def test_a_large_page(web: Server) -> None:
    findings = examine(web, SEAL + " " * 3_000_000)
    assert (problems(findings), notes(findings)) == ([], ["TRUNCATED"])


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("ftp://shop.test/", "INVALID_ADDRESS"),
        ("", "INVALID_ADDRESS"),
        ("http://10.0.0.1/", "FORBIDDEN_ADDRESS"),
        ("elsewhere.test", "FORBIDDEN_ADDRESS"),
        ("http://localhost:1024/", "NO_CONNECTION"),
    ],
)
def test_a_page_that_cannot_be_had(url: str, wrong: str) -> None:
    (finding,) = doctor().examine(SITE, url)
    assert finding.kind.name == wrong
    assert finding.sentence


def test_servers_that_do_not_speak_http(web: Server) -> None:
    broken = web.on("/broken", raw(b"SSH-2.0-OpenSSH\r\n"))
    assert problems(doctor().examine(SITE, broken)) == ["BROKEN_ANSWER"]
    assert problems(doctor().examine(SITE, web.url("/").replace("http:", "https:"))) == ["INSECURE"]
    web.on("/round", leading_to("/round"))
    assert problems(doctor().examine(SITE, web.url("/round"))) == ["TOO_MANY_REDIRECTS"]
    assert problems(doctor(seconds=0).examine(SITE, web.url("/"))) == ["TIMED_OUT"]


# The words


@pytest.mark.parametrize("kind", Kind)
def test_what_is_found_is_a_sentence_in_a_line(kind: Kind) -> None:
    names = [part.partition("}")[0] for part in kind.words.split("{")[1:]]
    sentence = found(kind, **dict.fromkeys(names, f"\x1b[31m\n{'x' * 400}{{y}}")).sentence
    assert sentence.isprintable()
    assert sentence.endswith(".")
    assert len(sentence) < 1600


def test_what_a_page_says_is_no_code_for_a_terminal(web: Server) -> None:
    findings = examine(web, SEAL.replace("acme-corp", "&#27;[31m{own}%0a%1b"))
    assert all(finding.sentence.isprintable() for finding in findings)


PIECES = st.sampled_from(
    [
        *("<script ", "src=", "href=", "data-site=", "CDBUGS", OWN, "/t.js?id=", "/script.js", '"'),
        *("<base ", "<meta http-equiv=content-security-policy content='", "script-src ", "'", ">"),
        *(
            "<link rel=canonical ",
            "http://[",
            "//",
            "\\",
            "&#" + "9" * 5000 + ";",
            "\x00",
            "\ud800",
        ),
        *("stats.test:" + "9" * 5000, "type=text/plain ", "é", "<!--", "</script>", " ", "nonce="),
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join), st.text(PRINTABLE, max_size=50))
def test_whatever_a_page_holds_something_is_said_of_it(web: Server, html: str, policy: str) -> None:
    body = html.encode("utf-8", "replace")
    url = web.on("/any", answering(body, f"Content-Security-Policy: {policy}"))
    findings = doctor().examine(SITE, url)
    assert findings[0].kind is Kind.PAGE
    assert all(finding.sentence.isprintable() for finding in findings)


def test_a_script_by_http_on_a_page_of_https() -> None:
    page = read_page(SEAL.replace("https:", "http:"), parse_address("https://shop.test/"))
    for headers, kinds in (
        ([], [Kind.MIXED_CONTENT]),
        ([("content-security-policy", "upgrade-insecure-requests")], [Kind.POLICY]),
    ):
        found = obstacles(Answer(200, headers, b"", True), page, snippets(page))
        assert [each.kind for each in found] == kinds
