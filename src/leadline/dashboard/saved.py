"""What is kept of a site's reports under a name: segments."""

from starlette.responses import Response

from leadline.dashboard import report
from leadline.dashboard.errors import said
from leadline.dashboard.sites import address_of, named
from leadline.dashboard.visit import Refused, Visit
from leadline.reports import InvalidFilter, NewSegment, SavedError


def save_segment(visit: Visit) -> Response:
    """What the address of the form looks at, under a name. Raises `Refused`."""
    site = named(visit)
    condition = report.looked_at(visit, site)
    try:
        new = NewSegment(display_name=visit.form.get("name", "").strip(), condition=condition)
        made = visit.rooms.segments.create(site.id, new, by=visit.signed_in.user.id)
    except SavedError as error:
        raise NotSaved(said(visit.texts, error)) from None
    except InvalidFilter as error:
        raise NotSaved(str(error)) from None
    rest = report.rest_of_look(visit, segment=made.name)
    return visit.redirect(f"{address_of(site)}?{rest}")


def remove_segment(visit: Visit) -> Response:
    site = named(visit)
    visit.rooms.segments.delete(site.id, int(visit.path["segment"]))
    return visit.redirect(address_of(site))


class NotSaved(Refused):
    def __init__(self, why: str) -> None:
        super().__init__(422, "not-saved", what=why)
