"""Whose pages may show a site's share page in a frame."""

import pytest

from leadline.database import Database
from leadline.sites import (
    InvalidEmbedding,
    OrganisationId,
    SiteChange,
    Sites,
    TooManyEmbedding,
    parse_embedding,
)
from tests.sites.making import new_site


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("", ()),
        ("  ", ()),
        ("*", ("*",)),
        ("blog.example.com, *", ("*",)),
        ("Blog.Example.com.", ("blog.example.com",)),
        ("*.example.com localhost:8080", ("*.example.com", "localhost:8080")),
        ("münchen.example,a.example\na.example", ("xn--mnchen-3ya.example", "a.example")),
    ],
)
def test_what_can_be_written(text: str, hosts: tuple[str, ...]) -> None:
    assert parse_embedding(text) == hosts
    assert parse_embedding(" ".join(hosts)) == hosts


@pytest.mark.parametrize(
    "text",
    [
        "https://blog.example.com",
        "blog.example.com/path",
        "'self'",
        "example.com;script-src",
        "* script-src:",
        "*.*.example.com",
        "a.*",
        "[::1]",
        ":80",
        "example.com:123456",
        "\x00",
        "a" * 300,
        " ".join(f"host{number}.example" for number in range(51)),
    ],
)
def test_what_is_no_list_of_hosts(text: str) -> None:
    with pytest.raises((InvalidEmbedding, TooManyEmbedding)):
        parse_embedding(text)


def test_it_is_kept_with_the_site(
    database: Database, sites: Sites, organisation: OrganisationId
) -> None:
    site = sites.create(organisation, new_site())
    assert site.embed_on == ()
    assert sites.update(site, SiteChange(embed_on=("A.example", "*.b.example"))).embed_on == (
        "a.example",
        "*.b.example",
    )
    with pytest.raises(InvalidEmbedding):
        sites.update(site, SiteChange(embed_on=("a.example; script-src *",)))
    assert sites.get(organisation, site.code).embed_on == ("a.example", "*.b.example")
    assert sites.update(site, SiteChange(embed_on=())).embed_on == ()
