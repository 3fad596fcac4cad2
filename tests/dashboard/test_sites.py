"""The list of sites, a site's page, and the forms that change it."""

import json
from html import unescape
from uuid import uuid4

import httpx
import pytest

from leadline.access import Role
from leadline.dashboard.not_counted import ADVISED, advice
from leadline.dashboard.texts import Texts
from leadline.sites import MultiDomain, Sharing, UtmField
from leadline.spool import Reason
from tests.dashboard.person import Person, first, signed_in, text_of
from tests.support import RunningServer, eventually

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NEW = {
    "name": "Acme",
    "domains": "",
    "timezone": "Europe/Berlin",
    "currency": "USD",
    "sharing": "none",
    "share_password": "",
    "multi_domain": "one",
}


def create(owner: Person, **fields: str) -> str:
    """The slug of a new site."""
    answer = owner.send("/sites/new", **(NEW | fields))
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["location"]).removeprefix("/sites/")


def test_a_new_site_has_what_the_form_says(owner: Person, server: RunningServer) -> None:
    slug = create(
        owner,
        name="My shop",
        domains="Shop.example.com, example.org\nmünchen.example",
        currency="chf",
        sharing="private",
        share_password="open sesame",
        multi_domain="separate",
    )
    site = server.leadline.sites.get(first(server), slug)
    assert (site.name, site.timezone, site.currency) == ("My shop", "Europe/Berlin", "CHF")
    assert [domain.host for domain in site.domains] == [
        "shop.example.com",
        "example.org",
        "xn--mnchen-3ya.example",
    ]
    assert (site.sharing, site.multi_domain) == (Sharing.PRIVATE, MultiDomain.SEPARATE)
    page = owner.read(f"/sites/{slug}")
    assert "Waiting for the first hit" in page
    assert "open sesame" not in owner.get(f"/sites/{slug}/edit").text
    assert f"/sites/{slug}" in owner.get(f"/sites?q={site.code}").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "name"),
        ({"timezone": "Mars/Olympus"}, "Invalid IANA timezone identifier: Mars/Olympus."),
        ({"currency": "XYZ"}, "Not a current ISO 4217 currency code: XYZ."),
        ({"domains": "exa mple..com"}, "Invalid domain format"),
        ({"domains": "example.com EXAMPLE.com"}, "Domain already exists"),
        ({"sharing": "private"}, "A private share needs a password."),
        ({"sharing": "friends"}, "Not one of the choices: friends."),
        ({"multi_domain": "mixed"}, "Not one of the choices: mixed."),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_made(
    owner: Person, server: RunningServer, fields: dict[str, str], said: str
) -> None:
    name = f"Never {uuid4().hex}"
    answer = owner.send("/sites/new", **(NEW | {"name": name} | fields))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'aria-invalid="true"' in answer.text
    assert 'value="USD"' in answer.text or "currency" in fields
    assert name not in {site.name for site in server.leadline.sites.list(first(server))}


def test_editing_changes_what_is_sent(owner: Person, server: RunningServer) -> None:
    slug = create(owner, sharing="private", share_password="open sesame")
    before = server.leadline.sites.get(first(server), slug)
    form = NEW | {"name": "Acme & Söhne", "timezone": "UTC", "multi_domain": "combined"}
    answer = owner.send(f"/sites/{slug}/edit", **form)
    assert answer.headers["location"] == f"/sites/{slug}"
    site = server.leadline.sites.get(first(server), slug)
    assert (site.name, site.slug, site.timezone) == ("Acme & Söhne", slug, "UTC")
    assert (site.sharing, site.multi_domain) == (Sharing.PRIVATE, MultiDomain.COMBINED)
    assert "Acme & Söhne" in owner.read(f"/sites/{slug}")
    assert site.code == before.code


def test_a_wrong_edit_changes_nothing(owner: Person, server: RunningServer) -> None:
    slug = create(owner)
    answer = owner.send(f"/sites/{slug}/edit", **(NEW | {"name": "Other", "timezone": "x"}))
    assert answer.status_code == 422
    assert 'value="Other"' in answer.text
    assert server.leadline.sites.get(first(server), slug).name == "Acme"


