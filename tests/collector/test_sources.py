"""What a hit's record says of where its visitor came from."""

import json
from collections.abc import Callable
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.collector import fathom, seal, urls
from leadline.collector.attribution import Mappings, source_of
from leadline.collector.wire import WireHit
from leadline.sites import UtmField
from leadline.spool import Source
from leadline.text import CONTROL_CHARACTERS
from tests.collector.hits import fathom as fathom_hit
from tests.collector.hits import new_site, stored
from tests.collector.hits import seal as seal_hit
from tests.nasty import MARKUP, REFUSED, WRITINGS
from tests.support import RunningServer

PAGE = "https://shop.example/"
SHOP = urls.Address("https", "shop.example", "/", "", "https://shop.example", "/")
HOSTS = frozenset({"shop.example", "shop.co.uk"})
DIRECT = ("", "", "Direct")
GOOGLE = ("Google", "organic", "Organic Search")


def seen(
    referrer: str = "", page: str = "https://www.shop.example/", **parameters: str
) -> tuple[str, str, str]:
    address = urls.parse(page)
    assert address is not None
    source = source_of(address, referrer, parameters, (), HOSTS)
    return source.source, source.medium, source.channel


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("", DIRECT),
        ("https://www.google.com/", GOOGLE),
        ("HTTPS://WWW.Google.COM:443/search?q=x#y", GOOGLE),
        ("https://user:secret@www.google.com./", GOOGLE),
        ("//www.google.com/", GOOGLE),
        ("http://www.google.com:8080", GOOGLE),
        ("android-app://com.google.android.gm/", ("Gmail", "email", "Email")),
        ("Android-App://COM.reddit.frontpage", ("Reddit", "social", "Organic Social")),
        ("android-app://com.slack/https/x", ("Slack", "referrer", "Referral")),
        ("android-app://", DIRECT),
        ("android-app:///x", DIRECT),
        ("android-app://com slack/", DIRECT),
        ("https://bücher.example/", ("xn--bcher-kva.example", "referrer", "Referral")),
        ("https://xn--bcher-kva.example/", ("xn--bcher-kva.example", "referrer", "Referral")),
        ("https://SHOP.example:8443/cart", DIRECT),
        ("https://blog.shop.example/", DIRECT),
        ("https://www.shop.co.uk/", DIRECT),
        ("https://other.co.uk/", ("other.co.uk", "referrer", "Referral")),
        ("https://checkout.stripe.com:443/c/pay", DIRECT),
        ("about:blank", DIRECT),
        ("mailto:a@b.example", DIRECT),
        ("https://[", DIRECT),
        ("nonsense", DIRECT),
    ],
)
def test_a_referrer(referrer: str, expected: tuple[str, str, str]) -> None:
    assert seen(referrer) == expected


def test_a_page_under_a_public_suffix() -> None:
    page = "https://me.github.io/"
    assert seen("https://docs.me.github.io/", page) == DIRECT
    assert seen("https://you.github.io/", page)[0] == "you.github.io"
    assert seen("https://bücher.de/", "https://www.xn--bcher-kva.de/") == DIRECT


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"utm_source": "Letter", "utm_medium": "email"}, ("letter", "email", "Email")),
        ({"utm_source": "letter", "gclid": "x"}, ("letter", "", "Unassigned")),
        ({"utm_campaign": "a", "gclid": "x"}, ("Google", "cpc", "Paid Search")),
        ({"ScCid": "x", "ref": "friend"}, ("Snapchat", "cpc", "Paid Social")),
        ({"ref": "friend"}, ("friend", "referrer", "Referral")),
        ({"utm_source": "\x00", "utm_medium": "\x1f"}, ("ChatGPT", "ai", "AI")),
        ({"gclid": "", "utm_term": "x", "other": "y"}, ("ChatGPT", "ai", "AI")),
    ],
)
def test_parameters(parameters: dict[str, str], expected: tuple[str, str, str]) -> None:
    assert seen("https://chatgpt.com/", **parameters) == expected


def test_within_the_site_the_raw_parameters_stay_and_attribute_nothing() -> None:
    parameters = {"utm_source": "banner", "utm_campaign": "spring", "gclid": "1", "ref": "friend"}
    assert source_of(SHOP, "https://shop.example/a", parameters, (), HOSTS) == Source(
        utm_source="banner", utm_campaign="spring", ref="friend", channel="Direct"
    )
    source = source_of(SHOP, "https://blog.shop.example/a", parameters, (), HOSTS)
    assert (source.referrer, source.referrer_path) == ("https://blog.shop.example", "/a")
    assert (source.source, source.medium, source.channel) == DIRECT


