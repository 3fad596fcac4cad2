"""Where visitors come from, as browsers would tell it: referrers and the parameters of links."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl


class Arrival(NamedTuple):
    """`weight` is how common it is beside the others."""

    referrer: str
    parameters: tuple[tuple[str, str], ...]
    weight: float


_KNOWN = """
||260
https://www.google.com/||230
https://www.google.com/|gclid=demo&utm_source=google&utm_medium=cpc&utm_campaign=brand&utm_term=demo|24
https://www.google.com/|gclid=demo&utm_source=google&utm_medium=cpc&utm_campaign=generic&utm_content=ad-b|18
https://www.bing.com/||26
https://duckduckgo.com/||22
https://www.ecosia.org/||5
https://search.brave.com/||5
https://yandex.ru/||3
https://search.yahoo.com/||4
https://t.co/||14
https://l.facebook.com/||16
https://l.facebook.com/|fbclid=demo&utm_source=facebook&utm_medium=paid_social&utm_campaign=autumn|15
https://l.instagram.com/||18
https://l.instagram.com/|utm_source=instagram&utm_medium=social&utm_campaign=stories|6
https://www.linkedin.com/||12
https://www.reddit.com/||14
https://news.ycombinator.com/||12
https://lobste.rs/||3
https://bsky.app/||4
https://mastodon.social/||4
https://www.pinterest.com/||8
https://www.tiktok.com/|ttclid=demo&utm_source=tiktok&utm_medium=cpc&utm_campaign=clips|6
https://www.youtube.com/||12
https://vimeo.com/||2
https://chatgpt.com/|utm_source=chatgpt.com|16
https://claude.ai/||4
https://www.perplexity.ai/||5
https://gemini.google.com/||3
https://copilot.microsoft.com/||2
|utm_source=newsletter&utm_medium=email&utm_campaign=weekly-142|14
|utm_source=newsletter&utm_medium=email&utm_campaign=weekly-143&utm_content=header|12
|utm_source=newsletter&utm_medium=email&utm_campaign=welcome|7
https://mail.google.com/||4
https://mail.proton.me/||2
android-app://com.slack/||3
https://github.com/||9
https://en.wikipedia.org/||5
https://www.producthunt.com/|ref=producthunt|5
|ref=partner-lighthouse|4
https://compare.example/best-of|utm_source=compare&utm_medium=affiliate&utm_campaign=best-of|7
https://banners.example/|utm_source=bannernet&utm_medium=display&utm_campaign=retarget|6
|utm_source=podcast&utm_medium=audio&utm_campaign=episode-31|3
|utm_source=sms&utm_medium=sms&utm_campaign=back-in-stock|2
https://www.google.com/|q=demo&utm_source=google&utm_medium=organic|3
"""

BLOGS = 120
_BLOG_WEIGHT = 3.0


def arrivals() -> list[Arrival]:
    """The well-known senders, and a long tail of small ones."""
    return [*_known(), *_small()]


def _known() -> Iterator[Arrival]:
    for line in _KNOWN.strip().splitlines():
        referrer, parameters, weight = line.split("|")
        yield Arrival(referrer, tuple(parse_qsl(parameters)), float(weight))


def _small() -> Iterator[Arrival]:
    for number in range(1, BLOGS + 1):
        yield Arrival(f"https://blog-{number}.example/links", (), _BLOG_WEIGHT / number**0.5)
