"""SealMetrics' channels, in their order."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.enrichment import DEFAULT_RULES, UNASSIGNED, ChannelRule, channel_of
from leadline.enrichment.referrers import _KNOWN, GATEWAY

ORDER = [
    "Paid Search",
    "Paid Social",
    "Paid Video",
    "Display",
    "Paid Shopping",
    "Organic Search",
    "Organic Social",
    "Organic Video",
    "Organic Shopping",
    "AI",
    "Email",
    "Affiliates",
    "SMS",
    "Push",
    "Audio",
    "Referral",
    "Direct",
]


def test_the_channels_are_in_sealmetrics_order() -> None:
    assert list(dict.fromkeys(rule.channel for rule in DEFAULT_RULES)) == ORDER
    channels = [ORDER.index(rule.channel) for rule in DEFAULT_RULES]
    assert channels == sorted(channels)


@pytest.mark.parametrize(
    ("source", "medium", "campaign", "channel"),
    [
        ("google", "cpc", "", "Paid Search"),
        (" Bing ", " PPC ", "", "Paid Search"),
        ("acme", "paid_search", "", "Paid Search"),
        ("google", "cpc", "shopping", "Paid Search"),
        ("googleads", "cpc", "", "Paid Search"),
        ("google_ads_de", "cpc", "", "Paid Search"),
        ("facebook", "cpc", "", "Paid Social"),
        ("ig", "paid", "", "Paid Social"),
        ("facebook_ads", "cpc", "", "Paid Social"),
        ("meta-ads", "cpc", "", "Paid Social"),
        ("x", "cpc", "", "Paid Social"),
        ("acme", "paid-social", "", "Paid Social"),
        ("youtube", "cpv", "", "Paid Video"),
        ("acme", "paid video", "", "Paid Video"),
        ("google", "display", "", "Display"),
        ("google", "cpm", "", "Display"),
        ("acme", "web_banner", "", "Display"),
        ("amazon", "cpc", "", "Paid Shopping"),
        ("acme", "cpc", "Summer-Shopping", "Paid Shopping"),
        ("acme", "shopping_ads", "", "Paid Shopping"),
        ("acme", "organic", "", "Organic Search"),
        ("google", "", "", "Organic Search"),
        ("google", "(none)", "", "Organic Search"),
        ("facebook", "social", "", "Organic Social"),
        ("acme", "social-media", "", "Organic Social"),
        ("linkedin", "", "", "Organic Social"),
        ("acme", "video", "", "Organic Video"),
        ("vimeo", "", "", "Organic Video"),
        ("acme", "shopping", "", "Organic Shopping"),
        ("etsy", "", "", "Organic Shopping"),
        ("acme", "ai", "", "AI"),
        ("meta ai", "", "", "AI"),
        ("gemini.google.com", "", "", "AI"),
        ("chatgpt.com", "", "", "AI"),
        ("copilot.microsoft.com", "", "", "AI"),
        ("acme", "email", "", "Email"),
        ("linkedin", "e-mail", "", "Email"),
        ("newsletter", "", "", "Email"),
        ("acme", "affiliate", "", "Affiliates"),
        ("acme", "affiliates", "", "Affiliates"),
        ("acme", "sms", "", "SMS"),
        ("sms", "", "", "SMS"),
        ("acme", "push", "", "Push"),
        ("acme", "web-push", "", "Push"),
        ("acme", "mobile_notification", "", "Push"),
        ("acme", "audio", "", "Audio"),
        ("acme", "podcast", "", "Audio"),
        ("acme", "referral", "", "Referral"),
        ("news.example", "referrer", "", "Referral"),
        ("", "", "", "Direct"),
        ("  ", "", "spring", "Direct"),
        ("(direct)", "(none)", "", "Direct"),
        ("direct", "", "", "Direct"),
        ("acme", "", "", UNASSIGNED),
        ("acme", "cpc", "", UNASSIGNED),
        ("acme", "poster", "", UNASSIGNED),
        ("bingo", "cpc", "", UNASSIGNED),
    ],
)
def test_channels(source: str, medium: str, campaign: str, channel: str) -> None:
    assert channel_of(DEFAULT_RULES, source, medium, campaign) == channel


def test_every_known_referrer_has_a_channel() -> None:
    unassigned = {
        each
        for each in _KNOWN.values()
        if each.medium != GATEWAY and channel_of(DEFAULT_RULES, *each, "") == UNASSIGNED
    }
    assert unassigned == set()


def test_the_first_rule_whose_patterns_are_all_found_counts() -> None:
    rules = [
        ChannelRule("Both", source="acme", campaign="spring"),
        ChannelRule("Partners", source=r"^(acme|umbrella)$"),
        ChannelRule("Walked in", source=r"^\(direct\)$", medium=r"^\(none\)$"),
        *DEFAULT_RULES,
    ]
    assert channel_of(rules, "the-ACME-letter", "email", "Early Spring") == "Both"
    assert channel_of(rules, "Acme", "email", "autumn") == "Partners"
    assert channel_of(rules, "the-acme-letter", "email", "") == "Email"
    assert channel_of(rules, "", "", "") == "Walked in"
    assert channel_of([], "google", "cpc", "") == UNASSIGNED


def test_the_patterns_are_such_as_re2_takes() -> None:
    for rule in DEFAULT_RULES:
        for pattern in (rule.source, rule.medium, rule.campaign):
            assert not re.search(r"(?<!\\)\(\?|\\[1-9]", pattern)
            assert len(pattern) <= 255


@given(*[st.text() | st.sampled_from(["cpc", "google", "x" * 512])] * 3)
def test_any_text_has_a_channel(source: str, medium: str, campaign: str) -> None:
    assert channel_of(DEFAULT_RULES, source, medium, campaign) in {*ORDER, UNASSIGNED}