def test_a_mapped_parameter_attributes() -> None:
    mappings = (("src", UtmField.SOURCE), ("how", UtmField.MEDIUM))
    source = source_of(SHOP, "https://t.co/", {"src": "Bing", "how": "CPC"}, mappings)
    assert (source.utm_source, source.utm_medium) == ("Bing", "CPC")
    assert (source.source, source.medium, source.channel) == ("Bing", "cpc", "Paid Search")


@pytest.mark.parametrize(
    ("parameters", "keyword"),
    [
        ({"keyword": "a", "q": "b", "s": "c"}, "a"),
        ({"q": "b", "s": "c"}, "b"),
        ({"s": "c"}, "c"),
        ({"keyword": "", "q": "\x00", "s": "c"}, "c"),
        ({"Keyword": "a"}, ""),
    ],
)
def test_the_search_term(parameters: dict[str, str], keyword: str) -> None:
    assert source_of(SHOP, "", parameters, ()).keyword == keyword


def by_script(name: str, value: str) -> WireHit | None:
    qs = json.dumps({name: value})
    return fathom.decode(urlencode({"h": PAGE, "p": "/", "sid": "X", "qs": qs}).encode())


def by_sender(name: str, value: str) -> WireHit | None:
    return fathom.decode(urlencode({"h": f"{PAGE}?{urlencode({name: value})}"}).encode())


def by_t(name: str, value: str) -> WireHit | None:
    return seal.decode(json.dumps({"u": f"{PAGE}?{urlencode({name: value})}"}).encode(), b"")


@pytest.mark.parametrize("decode", [by_script, by_sender, by_t])
@pytest.mark.parametrize("name", ["gclid", "li_fat_id", "ScCid", "ref"])
def test_what_attributes_arrives_over_either_wire(
    decode: Callable[[str, str], WireHit | None], name: str
) -> None:
    hit = decode(name, "a b&c")
    assert hit is not None
    assert hit.parameters == {name: "a b&c"}


def test_records_of_versions_without_attribution_are_read() -> None:
    old = msgspec.json.encode(["https://t.co", "/", "s", "m", "c", "t", "n", "r", "k"])
    source = msgspec.json.decode(old, type=Source)
    assert source.keyword == "k"
    assert (source.source, source.medium, source.channel) == ("", "", "")
    assert Source.__struct_fields__[-3:] == ("source", "medium", "channel")


texts = st.text() | st.sampled_from([*MARKUP, *WRITINGS, *REFUSED]) | st.text("aİΣ.", min_size=600)
names = st.sampled_from([*UtmField, "ref", "gclid", "fbclid", "keyword", "q", "s", "src"]) | texts
referrers = texts | st.builds(
    "{}://{}/{}".format, st.sampled_from(["http", "android-app"]), texts, texts
)


@given(
    referrer=referrers,
    parameters=st.dictionaries(names, texts),
    mappings=st.lists(st.tuples(names, st.sampled_from(UtmField))).map(tuple),
)
def test_any_text_is_attributed(
    referrer: str, parameters: dict[str, str], mappings: Mappings
) -> None:
    source = source_of(SHOP, referrer, parameters, mappings, HOSTS)
    assert source.channel
    for value in msgspec.structs.asdict(source).values():
        assert len(value) <= urls.PATH_LENGTH
        assert not CONTROL_CHARACTERS.search(value)
    for value in (source.source, source.medium, source.channel, source.keyword):
        assert len(value) <= urls.TEXT_LENGTH


@pytest.mark.parametrize(
    "gateway", ["https://checkout.stripe.com/c/pay", "https://www.paypal.com/"]
)
def test_who_comes_back_from_paying_bought_by_the_source_of_the_visit(
    server: RunningServer, gateway: str
) -> None:
    site = new_site(server)
    for keys in (
        {"u": f"{PAGE}?utm_source=Bing&utm_medium=cpc"},
        {"u": f"{PAGE}thanks", "r": gateway},
        {"u": f"{PAGE}thanks", "r": gateway, "e": "purchase", "v": 12.5},
    ):
        assert seal_hit(server, site.slug, **keys).status_code == 204
    assert fathom_hit(server, site.code, r=gateway, name="thanked").status_code == 200
    arrival, back, purchase, thanked = stored(server, site.id)
    assert len({arrival.visit_id, back.visit_id, purchase.visit_id, thanked.visit_id}) == 1
    assert (back.source, back.medium, back.channel) == DIRECT
    bing = ("Bing", "cpc", "Paid Search")
    for hit in (arrival, purchase, thanked):
        assert (hit.source, hit.medium, hit.channel) == bing
