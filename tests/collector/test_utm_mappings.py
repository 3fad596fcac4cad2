"""UTM mappings act on the next hit of either wire (decision 11)."""

import json
from collections.abc import Callable

import pytest

from leadline.sites import Site, UtmField, UtmMappingChange
from tests.collector.hits import Stored, fathom, new_site, seal, stored
from tests.support import RunningServer

Send = Callable[[RunningServer, str, str], object]


def by_t(server: RunningServer, site: str, query: str) -> object:
    return seal(server, site, u=f"https://shop.example/?{query}")


def by_sender(server: RunningServer, site: str, query: str) -> object:
    return fathom(server, site, p=f"/?{query}")


def by_script(server: RunningServer, site: str, query: str) -> object:
    pairs = dict(pair.split("=", 1) for pair in query.split("&") if pair)
    return fathom(server, site, qs=json.dumps(pairs))


WIRES = pytest.mark.parametrize("send", [by_t, by_sender, by_script])


def sources(hits: list[Stored]) -> list[str]:
    return [hit.utm_source for hit in hits]


def mapped(server: RunningServer, *pairs: tuple[str, str]) -> Site:
    site = new_site(server)
    for parameter, field in pairs:
        server.leadline.sites.add_utm_mapping(site, parameter, UtmField(field))
    return site


@WIRES
@pytest.mark.parametrize("field", list(UtmField))
def test_a_mapped_parameter_counts_as_the_field(
    server: RunningServer, send: Send, field: UtmField
) -> None:
    site = mapped(server, ("q", field.value))
    send(server, site.slug, "q=google")
    (hit,) = stored(server, site.id)
    expected = {each.value: "google" if each is field else "" for each in UtmField}
    assert not hit.differs(expected)


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("src=google&utm_source=letter", "letter"),
        ("src=google&utm_source=", "google"),
        ("src=", ""),
        ("other=google", ""),
        ("SRC=google", ""),
        ("Src=google", ""),
        ("src=caf%C3%A9+au+lait", "café au lait"),
        ("src=google&campaign=google", "google"),
        ("later=late", "late"),
        ("later=late&src=early", "early"),
        ("later=late&src=", "late"),
    ],
)
@pytest.mark.parametrize("send", [by_t, by_sender])
def test_the_rules_of_a_mapping(server: RunningServer, send: Send, query: str, source: str) -> None:
    site = mapped(server, ("src", "utm_source"), ("later", "utm_source"))
    send(server, site.slug, query)
    assert sources(stored(server, site.id)) == [source]


def test_a_mapping_copies_and_does_not_move(server: RunningServer) -> None:
    site = mapped(server, ("ref", "utm_source"), ("utm_medium", "utm_campaign"))
    seal(server, site.slug, u="https://shop.example/?ref=friend&utm_medium=mail")
    (hit,) = stored(server, site.id)
    assert not hit.differs(
        {"ref": "friend", "utm_source": "friend", "utm_medium": "mail", "utm_campaign": "mail"}
    )


def test_a_copy_is_not_copied_on(server: RunningServer) -> None:
    site = mapped(server, ("src", "utm_source"), ("utm_source", "utm_medium"))
    by_t(server, site.slug, "src=friend")
    by_t(server, site.slug, "src=friend&utm_source=letter")
    first, second = stored(server, site.id)
    assert not first.differs({"utm_source": "friend", "utm_medium": ""})
    assert not second.differs({"utm_source": "letter", "utm_medium": "letter"})


def test_what_cannot_be_seen_is_no_value(server: RunningServer) -> None:
    site = mapped(server, ("src", "utm_source"), ("later", "utm_source"))
    by_t(server, site.slug, "utm_source=%00&src=%1F&later=late")
    assert sources(stored(server, site.id)) == ["late"]


def test_an_empty_parameter_of_the_script_hides_none_of_the_address(server: RunningServer) -> None:
    site = mapped(server, ("src", "utm_source"))
    qs = json.dumps({"utm_source": "", "src": "", "utm_medium": ""})
    fathom(server, site.slug, p="/?utm_source=letter", qs=qs)
    fathom(server, site.slug, p="/?src=friend", qs=qs)
    assert sources(stored(server, site.id)) == ["letter", "friend"]


def test_the_earliest_of_all_wins_a_tie(server: RunningServer) -> None:
    site = mapped(server, *((f"p{number}", "utm_term") for number in range(12)))
    by_t(server, site.slug, "&".join(f"p{number}={number}" for number in reversed(range(3, 12))))
    (hit,) = stored(server, site.id)
    assert hit.utm_term == "3"


def test_a_mapping_that_moves_to_another_field_keeps_its_age(server: RunningServer) -> None:
    site = mapped(server, ("first", "utm_medium"), ("second", "utm_source"))
    first, _ = server.leadline.sites.utm_mappings(site)
    server.leadline.sites.change_utm_mapping(
        site, first.id, UtmMappingChange(maps_to=UtmField.SOURCE)
    )
    by_t(server, site.slug, "second=2&first=1")
    assert sources(stored(server, site.id)) == ["1"]


def test_a_field_mapped_to_itself_changes_nothing(server: RunningServer) -> None:
    site = mapped(server, ("utm_source", "utm_source"))
    for query in ("utm_source=letter", "utm_source=", ""):
        by_t(server, site.slug, query)
    assert sources(stored(server, site.id)) == ["letter", "", ""]


def test_every_change_of_a_mapping_acts_on_the_next_hit(server: RunningServer) -> None:
    sites = server.leadline.sites
    site = new_site(server)

    def send(source: str) -> None:
        by_t(server, site.slug, f"src={source}")

    send("before")
    mapping = sites.add_utm_mapping(site, "src", UtmField.SOURCE)
    send("added")
    sites.change_utm_mapping(site, mapping.id, UtmMappingChange(is_active=False))
    send("inactive")
    sites.change_utm_mapping(site, mapping.id, UtmMappingChange(is_active=True))
    send("active")
    sites.change_utm_mapping(site, mapping.id, UtmMappingChange(maps_to=UtmField.MEDIUM))
    send("medium")
    sites.remove_utm_mapping(site, "src")
    send("removed")
    hits = stored(server, site.id)
    assert sources(hits) == ["", "added", "", "active", "", ""]
    assert [hit.utm_medium for hit in hits] == ["", "", "", "", "medium", ""]


def test_an_inactive_mapping_leaves_its_place_to_the_next(server: RunningServer) -> None:
    site = mapped(server, ("first", "utm_source"), ("second", "utm_source"))
    first, _ = server.leadline.sites.utm_mappings(site)
    query = "first=1&second=2"
    by_t(server, site.slug, query)
    server.leadline.sites.change_utm_mapping(site, first.id, UtmMappingChange(is_active=False))
    by_t(server, site.slug, query)
    server.leadline.sites.change_utm_mapping(site, first.id, UtmMappingChange(is_active=True))
    by_t(server, site.slug, query)
    assert sources(stored(server, site.id)) == ["1", "2", "1"]


def test_a_mapping_is_its_own_sites(server: RunningServer) -> None:
    mapped(server, ("src", "utm_source"))
    other = new_site(server)
    by_t(server, other.slug, "src=google")
    assert sources(stored(server, other.id)) == [""]
