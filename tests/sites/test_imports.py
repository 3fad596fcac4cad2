"""Saved answers of either vendor's site list."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.sites import (
    NotASiteList,
    OrganisationId,
    Sharing,
    Sites,
    parse_site_list,
)

FATHOM: dict[str, Any] = {
    "object": "list",
    "url": "/v1/sites",
    "has_more": False,
    "data": [
        {
            "id": "CDBUGS",
            "object": "site",
            "name": "Acme Holdings Inc",
            "sharing": "none",
            "created_at": "2020-07-27 12:01:01",
            "timezone": "America/New_York",
        }
    ],
}
SEAL: dict[str, Any] = {
    "success": True,
    "data": {
        "sites": [
            {
                "id": "acme-corp",
                "name": "ACME Corporation",
                "domains": ["acme.com", "www.acme.com"],
                "timezone": "Europe/Madrid",
                "currency": "USD",
                "is_active": False,
                "created_at": "2024-01-15T10:00:00Z",
            }
        ],
        "total": 1,
    },
}


def saved(answer: dict[str, Any], **fields: Any) -> bytes:
    return json.dumps(answer | fields).encode()


def of_fathom(**fields: Any) -> bytes:
    return saved(FATHOM, data=[FATHOM["data"][0] | fields])


def test_fathoms_sites_keep_their_codes() -> None:
    found = parse_site_list({"file": saved(FATHOM)}, "GBP")
    (site,) = found.sites
    assert (site.code, site.slug, site.name) == ("CDBUGS", None, "Acme Holdings Inc")
    assert (site.timezone, site.currency, site.sharing) == ("America/New_York", "GBP", Sharing.NONE)
    assert site.created_at == datetime(2020, 7, 27, 12, 1, 1, tzinfo=UTC)
    assert found.warnings == ()


def test_sealmetrics_sites_keep_their_slugs() -> None:
    found = parse_site_list({"file": saved(SEAL)}, "GBP")
    (site,) = found.sites
    assert (site.code, site.slug, site.name) == (None, "acme-corp", "ACME Corporation")
    assert site.domains == ("acme.com", "www.acme.com")
    assert (site.timezone, site.currency, site.is_active) == ("Europe/Madrid", "USD", False)
    assert site.created_at == datetime(2024, 1, 15, 10, tzinfo=UTC)
    assert found.warnings == ()


def test_what_the_file_cannot_tell_is_said() -> None:
    private = saved(FATHOM, has_more=True, data=[FATHOM["data"][0] | {"sharing": "private"}])
    found = parse_site_list({"file": private}, "EUR")
    assert found.sites[0].sharing is Sharing.NONE
    assert ["goes on" in found.warnings[0], "CDBUGS" in found.warnings[1]] == [True, True]


def test_pages_of_one_list_are_its_sites_together() -> None:
    last = of_fathom(id="SECOND")
    more = saved(FATHOM, has_more=True)
    both = parse_site_list({"1.json": more, "2.json": last}, "EUR")
    assert [site.code for site in both.sites] == ["CDBUGS", "SECOND"]
    assert both.warnings == ()
    (warning,) = parse_site_list({"1.json": more, "1 again.json": more}, "EUR").warnings
    assert warning == "the list goes on after the last page: save the rest too"


def test_lists_of_both_vendors_go_together() -> None:
    found = parse_site_list({"fathom": saved(FATHOM), "seal": saved(SEAL)}, "EUR")
    assert [(site.code, site.slug) for site in found.sites] == [
        ("CDBUGS", None),
        (None, "acme-corp"),
    ]


def test_the_page_that_is_none_is_named() -> None:
    with pytest.raises(NotASiteList, match=r": second\.json$"):
        parse_site_list({"first.json": saved(FATHOM), "second.json": b"{}"}, "EUR")


def test_a_public_site_stays_public() -> None:
    assert (
        parse_site_list({"file": of_fathom(sharing="public")}, "EUR").sites[0].sharing
        is Sharing.PUBLIC
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"object": "list"}',
        b'{"data": {"sites": [{"id": "acme"}]}}',
        b'{"data": ' * 50_000,
        of_fathom(sharing="sometimes"),
        of_fathom(created_at="yesterday"),
        of_fathom(created_at="0001-01-01T00:00:00+14:00"),
        of_fathom(name=None),
    ],
    ids=range(13),
)
def test_what_is_no_site_list_is_refused(content: bytes) -> None:
    with pytest.raises(NotASiteList):
        parse_site_list({"file": content}, "EUR")


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(json.dumps).map(str.encode))
def test_any_file_is_a_site_list_or_refused(content: bytes) -> None:
    with pytest.raises(NotASiteList):
        parse_site_list({"file": content}, "EUR")


def test_an_imported_list_is_what_the_service_takes(
    sites: Sites, organisation: OrganisationId
) -> None:
    fathom, seal = (parse_site_list({"file": saved(each)}, "EUR").sites for each in (FATHOM, SEAL))
    (first,) = sites.create_all(organisation, fathom)
    (second,) = sites.create_all(organisation, seal)
    assert (first.code, first.slug) == ("CDBUGS", "acme-holdings-inc")
    assert second.slug == "acme-corp"
    assert not second.is_active
    assert sites.list(organisation) == (first,)
