"""The two names of a site: who gets which, and that each means one site for ever."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.database import Database, Location
from leadline.sites import (
    NAME_LENGTH,
    InvalidName,
    NameTaken,
    OrganisationId,
    SiteChange,
    SiteNotFound,
    Sites,
)
from leadline.sites.names import CODE_LENGTH, RESERVED, SLUG_LENGTH, check_slug, numbered, slug_of
from tests.sites.making import new_site


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("My New Site", "my-new-site"),
        ("ACME Corporation", "acme-corporation"),
        ("Daffy's Website", "daffy-s-website"),
        ("Crème brûlée", "creme-brulee"),
        ("X", "x-site"),
        ("42", "42-site"),
        ("a" * 64, "a" * 64),
        ("a" * 255, "a" * 64),
        ("a" * 63 + " b", "a" * 63),
        ("new", "new-2"),
        ("Config!", "config-2"),
    ],
)
def test_a_slug_is_made_from_the_name(
    sites: Sites, organisation: OrganisationId, name: str, slug: str
) -> None:
    assert sites.create(organisation, new_site(name)).slug == slug


def test_a_name_without_usable_letters_gets_a_random_slug(
    sites: Sites, organisation: OrganisationId
) -> None:
    slugs = {sites.create(organisation, new_site("!?")).slug for _ in range(2)}
    assert len(slugs) == 2
    assert all(re.fullmatch(r"site-[a-z0-9]{8}", slug) for slug in slugs)


@settings(deadline=None)
@given(st.text(min_size=1, max_size=NAME_LENGTH), st.integers(2, 10**6))
def test_whatever_the_name_its_slug_is_one(name: str, number: int) -> None:
    slug = slug_of(name)
    for candidate in (slug, numbered(slug, number)):
        assert 3 <= len(candidate) <= SLUG_LENGTH
        if candidate not in RESERVED:
            assert check_slug(candidate) == candidate
    assert numbered(slug, number) != numbered(slug, number + 1)


def test_further_sites_of_a_name_are_numbered(sites: Sites, organisation: OrganisationId) -> None:
    made = [sites.create(organisation, new_site("Acme")).slug for _ in range(3)]
    assert made == ["acme", "acme-2", "acme-3"]
    long = [sites.create(organisation, new_site("a" * 64)).slug for _ in range(2)]
    assert long == ["a" * 64, "a" * 62 + "-2"]


def test_names_are_unique_across_organisations(
    sites: Sites, organisation: OrganisationId, stranger: OrganisationId
) -> None:
    first = sites.create(organisation, new_site("Acme"))
    assert sites.create(stranger, new_site("Acme")).slug == "acme-2"
    with pytest.raises(SiteNotFound):
        sites.get(stranger, first.code)
    with pytest.raises(NameTaken):
        sites.create(stranger, new_site("Other", code=first.code))


def test_a_new_code_is_eight_capitals(sites: Sites, organisation: OrganisationId) -> None:
    codes = {sites.create(organisation, new_site()).code for _ in range(20)}
    assert len(codes) == 20
    assert all(re.fullmatch(f"[A-Z]{{{CODE_LENGTH}}}", code) for code in codes)


@pytest.mark.parametrize("code", ["ABCDE", "CDBUGS", "ABCDEFG", "ABCDEFGH"])
def test_an_operator_may_choose_the_code(
    sites: Sites, organisation: OrganisationId, code: str
) -> None:
    assert sites.create(organisation, new_site(code=code)).code == code


@pytest.mark.parametrize(
    "code", ["", "ABCD", "ABCDEFGHI", "cdbugs", "CDBUG5", "CD BUG", "ÄBCDE", "ADMIN", "STATIC"]
)
def test_a_code_has_its_form(sites: Sites, organisation: OrganisationId, code: str) -> None:
    with pytest.raises(InvalidName):
        sites.create(organisation, new_site(code=code))


@pytest.mark.parametrize("slug", ["abc", "acme-corp", "a_b", "0-0", "a" * 64, "acme_"])
def test_an_operator_may_choose_the_slug(
    sites: Sites, organisation: OrganisationId, slug: str
) -> None:
    assert sites.create(organisation, new_site(slug=slug)).slug == slug


@pytest.mark.parametrize("slug", ["", "ab", "a" * 65, "Acme", "-acme", "acme-", "a.b", "acme\n"])
def test_a_slug_has_its_form(sites: Sites, organisation: OrganisationId, slug: str) -> None:
    with pytest.raises(InvalidName):
        sites.create(organisation, new_site(slug=slug))


def test_no_site_is_named_by_a_reserved_word(sites: Sites, organisation: OrganisationId) -> None:
    for word in RESERVED:
        with pytest.raises(InvalidName):
            sites.create(organisation, new_site(slug=word))
        with pytest.raises(InvalidName):
            sites.create(organisation, new_site(code=word.upper()))
    assert sites.list(organisation) == ()


def test_a_new_code_is_neither_reserved_nor_taken(
    sites: Sites, organisation: OrganisationId, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites.create(organisation, new_site(code="CDBUGSXY"))
    offered = iter(["SETTINGS", "CDBUGSXY", "GCDFSABC"])
    monkeypatch.setattr("leadline.sites.names.new_code", lambda: next(offered))
    assert sites.create(organisation, new_site()).code == "GCDFSABC"


def test_a_code_never_equals_a_slug(sites: Sites, organisation: OrganisationId) -> None:
    sites.create(organisation, new_site(code="CDBUGS", slug="gcdfs"))
    with pytest.raises(NameTaken):
        sites.create(organisation, new_site(slug="cdbugs"))
    with pytest.raises(NameTaken):
        sites.create(organisation, new_site(code="GCDFS"))
    with pytest.raises(NameTaken):
        sites.create(organisation, new_site(code="ACMES", slug="acmes"))
    assert sites.create(organisation, new_site("Cdbugs")).slug == "cdbugs-2"
    assert sites.create(organisation, new_site("Acmes", code="ACMES")).slug == "acmes-2"


@pytest.mark.parametrize("name", ["CDBUGS", "cdbugs", "CdBugs", "acme-corp", "ACME-Corp"])
def test_either_name_finds_the_site_in_any_case(
    sites: Sites, organisation: OrganisationId, name: str
) -> None:
    site = sites.create(organisation, new_site(code="CDBUGS", slug="acme-corp"))
    assert sites.get(organisation, name) == site


NO_NAMES = ("", "CDBUG", "acme corp", "ac\u212ame", "\udcff", "a\0b", "%", "ackm_", "x" * 9000)


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_names_no_site_is_not_found(
    sites: Sites, organisation: OrganisationId, name: str
) -> None:
    sites.create(organisation, new_site(slug="ackme", code="CDBUGS"))
    with pytest.raises(SiteNotFound):
        sites.get(organisation, name)


def test_a_rename_changes_neither_name(sites: Sites, organisation: OrganisationId) -> None:
    site = sites.create(organisation, new_site("Acme"))
    renamed = sites.update(site, SiteChange(name="Zenith"))
    assert (renamed.name, renamed.slug, renamed.code) == ("Zenith", site.slug, site.code)


def test_names_are_never_given_out_again(sites: Sites, organisation: OrganisationId) -> None:
    site = sites.create(organisation, new_site("Acme", code="CDBUGS"))
    sites.delete(site)
    assert sites.create(organisation, new_site("Acme")).slug == "acme-2"
    for fields in ({"code": "CDBUGS"}, {"slug": "acme"}, {"slug": "cdbugs"}):
        with pytest.raises(NameTaken):
            sites.create(organisation, new_site("Other", **fields))
    with pytest.raises(SiteNotFound):
        sites.get(organisation, "CDBUGS")


@pytest.mark.parametrize("name", ["a", " a ", "a" * 255, "👩‍🚀" * 85, "<b>'\"</b>", "日本語"])
def test_any_text_of_1_to_255_characters_is_a_name(
    sites: Sites, organisation: OrganisationId, name: str
) -> None:
    assert sites.create(organisation, new_site(name)).name == name


@pytest.mark.parametrize("name", ["", " ", "\u3000", "a" * 256, "a\nb", "a\0", "\u2028", "\ud800"])
def test_other_texts_are_not(sites: Sites, organisation: OrganisationId, name: str) -> None:
    with pytest.raises(InvalidName):
        sites.create(organisation, new_site(name))
    site = sites.create(organisation, new_site())
    with pytest.raises(InvalidName):
        sites.update(site, SiteChange(name=name))


def test_sites_of_one_name_made_at_once_get_a_slug_each(
    location: Location, database: Database, organisation: OrganisationId
) -> None:
    other = Database(location)
    services = [Sites(database), Sites(other)]
    with ThreadPoolExecutor(8) as pool:
        made = pool.map(lambda n: services[n % 2].create(organisation, new_site()), range(16))
        slugs = {site.slug for site in made}
    other.close()
    assert slugs == {"acme", *(f"acme-{number}" for number in range(2, 17))}


def test_one_code_wanted_by_many_goes_to_one(sites: Sites, organisation: OrganisationId) -> None:
    def create(_: int) -> bool:
        try:
            sites.create(organisation, new_site(code="CDBUGS"))
        except NameTaken:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(create, range(8))) == [False] * 7 + [True]
