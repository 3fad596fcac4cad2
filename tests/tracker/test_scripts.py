"""The two scripts as the server hands them out."""

from importlib import resources

import httpx
import pytest

from tests.snippets import fathom_tag, noscript_tag, seal_address, seal_tag
from tests.support import RunningServer

SCRIPTS = pytest.mark.parametrize("address", ["/script.js", "/t.js?id=no-such-site"])
PLACEHOLDER = '"__LEADLINE__"'


def built(name: str) -> str:
    return (resources.files("leadline.tracker") / "dist" / name).read_text()


def test_the_built_scripts_have_one_place_for_settings() -> None:
    assert built("t.js").count(PLACEHOLDER) == 1
    assert built("t.js").count("__LEADLINE__") == 1
    assert "__LEADLINE__" not in built("script.js")


@pytest.mark.parametrize(
    ("address", "most"), [("/script.js", 1200), ("/t.js?id=no-such-site&group=products", 1000)]
)
def test_a_script_is_small(server: RunningServer, address: str, most: int) -> None:
    answer = httpx.get(server.url + address, verify=False)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.num_bytes_downloaded <= most


@SCRIPTS
@pytest.mark.parametrize(
    ("accepted", "is_compressed"),
    [
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, GZIP;q=0.5", True),
        ("identity , gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("x-gzip", False),
        ("br", False),
        ("identity", False),
        ("", False),
    ],
)
def test_a_script_is_compressed_for_whoever_takes_that(
    server: RunningServer, address: str, accepted: str, is_compressed: bool
) -> None:
    plain = httpx.get(server.url + address, headers={"Accept-Encoding": "identity"}, verify=False)
    answer = httpx.get(server.url + address, headers={"Accept-Encoding": accepted}, verify=False)
    assert answer.content == plain.content
    assert (answer.headers.get("content-encoding") == "gzip") is is_compressed
    assert (answer.headers["etag"] != plain.headers["etag"]) is is_compressed
    assert "Accept-Encoding" in answer.headers["vary"]


@SCRIPTS
def test_a_script_can_be_loaded_and_kept_by_every_page(server: RunningServer, address: str) -> None:
    answer = httpx.get(server.url + address, verify=False)
    assert answer.status_code == 200
    headers = dict(answer.headers)
    assert headers.pop("date")
    assert headers.pop("etag").startswith('"')
    assert headers == {
        "content-type": "application/javascript; charset=utf-8",
        "content-encoding": "gzip",
        "content-length": str(answer.num_bytes_downloaded),
        "vary": "Accept-Encoding",
        "cache-control": "public, max-age=3600, stale-while-revalidate=86400",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        "x-content-type-options": "nosniff",
    }
    assert len(answer.content) < 4096


@SCRIPTS
def test_a_kept_script_is_asked_for_again_by_its_etag(server: RunningServer, address: str) -> None:
    first = httpx.get(server.url + address, verify=False)
    etag = first.headers["etag"]
    assert httpx.get(server.url + address, verify=False).headers["etag"] == etag
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        headers = {"If-None-Match": known}
        again = httpx.get(server.url + address, headers=headers, verify=False)
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == etag
        assert again.headers["cache-control"] == first.headers["cache-control"]
        assert again.headers["access-control-allow-origin"] == "*"
    for unknown in ('"other"', etag.strip('"'), ""):
        headers = {"If-None-Match": unknown}
        again = httpx.get(server.url + address, headers=headers, verify=False)
        assert again.status_code == 200
        assert again.content == first.content


@SCRIPTS
def test_head_tells_what_get_would(server: RunningServer, address: str) -> None:
    got = httpx.get(server.url + address, verify=False)
    told = httpx.head(server.url + address, verify=False)
    assert told.status_code == 200
    assert told.content == b""
    for header in ("content-type", "content-length", "etag", "cache-control"):
        assert told.headers[header] == got.headers[header]


@SCRIPTS
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_another_method_is_405(server: RunningServer, address: str, method: str) -> None:
    answer = httpx.request(method, server.url + address, verify=False)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("query", "settings"),
    [
        ("id=no-such-site", '{"a":"no-such-site","g":"","auto":"1","spa":"1"}'),
        ("id=ABCDEFGH", '{"a":"ABCDEFGH","g":"","auto":"1","spa":"1"}'),
        ("id=abc", '{"a":"abc","g":"","auto":"1","spa":"1"}'),
        (f"id={'x' * 64}", f'{{"a":"{"x" * 64}","g":"","auto":"1","spa":"1"}}'),
        ("id=nobody_there", '{"a":"nobody_there","g":"","auto":"1","spa":"1"}'),
        ("id=acme&group=docs_2-b", '{"a":"acme","g":"docs_2-b","auto":"1","spa":"1"}'),
        (f"id=acme&group={'g' * 64}", f'{{"a":"acme","g":"{"g" * 64}","auto":"1","spa":"1"}}'),
        ("id=acme&group=", '{"a":"acme","g":"","auto":"1","spa":"1"}'),
        ("id=acme&auto=0", '{"a":"acme","g":"","auto":"0","spa":"1"}'),
        ("id=acme&auto=1", '{"a":"acme","g":"","auto":"1","spa":"1"}'),
        ("id=acme&auto=false", '{"a":"acme","g":"","auto":"1","spa":"1"}'),
        ("id=acme&auto=", '{"a":"acme","g":"","auto":"1","spa":"1"}'),
        ("id=acme&spa=0&other=1", '{"a":"acme","g":"","auto":"1","spa":"0"}'),
        ("id=acme&spa=false", '{"a":"acme","g":"","auto":"1","spa":"1"}'),
        ("id=first&id=second", '{"a":"first","g":"","auto":"1","spa":"1"}'),
        ("group=docs&id=%61cme", '{"a":"acme","g":"docs","auto":"1","spa":"1"}'),
    ],
)
def test_t_js_carries_the_settings_of_its_address(
    server: RunningServer, query: str, settings: str
) -> None:
    answer = httpx.get(f"{server.url}/t.js?{query}", verify=False)
    assert answer.status_code == 200
    assert answer.text == built("t.js").replace(PLACEHOLDER, settings)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "id=",
        "id=ab",
        f"id={'x' * 65}",
        "id=acme.corp",
        "id=acme%20corp",
        "id=acme%0A",
        "id=acm%C3%A9",
        "id=%22%7D%3Balert(1)",
        "ID=acme",
        "id=acme&group=a.b",
        "id=acme&group=a%20b",
        "id=acme&group=%3C/script%3E",
        f"id=acme&group={'g' * 65}",
        "id=acme&group=docs%0A",
        "id=ab&id=acme",
        "id=acme&with=nothing",
        "id=acme&with=outbound,nothing",
    ],
)
def test_an_address_that_names_no_site_is_400(server: RunningServer, query: str) -> None:
    answer = httpx.get(f"{server.url}/t.js?{query}", verify=False)
    assert answer.status_code == 400
    assert answer.content == b""
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"