def test_domains_come_and_go(owner: Person, server: RunningServer) -> None:
    slug = create(owner)
    edit = f"/sites/{slug}/edit"

    def hosts() -> list[str]:
        return [d.host for d in server.leadline.sites.get(first(server), slug).domains]

    answer = owner.send(f"/sites/{slug}/domains", edit, domains="Example.com")
    assert answer.headers["location"] == edit
    assert hosts() == ["example.com"]
    for wrong, said in (("example.com", "Domain already exists"), ("a b", "Invalid domain format")):
        refused = owner.send(f"/sites/{slug}/domains", edit, domains=wrong)
        assert refused.status_code == 422
        assert said in text_of(refused)
    owner.send(f"/sites/{slug}/domains/remove", edit, domain="example.com")
    assert hosts() == []
    assert owner.send(f"/sites/{slug}/domains/remove", edit, domain="x.com").status_code == 404


def test_mappings_come_are_switched_and_go(owner: Person, server: RunningServer) -> None:
    slug = create(owner)
    edit = f"/sites/{slug}/edit"
    sites = server.leadline.sites
    site = sites.get(first(server), slug)
    add = f"/sites/{slug}/mappings"
    owner.send(add, edit, custom_param="partner", maps_to="utm_medium")
    (mapping,) = sites.utm_mappings(site)
    assert (mapping.custom_param, mapping.maps_to, mapping.is_active) == (
        "partner",
        UtmField.MEDIUM,
        True,
    )
    for fields, said in (
        ({"custom_param": "partner", "maps_to": "utm_term"}, "already exists"),
        ({"custom_param": "x", "maps_to": "utm_x"}, "Not one of the choices"),
        ({"custom_param": "", "maps_to": "utm_term"}, "Not a URL parameter name"),
    ):
        refused = owner.send(add, edit, **fields)
        assert refused.status_code == 422
        assert said in text_of(refused)
    owner.send(f"{add}/{mapping.id}", edit)
    assert [m.is_active for m in sites.utm_mappings(site)] == [False]
    assert "partner is utm_medium (off)" in owner.read(f"/sites/{slug}")
    owner.send(f"{add}/{mapping.id}", edit, on="1")
    assert [m.is_active for m in sites.utm_mappings(site)] == [True]
    assert owner.send(f"{add}/999999999", edit).status_code == 404
    owner.send(f"{add}/remove", edit, custom_param="partner")
    assert sites.utm_mappings(site) == ()


def test_rules_about_what_does_not_count_come_are_switched_and_go(
    owner: Person, server: RunningServer
) -> None:
    slug = create(owner)
    edit = f"/sites/{slug}/edit"
    rules = server.leadline.block_rules
    site = server.leadline.sites.get(first(server), slug)
    add = f"/sites/{slug}/rules"
    fields = {"rule_kind": "address", "rule_value": "198.51.100.7/24", "rule_note": "<office>"}
    assert owner.send(add, edit, **fields).headers["location"] == edit
    (rule,) = rules.list(site)
    assert (rule.kind, rule.value, rule.note) == ("address", "198.51.100.0/24", "<office>")
    assert "Address 198.51.100.0/24 · <office>" in owner.read(edit)
    for wrong, said in (
        ({"rule_value": "198.51.100.0/24"}, "A rule for this already exists"),
        ({"rule_value": "nobody"}, "Not an IP address or a network"),
        ({"rule_value": ""}, "1 to 2048 printable characters"),
        ({"rule_kind": "planet"}, "The kind of a rule is one of"),
        ({"rule_value": "192.0.2.1", "rule_note": "x" * 256}, "A note has at most 255"),
    ):
        refused = owner.send(add, edit, **(fields | wrong))
        assert refused.status_code == 422
        assert said in text_of(refused)
        assert "&lt;office&gt;" in refused.text
    owner.send(f"{add}/{rule.id}", edit)
    assert [each.is_active for each in rules.list(site)] == [False]
    assert "<office> (off)" in owner.read(edit)
    owner.send(f"{add}/{rule.id}", edit, on="1")
    assert [each.is_active for each in rules.list(site)] == [True]
    assert owner.send(f"{add}/999999999", edit).status_code == 404
    assert owner.send(f"{add}/999999999/remove", edit).status_code == 404
    owner.send(f"{add}/{rule.id}/remove", edit)
    assert rules.list(site) == ()


def test_more_rules_than_a_site_can_have(owner: Person, server: RunningServer) -> None:
    slug = create(owner)
    site = server.leadline.sites.get(first(server), slug)
    for number in range(100):
        server.leadline.block_rules.add(site, "event", f"event {number}")
    fields = {"rule_kind": "event", "rule_value": "one more"}
    refused = owner.send(f"/sites/{slug}/rules", f"/sites/{slug}/edit", **fields)
    assert refused.status_code == 422
    assert "A site has at most 100 rules of a kind" in text_of(refused)


