"""Creating, changing, deactivating and deleting a site."""

from collections.abc import Callable, Mapping

from starlette.responses import Response

from leadline.dashboard import site_forms
from leadline.dashboard.sites import address_of, named
from leadline.dashboard.visit import Visit
from leadline.sites import (
    BlockKind,
    BlockRuleChange,
    Site,
    SiteChange,
    UtmMappingChange,
    currencies,
    parse_retention,
    timezones,
)


def new_site_form(visit: Visit) -> Response:
    organisation = visit.organisation
    blank = site_forms.blank(organisation.timezone, organisation.currency)
    return _new_site_form(visit, 200, blank, {})


def create_site(visit: Visit) -> Response:
    organisation = visit.organisation
    try:
        new = site_forms.new_site(visit.form)
        site = visit.rooms.sites.create(organisation.id, new)
    except site_forms.WRONG as error:
        blank = site_forms.blank(organisation.timezone, organisation.currency)
        values = blank | dict(visit.form)
        return _new_site_form(visit, 422, values, site_forms.errors_of(visit.texts, error))
    return visit.redirect(address_of(site))


def _new_site_form(
    visit: Visit, status: int, values: Mapping[str, str], errors: Mapping[str, str]
) -> Response:
    return visit.page(
        "new_site.html",
        status,
        values=values,
        errors=errors,
        timezones=timezones(),
        currencies=currencies(),
    )


def edit_form(visit: Visit) -> Response:
    site = named(visit)
    return _edit_form(visit, site, 200, site_forms.values_of(site), {})


def change_site(visit: Visit) -> Response:
    site = named(visit)
    try:
        visit.rooms.sites.update(site, site_forms.site_change(visit.form))
    except site_forms.WRONG as error:
        values = site_forms.values_of(site) | dict(visit.form)
        return _edit_form(visit, site, 422, values, site_forms.errors_of(visit.texts, error))
    return visit.redirect(address_of(site))


def _edit_form(
    visit: Visit, site: Site, status: int, values: Mapping[str, str], errors: Mapping[str, str]
) -> Response:
    return visit.page(
        "edit_site.html",
        status,
        site=site,
        mappings=visit.rooms.sites.utm_mappings(site),
        block_rules=visit.rooms.block_rules.list(site),
        block_kinds=[(kind, visit.texts(f"block-{kind}")) for kind in BlockKind],
        values=values,
        errors=errors,
        timezones=timezones(),
        currencies=currencies(),
    )


# Domains and UTM mappings: each change is a form of its own


def add_domain(visit: Visit) -> Response:
    domain = visit.form.get("domains", "")
    return _part_changed(visit, lambda site: visit.rooms.sites.add_domain(site, domain))


def remove_domain(visit: Visit) -> Response:
    domain = visit.form.get("domain", "")
    return _part_changed(visit, lambda site: visit.rooms.sites.remove_domain(site, domain))


def add_mapping(visit: Visit) -> Response:
    def add(site: Site) -> None:
        parameter = visit.form.get("custom_param", "").strip()
        visit.rooms.sites.add_utm_mapping(site, parameter, site_forms.utm_field(visit.form))

    return _part_changed(visit, add)


def switch_mapping(visit: Visit) -> Response:
    change = UtmMappingChange(is_active=visit.checked("on"))
    number = int(visit.path["mapping"])
    return _part_changed(
        visit, lambda site: visit.rooms.sites.change_utm_mapping(site, number, change)
    )


def remove_mapping(visit: Visit) -> Response:
    parameter = visit.form.get("custom_param", "")
    return _part_changed(visit, lambda site: visit.rooms.sites.remove_utm_mapping(site, parameter))


def _part_changed(visit: Visit, change: Callable[[Site], object]) -> Response:
    site = named(visit)
    try:
        change(site)
    except site_forms.WRONG as error:
        values = site_forms.values_of(site) | dict(visit.form)
        return _edit_form(visit, site, 422, values, site_forms.errors_of(visit.texts, error))
    return visit.redirect(address_of(site, "edit"))


# What does not count


def change_wishes(visit: Visit) -> Response:
    change = SiteChange(
        honours_dnt=visit.checked("honours_dnt"), honours_gpc=visit.checked("honours_gpc")
    )
    return _part_changed(visit, lambda site: visit.rooms.sites.update(site, change))


def add_block_rule(visit: Visit) -> Response:
    kind, value, note = (visit.form.get(f"rule_{part}", "") for part in ("kind", "value", "note"))
    return _part_changed(
        visit, lambda site: visit.rooms.block_rules.add(site, kind, value, note.strip())
    )


def switch_block_rule(visit: Visit) -> Response:
    change = BlockRuleChange(is_active=visit.checked("on"))
    number = int(visit.path["rule"])
    return _part_changed(visit, lambda site: visit.rooms.block_rules.change(site, number, change))


def remove_block_rule(visit: Visit) -> Response:
    number = int(visit.path["rule"])
    return _part_changed(visit, lambda site: visit.rooms.block_rules.remove(site, number))


def change_retention(visit: Visit) -> Response:
    def change(site: Site) -> None:
        retention = parse_retention(visit.form.get("retention", ""))
        visit.rooms.sites.update(site, SiteChange(retention=retention))

    return _part_changed(visit, change)


# The end of a site


def deactivate(visit: Visit) -> Response:
    return _switched(visit, is_active=False)


def activate(visit: Visit) -> Response:
    return _switched(visit, is_active=True)


def _switched(visit: Visit, *, is_active: bool) -> Response:
    site = named(visit)
    visit.rooms.sites.update(site, SiteChange(is_active=is_active))
    return visit.redirect(address_of(site))


def delete_form(visit: Visit) -> Response:
    return visit.page("delete_site.html", site=named(visit), error=None)


def delete_site(visit: Visit) -> Response:
    """Final, and so only for whoever types the slug."""
    site = named(visit)
    if visit.form.get("slug", "").strip() != site.slug:
        error = visit.texts("not-its-slug")
        return visit.page("delete_site.html", 422, site=site, error=error)
    visit.rooms.sites.delete(site)
    return visit.redirect("/sites")
