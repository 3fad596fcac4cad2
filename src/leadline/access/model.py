"""Who may do what. All times are aware datetimes in UTC."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NewType

import msgspec

from leadline.sites import OrganisationId, SiteId

TokenId = NewType("TokenId", int)
UserId = NewType("UserId", int)

TOKEN_NAME_LENGTH = 100
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Organisation(msgspec.Struct, frozen=True):
    """Whoever owns sites, users and tokens; `timezone` and `currency` are its sites' defaults.

    `slug` names it in addresses and stays when the name changes. `requires_second_factor` is of
    all of its people, whenever they sign in.
    """

    id: OrganisationId
    uuid: str
    name: str
    timezone: str
    currency: str
    created_at: datetime
    requires_second_factor: bool = False
    slug: str = ""
    updated_at: datetime | None = None
    deleted_at: datetime | None = None


class Device(msgspec.Struct, frozen=True):
    """What somebody signs in with, in words: Firefox, Linux. Empty where it is not known."""

    browser: str = ""
    system: str = ""


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"

    @property
    def may_manage(self) -> bool:
        """Whether they have all sites, and manage tokens and people too."""
        return self is not Role.MEMBER

    def may_give(self, role: "Role") -> bool:
        """Whether they may make others this, and take it from them: only owners make owners."""
        return self is Role.OWNER or (self is Role.ADMIN and role is not Role.OWNER)


class SiteRole(StrEnum):
    """What a member may do with one site, each role as much as the one before and more."""

    VIEWER = "viewer"
    """See its reports."""
    EDITOR = "editor"
    """Change what it is: settings, rules, goals, segments, sharing."""
    ADMIN = "admin"
    """Give it to other members, and switch it off and on."""


class User(msgspec.Struct, frozen=True):
    id: UserId
    email: str
    name: str
    role: Role
    created_at: datetime


class Abilities(msgspec.Struct, frozen=True):
    """What a token or a session may do with the sites of its organisation.

    `full` implies everything, `manages` a site implies reading it. `administers`, which no token
    has of a single site, is among `manages`.
    """

    full: bool = False
    reads_all: bool = False
    reads: frozenset[SiteId] = frozenset()
    manages: frozenset[SiteId] = frozenset()
    administers: frozenset[SiteId] = frozenset()

    @property
    def sees_all(self) -> bool:
        return self.full or self.reads_all

    @property
    def visible(self) -> frozenset[SiteId] | None:
        """The sites that may be read; None stands for all."""
        return None if self.sees_all else self.reads | self.manages

    def names(self, sites: Mapping[SiteId, str]) -> list[str]:
        """The abilities as they are written, with the given names of sites."""
        whole = [("*", self.full), ("all-sites-readonly", self.reads_all)]
        return [
            *(name for name, given in whole if given),
            *(f"read:{sites[site]}" for site in sorted(self.reads)),
            *(f"manage:{sites[site]}" for site in sorted(self.manages)),
        ]

    def may_read(self, site: SiteId) -> bool:
        return self.sees_all or site in self.reads or site in self.manages

    def may_manage(self, site: SiteId) -> bool:
        return self.full or site in self.manages

    def may_administer(self, site: SiteId) -> bool:
        """Whether they may say who else has the site, and switch it off."""
        return self.full or site in self.administers


class Token(msgspec.Struct, frozen=True):
    """A token as it may be shown: without its secret, of which `prefix` is the beginning."""

    id: TokenId
    organisation: OrganisationId
    name: str
    prefix: str
    abilities: Abilities
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class Allowance(msgspec.Struct, frozen=True):
    """What is left of a window of requests: `reset` is the Unix time, in seconds, of its end."""

    limit: int
    remaining: int
    reset: int