def test_wishes_are_honoured_when_the_owner_says_so(owner: Person, server: RunningServer) -> None:
    slug = create(owner)
    edit, wishes = f"/sites/{slug}/edit", f"/sites/{slug}/wishes"

    def honoured() -> tuple[bool, bool]:
        site = server.leadline.sites.get(first(server), slug)
        return site.honours_dnt, site.honours_gpc

    assert honoured() == (False, False)
    assert owner.send(wishes, edit, honours_gpc="on").headers["location"] == edit
    assert honoured() == (False, True)
    page = owner.get(edit).text
    assert 'name="honours_gpc" checked' in page
    assert 'name="honours_dnt" checked' not in page
    owner.send(wishes, edit, honours_dnt="on", honours_gpc="on")
    assert honoured() == (True, True)
    owner.send(wishes, edit)
    assert honoured() == (False, False)


def test_an_owner_says_for_how_long_hits_are_kept(owner: Person, server: RunningServer) -> None:
    slug = create(owner)
    edit, retention = f"/sites/{slug}/edit", f"/sites/{slug}/retention"

    def kept() -> int | None:
        return server.leadline.sites.get(first(server), slug).retention

    assert 'value="default"' in owner.get(edit).text
    assert owner.send(retention, edit, retention="24").headers["location"] == edit
    assert kept() == 24
    assert 'value="24"' in owner.get(edit).text
    refused = owner.send(retention, edit, retention="240")
    assert refused.status_code == 422
    assert "Not 1 to 120 months, forever or default: 240" in text_of(refused)
    assert kept() == 24
    owner.send(retention, edit, retention="forever")
    assert kept() == 0


def test_a_site_is_deactivated_and_comes_back(owner: Person, server: RunningServer) -> None:
    slug = create(owner)
    owner.send(f"/sites/{slug}/deactivate", f"/sites/{slug}/edit")
    assert not server.leadline.sites.get(first(server), slug).is_active
    assert "This site is deactivated" in owner.read(f"/sites/{slug}")
    owner.send(f"/sites/{slug}/activate", f"/sites/{slug}/edit")
    assert server.leadline.sites.get(first(server), slug).is_active


def test_a_site_is_deleted_only_by_its_slug(owner: Person) -> None:
    slug = create(owner, name="Ephemeral")
    delete = f"/sites/{slug}/delete"
    for wrong in ("", "Ephemeral", slug.upper() + "x"):
        refused = owner.send(delete, slug=wrong)
        assert refused.status_code == 422
        assert "nothing was deleted" in text_of(refused)
    assert owner.get(f"/sites/{slug}").status_code == 200
    assert owner.send(delete, slug=f" {slug} ").headers["location"] == "/sites"
    for path in (f"/sites/{slug}", f"{delete}", f"/sites/{slug}/traffic", f"/sites/{slug}/edit"):
        assert owner.get(path).status_code == 404


def test_the_snippets_name_the_address_of_the_visitor(owner: Person, server: RunningServer) -> None:
    slug = create(owner)
    site = server.leadline.sites.get(first(server), slug)
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "stats.example.com"}
    page = unescape(owner.client.get(f"/sites/{slug}", headers=headers).text)
    address = "https://stats.example.com"
    assert f'<script src="{address}/script.js" data-site="{site.code}" defer></script>' in page
    assert f'<script src="{address}/t.js?id={slug}" defer></script>' in page


def test_hits_turn_the_page_and_the_list(owner: Person, server: RunningServer) -> None:
    slug = create(owner, name=f"Busy {uuid4().hex}")
    site = server.leadline.sites.get(first(server), slug)
    assert 'hx-trigger="every 2s"' in owner.get(f"/sites/{slug}").text
    for path in ("/a", "/b"):
        answer = owner.client.get("/", params={"sid": site.code, "h": "https://x.com", "p": path})
        assert answer.status_code == 200

    def traffic() -> str:
        return owner.read(f"/sites/{slug}/traffic")

    eventually(lambda: "Receiving 2 today, 2 in 14 days" in traffic())
    fragment = owner.get(f"/sites/{slug}/traffic").text
    assert fragment.startswith("<section")
    assert fragment.count("<rect") == 14
    assert 'hx-trigger="every 30s"' in fragment
    assert "counted twice" not in fragment
    listed = text_of(owner.client.get("/sites", params={"q": site.name}))
    assert f"{site.code} Receiving 2" in listed


