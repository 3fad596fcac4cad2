"""The cascade from what a hit says to one source, medium and channel."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadline.enrichment import Attribution, Tags, classify, click_id
from leadline.enrichment.referrers import _KNOWN, find
from leadline.enrichment.sources import is_internal, registrable
from tests.nasty import MARKUP, REFUSED, WRITINGS

PAGE = "www.shop.example"
DIRECT = Attribution("", "", "Direct")
GOOGLE = Attribution("Google", "organic", "Organic Search")
CLICK_IDS = {
    "gclid": ("Google", "cpc", "Paid Search"),
    "gbraid": ("Google", "cpc", "Paid Search"),
    "wbraid": ("Google", "cpc", "Paid Search"),
    "fbclid": ("Facebook", "social", "Organic Social"),
    "msclkid": ("Bing", "cpc", "Paid Search"),
    "yclid": ("Yandex", "cpc", "Paid Search"),
    "ttclid": ("TikTok", "cpc", "Paid Social"),
    "twclid": ("Twitter", "cpc", "Paid Social"),
    "li_fat_id": ("LinkedIn", "cpc", "Paid Social"),
    "ScCid": ("Snapchat", "cpc", "Paid Social"),
    "rdt_cid": ("Reddit", "cpc", "Paid Social"),
}


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("", DIRECT),
        ("www.google.com", GOOGLE),
        ("google.com", GOOGLE),
        ("www.google.co.uk", GOOGLE),
        ("google.de", GOOGLE),
        ("news.google.com", ("Google News", "organic", "Organic Search")),
        ("mail.google.com", ("Gmail", "email", "Email")),
        ("docs.google.com", ("Google", "referrer", "Referral")),
        ("gemini.google.com", ("Gemini", "ai", "AI")),
        ("de.search.yahoo.com", ("Yahoo", "organic", "Organic Search")),
        ("html.duckduckgo.com", ("DuckDuckGo", "organic", "Organic Search")),
        ("search.brave.com", ("Brave Search", "organic", "Organic Search")),
        ("yandex.com.tr", ("Yandex", "organic", "Organic Search")),
        ("kagi.com", ("Kagi", "organic", "Organic Search")),
        ("lm.facebook.com", ("Facebook", "social", "Organic Social")),
        ("t.co", ("Twitter", "social", "Organic Social")),
        ("x.com", ("Twitter", "social", "Organic Social")),
        ("old.reddit.com", ("Reddit", "social", "Organic Social")),
        ("bsky.app", ("Bluesky", "social", "Organic Social")),
        ("www.threads.net", ("Threads", "social", "Organic Social")),
        ("www.pinterest.co.uk", ("Pinterest", "social", "Organic Social")),
        ("web.telegram.org", ("Telegram", "social", "Organic Social")),
        ("m.youtube.com", ("YouTube", "video", "Organic Video")),
        ("www.amazon.co.uk", ("Amazon", "shopping", "Organic Shopping")),
        ("chatgpt.com", ("ChatGPT", "ai", "AI")),
        ("www.perplexity.ai", ("Perplexity", "ai", "AI")),
        ("copilot.microsoft.com", ("Copilot", "ai", "AI")),
        ("outlook.live.com", ("Outlook.com", "email", "Email")),
        ("ib.adnxs.com", ("AppNexus", "display", "Display")),
        ("someone.substack.com", ("Substack", "referrer", "Referral")),
        ("com.reddit.frontpage", ("Reddit", "social", "Organic Social")),
        ("com.google.android.gm", ("Gmail", "email", "Email")),
        ("com.unheard.of", ("com.unheard.of", "referrer", "Referral")),
        ("www.news.example", ("news.example", "referrer", "Referral")),
        ("blog.news.example", ("blog.news.example", "referrer", "Referral")),
        ("notgoogle.com", ("notgoogle.com", "referrer", "Referral")),
        ("google.com.evil.example", ("google.com.evil.example", "referrer", "Referral")),
        ("intranet", ("intranet", "referrer", "Referral")),
        ("192.0.2.7", ("192.0.2.7", "referrer", "Referral")),
        ("xn--bcher-kva.example", ("xn--bcher-kva.example", "referrer", "Referral")),
    ],
)
def test_a_referrer_has_a_name_and_a_medium(referrer: str, expected: Attribution) -> None:
    assert classify(PAGE, referrer) == expected


@pytest.mark.parametrize(
    "gateway", ["checkout.stripe.com", "www.paypal.com", "sis.redsys.es", "pay.google.com"]
)
def test_who_returns_from_a_payment_has_not_arrived(gateway: str) -> None:
    assert classify(PAGE, gateway) == DIRECT
    tagged = Tags(utm_source="receipt", utm_medium="email")
    assert classify(PAGE, gateway, tagged) == ("receipt", "email", "Email")


@pytest.mark.parametrize("name", CLICK_IDS)
def test_a_click_id_names_who_sold_the_click(name: str) -> None:
    parameters = {"a": "1", name: "Cj0K"}
    assert click_id(parameters) == name
    assert classify(PAGE, "www.example.org", Tags(click=name)) == CLICK_IDS[name]


def test_a_click_id_has_its_exact_name_and_a_value() -> None:
    assert click_id({"GCLID": "1", "sccid": "1", "gclid2": "1"}) == ""
    assert click_id({"gclid": "", "fbclid": "1"}) == "fbclid"
    assert click_id({"fbclid": "1", "gclid": "1"}) == "gclid"
    assert click_id({"gclid": ""}) == ""
    assert click_id({}) == ""


def test_each_kind_of_evidence_hides_those_after_it() -> None:
    tags = Tags("Letter", "E-Mail", "spring", "gclid", "friend")
    cascade = [
        (tags, ("letter", "e-mail", "Email")),
        (tags._replace(utm_source="", utm_medium=""), ("Google", "cpc", "Paid Search")),
        (Tags(ref="friend"), ("friend", "referrer", "Referral")),
        (Tags(), ("ChatGPT", "ai", "AI")),
    ]
    for given_tags, expected in cascade:
        assert classify(PAGE, "chatgpt.com", given_tags) == expected
    assert len({expected for _, expected in cascade}) == len(cascade)
    assert all(one != other for one, other in pairwise(cascade))


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (Tags(utm_source=" GOOGLE ", utm_medium=" CPC "), ("Google", "cpc", "Paid Search")),
        (Tags(utm_source="google"), ("Google", "", "Organic Search")),
        (Tags(utm_source="chatgpt.com"), ("chatgpt.com", "", "AI")),
        (Tags(utm_source="News Letter"), ("news letter", "", "Unassigned")),
        (Tags(utm_medium="email"), ("", "email", "Email")),
        (Tags(utm_campaign="spring"), GOOGLE),
        (Tags(utm_source=" ", utm_medium="\u3000"), GOOGLE),
        (Tags(ref="YouTube"), ("YouTube", "referrer", "Referral")),
        (Tags(ref="Producthunt"), ("producthunt", "referrer", "Referral")),
        (Tags(ref="www.Reddit.com"), ("Reddit", "social", "Organic Social")),
        (Tags(ref="stripe.com"), ("stripe.com", "referrer", "Referral")),
        (Tags(ref=" "), GOOGLE),
        (Tags(click="dclid"), GOOGLE),
    ],
)
def test_tags(tags: Tags, expected: Attribution) -> None:
    assert classify(PAGE, "www.google.com", tags) == expected


@pytest.mark.parametrize(
    ("page", "referrer", "internal"),
    [
        ("shop.example", "shop.example", True),
        ("www.shop.example", "shop.example", True),
        ("shop.example", "blog.shop.example", True),
        ("a.shop.example", "b.shop.example", True),
        ("shop.example", "myshop.example", False),
        ("shop.co.uk", "www.shop.co.uk", True),
        ("one.co.uk", "other.co.uk", False),
        ("co.uk", "shop.co.uk", False),
        ("one.github.io", "other.github.io", False),
        ("one.github.io", "docs.one.github.io", True),
        ("github.io", "github.io", True),
        ("xn--bcher-kva.de", "www.xn--bcher-kva.de", True),
        ("localhost", "localhost", True),
        ("www.intranet", "intranet", True),
        ("intranet", "other", False),
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "198.51.2.7", False),
        ("[2001:db8::1]", "[2001:db8::1]", True),
        ("2001:db8::1", "2001:db8::2", False),
        ("[::ffff:192.0.2.7]", "[::fffe:192.0.2.7]", False),
        ("shop.example", "", False),
        ("", "", False),
    ],
)
def test_a_referrer_under_the_same_registered_name_is_internal(
    page: str, referrer: str, internal: bool
) -> None:
    assert is_internal(page, referrer) is internal


def test_the_sites_own_domains_are_internal_to_one_another() -> None:
    hosts = frozenset({"shop.example", "shop.co.uk", "me.github.io"})
    for referrer in ("shop.co.uk", "www.shop.co.uk", "a.me.github.io"):
        assert classify("shop.example", referrer, hosts=hosts) == DIRECT
        assert classify("shop.example", referrer) != DIRECT
    assert classify("shop.example", "you.github.io", hosts=hosts) != DIRECT


@pytest.mark.parametrize(
    "tags", [Tags("letter", "email", "spring"), Tags(click="gclid"), Tags(ref="friend")]
)
def test_within_a_site_tags_do_not_count(tags: Tags) -> None:
    assert classify("shop.example", "www.shop.example", tags) == DIRECT


texts = st.text() | st.sampled_from([*MARKUP, *WRITINGS, *REFUSED]) | st.text("aİΣß.", min_size=500)
hosts = texts | st.from_regex(r"[a-z0-9.:\[\]_-]{0,80}", fullmatch=True)


@given(
    page=hosts,
    referrer=hosts,
    tags=st.builds(Tags, texts, texts, texts, st.sampled_from([*CLICK_IDS, ""]) | texts, texts),
    own=st.frozensets(hosts, max_size=3),
)
@example("shop.example", "." * 2000, Tags(), frozenset())
@example("shop.example", "a." * 1000, Tags(), frozenset({""}))
@example("", "", Tags("İ" * 512, "Σ" * 512), frozenset())
def test_any_text_is_classified(page: str, referrer: str, tags: Tags, own: frozenset[str]) -> None:
    found = classify(page, referrer, tags, own)
    assert max(map(len, found)) <= 512
    assert found.medium == found.medium.lower()
    assert found.channel
    assert registrable(registrable(referrer)) == registrable(referrer)


@given(texts)
@example("QIP")
@example("Ukr.net")
@example("Last.fm")
def test_no_two_sources_differ_in_case_only(name: str) -> None:
    source = classify(PAGE, "", Tags(utm_source=name)).source
    for spelling in (source, source.lower(), f" {source} "):
        assert classify(PAGE, "", Tags(utm_source=spelling)).source == source


def test_a_referrer_has_the_name_that_a_utm_of_its_key_has() -> None:
    for known in {find(host) for host in _KNOWN} - {None}:
        assert known is not None
        assert classify(PAGE, "", Tags(utm_source=known.source.lower())).source == known.source
