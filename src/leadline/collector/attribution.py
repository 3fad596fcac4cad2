"""Where a hit says that its visitor came from."""

from collections.abc import Mapping
from functools import lru_cache

from leadline.collector import urls
from leadline.enrichment import Channels, Tags, classify, click_id, is_internal
from leadline.sites import Passthrough, UtmField
from leadline.spool import Source

Mappings = tuple[tuple[str, UtmField], ...]
_CACHED_LENGTH = 512
_UTM_NAMES = tuple(field.value for field in UtmField)


def source_of(
    page: urls.Address,
    referrer: str,
    parameters: Mapping[str, str],
    mappings: Mappings,
    hosts: frozenset[str] = frozenset(),
    channels: Channels | None = None,
    passthrough: Passthrough | None = None,
) -> Source:
    """The source of one hit; `hosts` are the site's own, without a leading `www.`.

    A mapping fills a UTM field that the page's address leaves empty; of two mappings to one
    field the earlier counts. A referrer on the page's own host is none. `source`, `medium` and
    `channel` are those of `leadline.enrichment.classify`; the raw fields do not depend on them.
    A referrer that passes visitors on fills the UTM fields where nothing else says who sent them.
    """
    given = tuple(parameters.items())
    length = len(referrer) + sum(map(len, parameters)) + sum(map(len, parameters.values()))
    read = _read_known if length <= _CACHED_LENGTH else _read
    return read(page.host, referrer, given, mappings, hosts, channels, passthrough)


def _read(
    host: str,
    referrer: str,
    given: tuple[tuple[str, str], ...],
    mappings: Mappings,
    hosts: frozenset[str],
    channels: Channels | None,
    passthrough: Passthrough | None,
) -> Source:
    parameters = dict(given)
    came_from = urls.parse(referrer) if referrer else None
    sender = came_from.host if came_from else urls.app(referrer)
    if came_from is not None and came_from.host.removeprefix("www.") == host.removeprefix("www."):
        came_from = None
    utm = {name: _text(parameters, name) for name in _UTM_NAMES}
    for parameter, field in mappings:
        if not utm[field]:
            utm[field] = _text(parameters, parameter)
    ref, click = _text(parameters, "ref"), click_id(parameters)
    says_who = utm["utm_source"] or utm["utm_medium"] or ref or click
    if passthrough is not None and sender and not says_who:
        utm |= _passed_on(passthrough, host, sender, hosts)
    tags = Tags(utm["utm_source"], utm["utm_medium"], utm["utm_campaign"], click, ref)
    source, medium, channel = classify(host, sender, tags, hosts, channels)
    return Source(
        referrer=came_from.origin if came_from else "",
        referrer_path=came_from.shown_path if came_from else "",
        ref=ref,
        keyword=_text(parameters, "keyword") or _text(parameters, "q") or _text(parameters, "s"),
        source=source,
        medium=medium,
        channel=channel,
        **utm,
    )


_read_known = lru_cache(maxsize=8192)(_read)


def _passed_on(
    passthrough: Passthrough, host: str, sender: str, hosts: frozenset[str]
) -> dict[str, str]:
    """The UTM fields of whoever is sent on."""
    rule = passthrough.find(sender)
    if rule is None or is_internal(host, sender, hosts):
        return {}
    return {
        "utm_source": rule.utm_source,
        "utm_medium": rule.utm_medium,
        "utm_campaign": rule.utm_campaign,
        "utm_term": rule.utm_term,
    }


def _text(parameters: Mapping[str, str], name: str) -> str:
    value = parameters.get(name)
    return urls.text(value) if value else ""