def test_two_snippets_on_one_page_are_pointed_out(owner: Person, server: RunningServer) -> None:
    slug = create(owner)
    site = server.leadline.sites.get(first(server), slug)
    owner.client.get("/", params={"sid": site.code, "h": "https://x.com", "p": "/a"})
    event = {"a": slug, "u": "https://x.com/a"}
    owner.client.post("/event", headers=FORM, content=f"d={json.dumps(event)}")
    said = "1 page view of the last 24 hours counted twice, by both snippets"
    eventually(lambda: said in owner.read(f"/sites/{slug}/traffic"))


def test_thousands_of_sites_are_paged_and_found(fresh: RunningServer) -> None:
    from leadline.access import Role  # noqa: PLC0415
    from leadline.sites import NewSite  # noqa: PLC0415
    from tests.dashboard.person import signed_in  # noqa: PLC0415

    owner = signed_in(fresh, Role.OWNER)
    new = [NewSite(name=f"Site {n:04}", timezone="UTC", currency="EUR") for n in range(120)]
    made = fresh.leadline.sites.create_all(first(fresh), new)
    seen: list[str] = []
    address = "/sites"
    while address:
        page = owner.get(address).text
        seen += [site.slug for site in made if f'"/sites/{site.slug}"' in page]
        _, found, rest = page.partition('rel="next" href="')
        address = unescape(rest.partition('"')[0]) if found else ""
    assert seen == [site.slug for site in made]
    back = owner.get(f"/sites?before={made[100].slug}").text
    assert f'"/sites/{made[99].slug}"' in back
    assert 'rel="prev"' in back
    assert "Site 0077" in owner.read("/sites?q=SITE+0077")
    assert "No site has “100%” in its name" in owner.read("/sites?q=100%25")
    assert owner.get("/sites?after=no.such.site").headers["location"] == "/sites"


def test_what_was_not_counted_is_explained(owner: Person, server: RunningServer) -> None:
    slug = create(owner, name="Refuses", domains="shop.example")
    for path in ("/", "/x"):
        query = {"sid": slug, "h": "https://forgotten.example", "p": path}
        httpx.get(server.url, params=query, verify=False)
    page = eventually(
        lambda: (
            text if "2 hits of the last 24 hours" in (text := owner.read(f"/sites/{slug}")) else ""
        )
    )
    assert "Waiting for the first hit" in page
    for span in ("hour", "day", "week"):
        told = owner.read(f"/sites/{slug}/not-counted?span={span}")
        assert "0 counted, 2 not." in told
        assert "forgotten.example 2" in told
        assert advice(Texts("en"))["invalid_domain"] in told
    assert owner.get(f"/sites/{slug}/not-counted?span=year").status_code == 400
    listed = owner.send(
        f"/sites/{slug}/domains", f"/sites/{slug}/not-counted", domains="forgotten.example"
    )
    assert listed.status_code == 303
    assert "forgotten.example" in owner.read(f"/sites/{slug}")
    assert "were not counted" in owner.read(f"/sites/{slug}/traffic")


def test_there_is_advice_for_every_reason_that_a_site_may_have() -> None:
    of_no_site = {Reason.INVALID_JSON, Reason.INVALID_TOKEN, Reason.BOT_DETECTED}
    assert set(ADVISED) == set(Reason) - of_no_site


def test_a_demo_is_one_click_away_where_there_is_nothing_yet(fresh: RunningServer) -> None:
    owner = signed_in(fresh, Role.OWNER)
    assert owner.send("/sites/demo", "/sites").status_code == 303
    slugs = [site.slug for site in fresh.leadline.sites.list(first(fresh))]
    assert "demo-harbour-books" in slugs
    page = eventually(
        lambda: (
            text if "Visit duration" in (text := owner.read("/sites/demo-harbour-books")) else ""
        )
    )
    assert "Revenue" in page or eventually(
        lambda: "Revenue" in owner.read("/sites/demo-harbour-books")
    )
    again = owner.send("/sites/demo", "/sites/new")
    assert (again.status_code, "leadline demo" in again.text) == (409, True)
    assert len(fresh.leadline.sites.list(first(fresh))) == 2