def ask(
    server: RunningServer, site: str, referer: str | None = None, **more: str
) -> httpx.Response:
    headers = more if referer is None else more | {"Referer": referer}
    return httpx.get(f"{server.url}/t.js?id={site}", headers=headers, verify=False)


def test_t_js_is_refused_to_a_page_of_another_domain(server: RunningServer) -> None:
    site = server.site("Listed", domains=("shop.example",))
    for name in (site.slug, site.code):
        for foreign in ("https://evil.example/", "https://shop.example.evil.test", "http://[::1]/"):
            answer = ask(server, name, foreign)
            assert answer.status_code == 403
            assert answer.content == b""
            assert answer.headers["cache-control"] == "private, no-store"
            assert answer.headers["vary"] == "Referer"
    etag = ask(server, site.slug).headers["etag"]
    answer = ask(server, site.slug, "https://evil.example/", **{"If-None-Match": etag})
    assert answer.status_code == 403


def test_t_js_is_handed_to_whoever_may_be_of_the_site(server: RunningServer) -> None:
    site = server.site("Listed too", domains=("www.shop.example",))
    own = ("https://shop.example", "https://www.Shop.example:8443/a?b", "https://a.shop.example/")
    for referer in (None, "", "about:blank", "nonsense", "http://[broken", *own):
        answer = ask(server, site.slug, referer)
        assert answer.status_code == 200
        caching = "private, max-age=3600, stale-while-revalidate=86400"
        assert answer.headers["cache-control"] == caching
        assert answer.headers["vary"] == "Referer, Accept-Encoding"
        again = ask(server, site.slug, referer, **{"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
        assert again.headers["vary"] == "Referer, Accept-Encoding"


def test_t_js_is_handed_to_everybody_where_nothing_is_listed(server: RunningServer) -> None:
    for name in (server.site("Open").slug, "nobody-there"):
        answer = ask(server, name, "https://evil.example/")
        assert answer.status_code == 200
        assert answer.headers["cache-control"].startswith("public")
        assert answer.headers["vary"] == "Accept-Encoding"


def test_a_change_of_domains_changes_who_gets_t_js(server: RunningServer) -> None:
    site = server.site("Changing")
    assert ask(server, site.slug, "https://evil.example/").status_code == 200
    server.leadline.sites.add_domain(site, "shop.example")
    assert ask(server, site.slug, "https://evil.example/").status_code == 403


def test_settings_make_another_script(server: RunningServer) -> None:
    addresses = ["/t.js?id=acme", "/t.js?id=other", "/t.js?id=acme&spa=0", "/script.js"]
    etags = {httpx.get(server.url + each, verify=False).headers["etag"] for each in addresses}
    assert len(etags) == len(addresses)


def test_extras_come_after_the_script(server: RunningServer) -> None:
    for kind, address in (("fathom", "/script.js?"), ("seal", "/t.js?id=acme&")):

        def ask(names: str, address: str = address) -> str:
            return httpx.get(f"{server.url}{address}with={names}", verify=False).text

        plain = httpx.get(server.url + address, verify=False).text
        outbound, forms = (built(f"extras/{kind}/{name}.js") for name in ("outbound", "forms"))
        assert ask("") == plain
        assert ask("outbound") == f"{plain}\n{outbound}"
        assert ask("forms,outbound,forms") == f"{plain}\n{outbound}\n{forms}"
        changed = {ask("hash"), ask("offline"), ask("offline,hash"), plain}
        assert len(changed) == 4
        assert ask("forms,offline") == f"{ask('offline')}\n{forms}"
        assert all(PLACEHOLDER not in text for text in changed)


def test_an_extra_that_is_none_is_400(server: RunningServer) -> None:
    answer = httpx.get(f"{server.url}/script.js?with=outbound,nothing", verify=False)
    assert answer.status_code == 400
    assert answer.headers["cache-control"] == "no-store"


def test_script_js_is_the_built_one_whatever_is_asked(server: RunningServer) -> None:
    for address in ("/script.js", "/script.js?v=2"):
        assert httpx.get(server.url + address, verify=False).text == built("script.js")


def test_the_snippets() -> None:
    origin = "https://stats.example.com"
    assert noscript_tag(origin, "ABCDEFGH") == (
        '<noscript><img src="https://stats.example.com/?sid=ABCDEFGH&amp;noscript=1" alt=""'
        ' width="1" height="1" referrerpolicy="no-referrer-when-downgrade"></noscript>'
    )
    assert seal_address(origin, "no-such-site") == "https://stats.example.com/t.js?id=no-such-site"
    assert seal_tag(origin, "no-such-site") == (
        '<script src="https://stats.example.com/t.js?id=no-such-site" defer></script>'
    )
    assert fathom_tag(origin, "ABCDEFGH") == (
        '<script src="https://stats.example.com/script.js" data-site="ABCDEFGH" defer></script>'
    )
