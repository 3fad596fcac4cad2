"""Pages of sites, against slices of the whole list."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.access import Organisations
from leadline.database import Database
from leadline.sites import NAME_LENGTH, OrganisationId, Page, SiteChange, Sites, UnknownCursor
from tests.postgresql import ENGINES, fresh_location
from tests.sites.making import new_site

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = (5, 1, 1, 3, 2, 2, 2, 9, 0, 4, 5, 8)
DELETED = (2, 4, 9)
INACTIVE = (5, 7)
LONGEST = "%" * NAME_LENGTH
ACTIVE = [index for index in range(len(DAYS)) if index not in DELETED + INACTIVE]


class Shelf:
    """Sites made out of order, some in the same moment, some deleted or deactivated since."""

    def __init__(self, database: Database) -> None:
        self.sites = Sites(database)
        self.organisation: OrganisationId = Organisations(database).first().id
        new = [new_site(f"Site {day}", created_at=FIRST + timedelta(day / 86_400)) for day in DAYS]
        self.all = list(self.sites.create_all(self.organisation, new))
        self.renamed = False
        for index in DELETED:
            self.sites.delete(self.all[index])
        for index in INACTIVE:
            self.sites.update(self.all[index], SiteChange(is_active=False))

    def order(self, index: int) -> tuple[datetime, int]:
        return self.all[index].created_at, self.all[index].id

    def rename(self) -> None:
        """Give some a name that needs care, and a domain."""
        if self.renamed:
            return
        for index, name in ((0, "100% 日_a"), (1, "back\\slash"), (6, LONGEST)):
            self.all[index] = self.sites.update(self.all[index], SiteChange(name=name))
        self.sites.add_domain(self.all[3], "shop.example.com")
        self.all[3] = self.sites.get(self.organisation, self.all[3].code)
        self.renamed = True

    def texts(self, index: int) -> list[str]:
        site = self.all[index]
        return [site.name, site.code, site.slug, *(domain.domain for domain in site.domains)]

    def names(self, page: Page) -> list[str]:
        return [site.code for site in page.sites]

    def expected(
        self, limit: int, after: int | None, before: int | None, kept: Iterable[int] = ACTIVE
    ) -> tuple[list[str], bool]:
        rows = sorted(kept, key=self.order)
        if after is not None:
            rows = [index for index in rows if self.order(index) > self.order(after)]
        if before is not None:
            rows = [index for index in rows if self.order(index) < self.order(before)]
        chosen = rows[:limit] if before is None else rows[max(0, len(rows) - limit) :]
        return [self.all[index].code for index in chosen], len(rows) > limit


@pytest.fixture(scope="module", params=ENGINES)
def shelf(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shelf]:
    with fresh_location(request, tmp_path_factory.mktemp("paging")) as location:
        database = Database(location)
        yield Shelf(database)
        database.close()


cursors = st.integers(0, len(DAYS) - 1)


@settings(deadline=None)
@given(
    limit=st.integers(1, len(DAYS) + 1),
    cursor=st.one_of(st.none(), st.tuples(st.booleans(), cursors, st.booleans())),
)
def test_a_page_is_a_slice(shelf: Shelf, limit: int, cursor: tuple[bool, int, bool] | None) -> None:
    after = before = None
    name = None
    if cursor is not None:
        forwards, index, by_slug = cursor
        after, before = (index, None) if forwards else (None, index)
        name = shelf.all[index].slug if by_slug else shelf.all[index].code.lower()
    page = shelf.sites.page(
        shelf.organisation,
        limit=limit,
        after=name if after is not None else None,
        before=name if before is not None else None,
    )
    assert (shelf.names(page), page.has_more) == shelf.expected(limit, after, before)


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_the_last_of_each_page_leads_to_every_site_once(shelf: Shelf, limit: int) -> None:
    seen: list[str] = []
    more = True
    while more:
        after = seen[-1] if seen else None
        page = shelf.sites.page(shelf.organisation, limit=limit, after=after)
        seen += shelf.names(page)
        more = page.has_more
    assert seen == shelf.expected(100, None, None)[0]


# Whether the case of other letters than those from A to Z counts is up to the database.
letters = st.characters().filter(lambda each: each.isascii() or each.lower() == each.upper())
uncased = st.text(letters, max_size=4)
texts = st.sampled_from(
    [
        "",
        "site",
        "SITE 2",
        "5",
        "%",
        "_",
        "\\",
        "日",
        "\x00",
        "\udcff",
        "ite-1",
        LONGEST,
        LONGEST + "%",
        "x" * 60_000,
    ]
)


@settings(deadline=None)
@given(
    text=texts | uncased,
    limit=st.integers(1, len(DAYS)),
    include_inactive=st.booleans(),
    cursor=st.none() | st.tuples(st.sampled_from(["after", "before"]), cursors),
)
def test_sites_are_found_by_what_is_in_a_name(
    shelf: Shelf, text: str, limit: int, include_inactive: bool, cursor: tuple[str, int] | None
) -> None:
    shelf.rename()
    place = {} if cursor is None else {cursor[0]: cursor[1]}
    page = shelf.sites.page(
        shelf.organisation,
        limit=limit,
        include_inactive=include_inactive,
        matching=text,
        **{side: shelf.all[index].code for side, index in place.items()},  # type: ignore[arg-type]
    )
    found = [
        index
        for index in range(len(DAYS))
        if index not in DELETED
        and (include_inactive or index not in INACTIVE)
        and any(ascii_lower(text) in ascii_lower(name) for name in shelf.texts(index))
    ]
    expected = shelf.expected(limit, place.get("after"), place.get("before"), found)
    assert (shelf.names(page), page.has_more) == expected


def ascii_lower(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


@pytest.mark.parametrize("cursor", ["", "NOBODY", "ÄBCDE", "\udcff", "a\0b", "x" * 9000])
def test_a_cursor_that_never_was_a_site_is_refused(shelf: Shelf, cursor: str) -> None:
    with pytest.raises(UnknownCursor):
        shelf.sites.page(shelf.organisation, limit=1, after=cursor)
    with pytest.raises(UnknownCursor):
        shelf.sites.page(shelf.organisation, limit=1, before=cursor)


def test_a_site_of_another_organisation_is_no_cursor(
    sites: Sites, organisation: OrganisationId, stranger: OrganisationId
) -> None:
    theirs, gone = sites.create_all(stranger, [new_site("A"), new_site("B")])
    sites.delete(gone)
    for site in (theirs, gone):
        with pytest.raises(UnknownCursor):
            sites.page(organisation, limit=1, after=site.code)
