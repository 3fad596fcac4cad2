"""Where a hit says that its visitor came from."""

from collections.abc import Mapping, Sequence

from leadline.collector import urls
from leadline.sites import UtmField
from leadline.spool import Source

_UTM_NAMES = tuple(field.value for field in UtmField)


def source_of(
    page: urls.Address,
    referrer: str,
    parameters: Mapping[str, str],
    mappings: Sequence[tuple[str, UtmField]],
) -> Source:
    """The source of one hit.

    A mapping fills a UTM field that the page's address leaves empty; of two mappings to one
    field the earlier counts. A referrer on the page's own host is none.
    """
    utm = {name: parameters.get(name, "") for name in _UTM_NAMES}
    for parameter, field in mappings:
        if not utm[field]:
            utm[field] = parameters.get(parameter, "")
    came_from = urls.parse(referrer) if referrer else None
    if came_from is not None and came_from.host.removeprefix("www.") == page.host.removeprefix(
        "www."
    ):
        came_from = None
    return Source(
        referrer=came_from.origin if came_from else "",
        referrer_path=came_from.shown_path if came_from else "",
        ref=urls.text(parameters.get("ref", "")),
        keyword=urls.text(parameters.get("keyword", "")),
        **{name: urls.text(value) for name, value in utm.items()},
    )
