"""Channels: groups of sources and mediums, such as Paid Search.

The names, their order and the matching are SealMetrics'; its patterns are not published, these are
Leadline's own.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import msgspec

UNASSIGNED = "Unassigned"

_PAID = r"^(cp[aclotv]|ppc|paid|sem|ads?|retargeting|remarketing)$"
_UNSTATED = r"^(\(none\)|\(not set\)|organic)?$"
"""A medium that leaves it to the source what kind of source it is."""
_BEGIN, _END = r"(^|[^a-z0-9])", r"([ _-]?ads?)?([^a-z0-9]|$)"
"""What stands around a name: unlike for `\\b`, an underscore parts words."""
_SEARCH = (
    r"^(www\.)?(google|adwords|bing|microsoft[ _-]?ads|msn|yahoo|duckduckgo|ecosia|baidu"
    rf"|yandex|naver|seznam|qwant|brave|startpage|kagi|swisscows|mojeek|sogou|aol){_END}"
)
_SOCIAL = (
    rf"{_BEGIN}(facebook|fb|instagram|ig|threads|twitter|t\.co|linkedin|lnkd|pinterest|reddit"
    r"|snapchat|tiktok|bluesky|bsky|mastodon|tumblr|vk|weibo|quora|discord|telegram|whatsapp"
    rf"|wechat|xing){_END}|^(x|x\.com|meta)([ _-]?ads?)?$"
)
_VIDEO = rf"{_BEGIN}(youtube|youtu\.be|vimeo|twitch|dailymotion|bilibili|rumble|odysee){_END}"
_SHOPPING = (
    rf"{_BEGIN}(amazon|ebay|etsy|aliexpress|alibaba|walmart|zalando|idealo|kelkoo|pricerunner"
    rf"|shopzilla|shopping){_END}"
)
_AI = (
    rf"{_BEGIN}(chatgpt|openai|perplexity|claude|anthropic|gemini|notebooklm|copilot|deepseek"
    rf"|mistral|grok|meta[ .]ai|you\.com|poe|phind|kimi|qwen|doubao|duck\.ai){_END}"
)


class ChannelRule(msgspec.Struct, frozen=True):
    """Patterns of RE2, searched for in lower-cased values; an empty one holds for every value."""

    channel: str
    source: str = ""
    medium: str = ""
    campaign: str = ""


DEFAULT_RULES = (
    ChannelRule("Paid Search", source=_SEARCH, medium=_PAID),
    ChannelRule("Paid Search", medium=r"^paid[ _-]?search"),
    ChannelRule("Paid Social", source=_SOCIAL, medium=_PAID),
    ChannelRule("Paid Social", medium=r"^(paid[ _-]?social|social[ _-]?(paid|ads?))"),
    ChannelRule("Paid Video", source=_VIDEO, medium=_PAID),
    ChannelRule("Paid Video", medium=r"^(paid[ _-]?video|video[ _-]?(paid|ads?))"),
    ChannelRule(
        "Display",
        medium=r"display|banner|^(cpm|expandable|interstitial|programmatic|native([ _-]?ads?)?)$",
    ),
    ChannelRule("Paid Shopping", source=_SHOPPING, medium=_PAID),
    ChannelRule("Paid Shopping", medium=_PAID, campaign=rf"{_BEGIN}shop(ping)?([^a-z0-9]|$)"),
    ChannelRule("Paid Shopping", medium=r"^(paid[ _-]?shopping|shopping[ _-]?ads?|pla)$"),
    ChannelRule("Organic Search", medium=r"^(organic([ _-]?search)?|seo|search)$"),
    ChannelRule("Organic Search", source=_SEARCH, medium=_UNSTATED),
    ChannelRule("Organic Social", medium=r"^(organic[ _-]?)?social([ _-]?(network|media))?$|^sm$"),
    ChannelRule("Organic Social", source=_SOCIAL, medium=_UNSTATED),
    ChannelRule("Organic Video", medium=r"video"),
    ChannelRule("Organic Video", source=_VIDEO, medium=_UNSTATED),
    ChannelRule("Organic Shopping", medium=r"^(organic[ _-]?)?shopping$"),
    ChannelRule("Organic Shopping", source=_SHOPPING, medium=_UNSTATED),
    ChannelRule("AI", medium=r"^(ai|llm|chatbot|ai[ _-]?(assistant|chat|search))$"),
    ChannelRule("AI", source=_AI, medium=_UNSTATED),
    ChannelRule("Email", medium=r"^(e[ _-]?mail|newsletter)"),
    ChannelRule("Email", source=r"^(e[ _-]?mail|newsletter)", medium=_UNSTATED),
    ChannelRule("Affiliates", medium=r"affiliat"),
    ChannelRule("SMS", medium=r"^(sms|mms|text[ _-]?message)"),
    ChannelRule("SMS", source=r"^sms$", medium=_UNSTATED),
    ChannelRule("Push", medium=r"^push|push$|notification"),
    ChannelRule("Audio", medium=r"^(audio|podcast|radio)"),
    ChannelRule("Referral", medium=r"^(referral|referrer|link|partner)$"),
    ChannelRule("Direct", source=r"^\(?direct\)?$", medium=r"^(\(none\)|\(not set\)|none)?$"),
)
"""In SealMetrics' order. A cost per click on a source of no known kind is unassigned."""


class Seen(NamedTuple):
    """What rules look at."""

    source: str
    medium: str
    campaign: str


def seen(source: str, medium: str, campaign: str) -> Seen:
    """In lower case; without source and medium, rules see SealMetrics' `(direct)` and `(none)`."""
    source, medium, campaign = (each.strip().lower() for each in (source, medium, campaign))
    if not source and not medium:
        source, medium = "(direct)", "(none)"
    return Seen(source, medium, campaign)


def rule_of(
    rules: Iterable[ChannelRule], source: str, medium: str, campaign: str
) -> ChannelRule | None:
    """The first rule whose patterns are all found in what is `seen`."""
    source, medium, campaign = seen(source, medium, campaign)
    for rule in rules:
        if (
            _found(rule.medium, medium)
            and _found(rule.source, source)
            and _found(rule.campaign, campaign)
        ):
            return rule
    return None


def channel_of(rules: Iterable[ChannelRule], source: str, medium: str, campaign: str) -> str:
    """The channel of that rule; `UNASSIGNED` without one."""
    rule = rule_of(rules, source, medium, campaign)
    return rule.channel if rule else UNASSIGNED


def _found(pattern: str, value: str) -> bool:
    return not pattern or _compiled(pattern).search(value) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)
