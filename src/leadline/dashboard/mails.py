"""A site's figures by mail: who wants them, and who does not want them any more."""

from starlette.responses import Response

from leadline.access import Stale
from leadline.dashboard.sites import named
from leadline.dashboard.visit import Refused, Visit
from leadline.mail import Rhythm
from leadline.sites import SiteNotFound


def show_mails(visit: Visit) -> Response:
    return _page(visit, is_saved=False)


def change_mails(visit: Visit) -> Response:
    wanted = {rhythm for rhythm in Rhythm if visit.checked(rhythm)}
    user = visit.signed_in.user.id
    visit.rooms.subscriptions.change(user, named(visit), wanted, visit.texts.language)
    return _page(visit, is_saved=True)


def end_form(visit: Visit) -> Response:
    """A link is followed by programs too, which want nothing to end."""
    try:
        _, number, rhythm = visit.rooms.subscriptions.check(visit.path["secret"])
        site = visit.rooms.sites.numbered(number)
    except (Stale, SiteNotFound):
        raise _over() from None
    return visit.page("end_mails.html", site=site, rhythm=rhythm, is_ended=False)


def end_mails(visit: Visit) -> Response:
    """Posted by that page, or by a mailbox (RFC 8058)."""
    try:
        visit.rooms.subscriptions.end(visit.path["secret"])
    except Stale:
        raise _over() from None
    return visit.page("end_mails.html", is_ended=True)


def _page(visit: Visit, *, is_saved: bool) -> Response:
    site, user = named(visit), visit.signed_in.user
    return visit.page(
        "mails.html",
        site=site,
        chosen=visit.rooms.subscriptions.rhythms(user.id, site.id),
        are_sent=visit.rooms.sends_reports,
        is_saved=is_saved,
    )


def _over() -> Refused:
    return Refused(410, "mails-over")
