"""What a site is: names, domains, UTM mappings, sharing, time zone, currency; rules and tables.

`Sites` answers and changes, `Snapshot` is the copy in memory that the collector asks.
"""

from leadline.sites.currencies import Currency
from leadline.sites.currencies import listing as currencies
from leadline.sites.errors import (
    DomainNotFound,
    DomainTaken,
    InvalidCurrency,
    InvalidDomain,
    InvalidName,
    InvalidParameter,
    InvalidPassword,
    InvalidTimezone,
    InvalidValue,
    NameTaken,
    OptionRequired,
    PasswordRequired,
    SiteNotFound,
    SitesError,
    Taken,
    UnknownCursor,
    UtmMappingNotFound,
    UtmMappingTaken,
)
from leadline.sites.hosts import authorises, seen_host
from leadline.sites.imports import NotASiteList, SiteList, parse_site_list
from leadline.sites.model import (
    DOMAINS_AT_CREATION,
    NAME_LENGTH,
    PARAMETER_LENGTH,
    PASSWORD_LENGTH,
    Deletion,
    Domain,
    MultiDomain,
    NewSite,
    OrganisationId,
    Page,
    Sharing,
    Site,
    SiteChange,
    SiteId,
    UtmField,
    UtmMapping,
    UtmMappingChange,
)
from leadline.sites.service import Sites
from leadline.sites.snapshot import SiteRules, Snapshot
from leadline.sites.timezones import Timezone
from leadline.sites.timezones import check_timezone as check_timezone
from leadline.sites.timezones import listing as timezones

__all__ = [
    "DOMAINS_AT_CREATION",
    "NAME_LENGTH",
    "PARAMETER_LENGTH",
    "PASSWORD_LENGTH",
    "Currency",
    "Deletion",
    "Domain",
    "DomainNotFound",
    "DomainTaken",
    "InvalidCurrency",
    "InvalidDomain",
    "InvalidName",
    "InvalidParameter",
    "InvalidPassword",
    "InvalidTimezone",
    "InvalidValue",
    "MultiDomain",
    "NameTaken",
    "NewSite",
    "NotASiteList",
    "OptionRequired",
    "OrganisationId",
    "Page",
    "PasswordRequired",
    "Sharing",
    "Site",
    "SiteChange",
    "SiteId",
    "SiteList",
    "SiteNotFound",
    "SiteRules",
    "Sites",
    "SitesError",
    "Snapshot",
    "Taken",
    "Timezone",
    "UnknownCursor",
    "UtmField",
    "UtmMapping",
    "UtmMappingChange",
    "UtmMappingNotFound",
    "UtmMappingTaken",
    "authorises",
    "check_timezone",
    "currencies",
    "parse_site_list",
    "seen_host",
    "timezones",
]
