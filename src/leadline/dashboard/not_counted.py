"""Why hits of a site were not counted, and what to do about it."""

from typing import NamedTuple

from starlette.responses import Response

from leadline.dashboard.sites import named
from leadline.dashboard.texts import Texts
from leadline.dashboard.visit import Refused, Visit
from leadline.reports import HitsUnavailable

ADVISED = (
    "invalid_account",
    "invalid_domain",
    "blocklist_ua",
    "preview",
    "do_not_track",
    "excluded_visitor",
    "blocklist_ip",
    "blocklist_country",
    "blocklist_host",
    "blocklist_path",
    "blocklist_event",
    "data_centre",
    "referrer_spam",
)
"""The reasons not to count a hit of which a text says what to do."""

TO_BE_LISTED = "invalid_domain"
"""Of the hosts that hits of this reason name there are forms that list them."""


class Span(NamedTuple):
    """So many minutes, and the key of what they are called."""

    minutes: int
    title: str


SPANS = {
    "hour": Span(60, "span-hour"),
    "day": Span(1440, "span-day"),
    "week": Span(10_080, "span-week"),
}
USUAL = "week"


def show_not_counted(visit: Visit) -> Response:
    """Of the last hour, day or week, as is asked. Raises `Refused`."""
    site = named(visit)
    name = visit.query.get("span", USUAL)
    if name not in SPANS:
        raise Refused(400, "no-such-choice", what=f"span={name}")
    try:
        refusals = visit.rooms.reports.refusals(site.id, SPANS[name].minutes)
    except HitsUnavailable as error:
        raise no_report(error) from None
    return visit.page(
        "not_counted.html",
        site=site,
        spans=SPANS,
        chosen=name,
        refusals=refusals,
        advice=advice(visit.texts),
        to_be_listed=TO_BE_LISTED,
    )


def no_report(error: HitsUnavailable) -> Refused:
    refused = Refused(503, "no-report")
    refused.headers["Retry-After"] = str(error.retry_after)
    return refused


def advice(texts: Texts) -> dict[str, str]:
    """What to do about hits that were not counted, by reason."""
    return {reason: texts(f"advice-{reason}") for reason in ADVISED}
