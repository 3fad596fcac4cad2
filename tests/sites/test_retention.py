"""For how many months a site keeps its hits."""

import pytest

from leadline.access import Organisations
from leadline.database import Database
from leadline.sites import (
    InvalidRetention,
    Kept,
    NewSite,
    SiteChange,
    Sites,
    months_of,
    parse_retention,
    written_retention,
)


@pytest.mark.parametrize(
    ("text", "retention"),
    [("1", 1), (" 12 ", 12), ("120", 120), ("forever", 0), ("FOREVER", 0), ("default", None)],
)
def test_what_can_be_written(text: str, retention: int | None) -> None:
    assert parse_retention(text) == retention
    assert parse_retention(written_retention(retention)) == retention


@pytest.mark.parametrize(
    "text", ["0", "121", "-1", "1.5", "a year", "\uff19", "9" * 5000, "0120000"]
)
def test_what_is_no_number_of_months(text: str) -> None:
    with pytest.raises(InvalidRetention, match="Not 1 to 120 months"):
        parse_retention(text)


@pytest.mark.parametrize(
    ("retention", "default", "months"),
    [(None, None, None), (None, 3, 3), (0, 3, None), (5, 3, 5), (5, None, 5)],
)
def test_a_site_goes_before_the_server(
    retention: int | None, default: int | None, months: int | None
) -> None:
    assert months_of(retention, default) == months


def test_it_is_kept_with_the_site(database: Database) -> None:
    sites = Sites(database)
    organisation = Organisations(database).first().id
    new = NewSite(name="Acme", timezone="Europe/Madrid", currency="EUR")
    site = sites.create(organisation, new)
    assert site.retention is None
    assert sites.kept(None) == ()
    assert sites.kept(6) == (Kept(site.id, "Europe/Madrid", 6),)
    assert sites.update(site, SiteChange(retention=24, is_active=False)).retention == 24
    assert sites.kept(6) == (Kept(site.id, "Europe/Madrid", 24),)
    for wrong in (121, -1):
        with pytest.raises(InvalidRetention):
            sites.update(site, SiteChange(retention=wrong))
    assert sites.update(site, SiteChange(retention=0)).retention == 0
    assert sites.kept(6) == ()
    assert sites.update(site, SiteChange(retention=None)).retention is None
