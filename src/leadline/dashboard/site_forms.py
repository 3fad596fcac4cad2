"""What the forms about a site hold, and what is wrong with it."""

from collections.abc import Mapping

from leadline.access import AccessError
from leadline.dashboard.errors import InvalidDays, NotAChoice, choice_in, said
from leadline.dashboard.texts import Texts
from leadline.sites import (
    BlockRuleTaken,
    DomainTaken,
    InvalidBlockRule,
    InvalidCurrency,
    InvalidDomain,
    InvalidEmbedding,
    InvalidName,
    InvalidParameter,
    InvalidPassword,
    InvalidRetention,
    InvalidShareLink,
    InvalidTimezone,
    InvalidValue,
    MultiDomain,
    NewSite,
    PasswordRequired,
    Sharing,
    Site,
    SiteChange,
    SitesError,
    Taken,
    TooManyBlockRules,
    TooManyEmbedding,
    TooManyShareLinks,
    UtmField,
    UtmMappingTaken,
    written_retention,
)

ONE_DOMAIN = "one"

WRONG = (InvalidValue, Taken, TooManyBlockRules, TooManyShareLinks)
"""What is wrong with a form, as opposed to what it speaks of not being there."""

_FIELDS: Mapping[type[AccessError | SitesError], str] = {
    InvalidDays: "days",
    InvalidName: "name",
    InvalidTimezone: "timezone",
    InvalidCurrency: "currency",
    InvalidDomain: "domains",
    DomainTaken: "domains",
    PasswordRequired: "share_password",
    InvalidPassword: "share_password",
    InvalidRetention: "retention",
    InvalidEmbedding: "embed_on",
    TooManyEmbedding: "embed_on",
    InvalidParameter: "custom_param",
    UtmMappingTaken: "custom_param",
    BlockRuleTaken: "rule_value",
    TooManyBlockRules: "rule_value",
}


def errors_of(texts: Texts, error: AccessError | SitesError) -> dict[str, str]:
    """What to say beside which field; the empty name is the form as a whole."""
    match error:
        case NotAChoice():
            field = error.field
        case InvalidBlockRule():
            field = f"rule_{error.field}"
        case InvalidShareLink():
            field = f"link_{error.field}"
        case _:
            field = _FIELDS.get(type(error), "")
    return {field: said(texts, error)}


def blank(timezone: str, currency: str) -> dict[str, str]:
    """The values of an empty form."""
    return {
        "name": "",
        "domains": "",
        "timezone": timezone,
        "currency": currency,
        "sharing": Sharing.NONE,
        "multi_domain": ONE_DOMAIN,
    }


def values_of(site: Site) -> dict[str, str]:
    return {
        "name": site.name,
        "timezone": site.timezone,
        "currency": site.currency,
        "multi_domain": site.multi_domain or ONE_DOMAIN,
        "retention": written_retention(site.retention),
    }


def new_site(form: Mapping[str, str]) -> NewSite:
    """Raises `NotAChoice`; what the values have to be is for `Sites` to say."""
    return NewSite(
        name=form.get("name", ""),
        domains=tuple(form.get("domains", "").replace(",", " ").split()),
        timezone=form.get("timezone", "").strip(),
        currency=form.get("currency", "").strip().upper(),
        sharing=choice_in(Sharing, form, "sharing"),
        share_password=form.get("share_password") or None,
        multi_domain=_multi_domain(form),
    )


def site_change(form: Mapping[str, str]) -> SiteChange:
    """Raises `NotAChoice`."""
    option = _multi_domain(form)
    change = {
        "name": form.get("name", ""),
        "timezone": form.get("timezone", "").strip(),
        "currency": form.get("currency", "").strip().upper(),
        "multi_domain": option is not None,
    }
    if option is not None:
        change["multi_domain_option"] = option
    return SiteChange(**change)  # type: ignore[arg-type]


def sharing_change(form: Mapping[str, str]) -> SiteChange:
    """An empty password stays what it was. Raises `NotAChoice`."""
    sharing = choice_in(Sharing, form, "sharing")
    if form.get("share_password"):
        return SiteChange(sharing=sharing, share_password=form["share_password"])
    return SiteChange(sharing=sharing)


def utm_field(form: Mapping[str, str]) -> UtmField:
    return choice_in(UtmField, form, "maps_to")


def _multi_domain(form: Mapping[str, str]) -> MultiDomain | None:
    if form.get("multi_domain", ONE_DOMAIN) == ONE_DOMAIN:
        return None
    return choice_in(MultiDomain, form, "multi_domain")
