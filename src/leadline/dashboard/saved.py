"""What is kept of a site's reports under a name: segments, goals and funnels."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.responses import Response

from leadline.dashboard import report
from leadline.dashboard.errors import said
from leadline.dashboard.sites import address_of, named
from leadline.dashboard.visit import Refused, Visit
from leadline.reports import InvalidFilter, NewSegment, SavedError, SavedNotFound, Target


class NotSaved(Refused):
    def __init__(self, why: str) -> None:
        super().__init__(422, "not-saved", what=why)


def save_segment(visit: Visit) -> Response:
    """What the address of the form looks at, under a name. Raises `Refused`."""
    site = named(visit)
    new = NewSegment(display_name=_name(visit), condition=report.looked_at(visit, site))
    with _saving(visit):
        made = visit.rooms.segments.create(site.id, new, by=visit.signed_in.user.id)
    rest = report.rest_of_look(visit, segment=made.name)
    return visit.redirect(f"{address_of(site)}?{rest}")


def remove_segment(visit: Visit) -> Response:
    site = named(visit)
    visit.rooms.segments.delete(site.id, int(visit.path["segment"]))
    return visit.redirect(address_of(site))


def add_goal(visit: Visit) -> Response:
    """Raises `Refused`."""
    site = named(visit)
    targets = _targets(visit)
    with _saving(visit):
        if len(targets) != 1:
            raise NotSaved(visit.texts("goal-needs-value"))
        visit.rooms.goals.add(site.id, _name(visit), targets[0])
    return visit.redirect(address_of(site, "goals"))


def remove_goal(visit: Visit) -> Response:
    site = named(visit)
    visit.rooms.goals.remove(site.id, int(visit.path["goal"]))
    return visit.redirect(address_of(site, "goals"))


def save_funnel(visit: Visit) -> Response:
    """Raises `Refused`."""
    site = named(visit)
    targets = _targets(visit)
    with _saving(visit):
        made = visit.rooms.funnels.add(site.id, _name(visit), targets)
    return visit.redirect(f"{address_of(site, 'funnels')}?funnel={made.id}")


def remove_funnel(visit: Visit) -> Response:
    site = named(visit)
    visit.rooms.funnels.remove(site.id, int(visit.path["funnel"]))
    return visit.redirect(address_of(site, "funnels"))


def _name(visit: Visit) -> str:
    return visit.form.get("name", "").strip()


def _targets(visit: Visit) -> tuple[Target, ...]:
    return report.targets_of(*map(visit.values, ("kind", "operator", "value")))


@contextmanager
def _saving(visit: Visit) -> Iterator[None]:
    """Raises `NotSaved` for what cannot be kept so."""
    try:
        yield
    except SavedNotFound:
        raise
    except SavedError as error:
        raise NotSaved(said(visit.texts, error)) from None
    except InvalidFilter as error:
        raise NotSaved(str(error)) from None
