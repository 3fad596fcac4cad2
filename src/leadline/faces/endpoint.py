"""How a dialect says what it answers: a table of endpoints, from which all else is made.

Routing, permissions, validation, the OpenAPI document and the reference page read the same rows.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pydantic import BaseModel, ConfigDict

from leadline.access import (
    ApiSignIns,
    AuditLog,
    Caller,
    Device,
    MemberInvitations,
    Members,
    Organisations,
    PasswordResets,
    SecondFactors,
    Sessions,
    SignedIn,
    Tokens,
)
from leadline.alerts import History, Rules, Telling, Watch
from leadline.collector import Bundles
from leadline.reports import Exports, Reports, Segments
from leadline.sites import (
    BlockRules,
    ChannelRules,
    Events,
    Milestones,
    PassthroughReferrers,
    Site,
    Sites,
)
from leadline.tracker import Addresses
from leadline.webhooks import Courier, Deliveries, Webhooks


class Need(Enum):
    """What a token has to be allowed. The last seven speak of sites that the request names."""

    NOTHING = "no token"
    TOKEN = "any valid token"
    PERSON = "somebody who has signed in at `/auth/token`"
    MANAGER = "an owner or admin of the organization, or `*`"
    OWNER = "an owner of the organization"
    READ_ALL = "`all-sites-readonly` or `*`"
    FULL = "`*`"
    READ = "`all-sites-readonly`, `read:{site}`, `manage:{site}` or `*`"
    MANAGE = "`manage:{site}` or `*`"
    FULL_ON_SITE = "`*` (the site is named in the path)"
    ADMINISTER = "`*`, or an admin of the site (the site is named in the path)"
    READ_NAMED = (
        "`all-sites-readonly`, `read:{site}`, `manage:{site}` or `*` (the site is named in the"
        " query)"
    )
    MANAGE_NAMED = "`manage:{site}` or `*` (the site is named in the query)"
    MANAGE_EACH = "`manage:{site}` or `*` (the sites are named in the body)"


ABOUT_A_SITE = frozenset(
    {
        Need.READ,
        Need.MANAGE,
        Need.FULL_ON_SITE,
        Need.ADMINISTER,
        Need.READ_NAMED,
        Need.MANAGE_NAMED,
        Need.MANAGE_EACH,
    }
)


class Answer(BaseModel):
    """The shape of a success. Every field is always there, those with a default too."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


@dataclass(frozen=True)
class Download:
    """A success that is a file of this name; its `parts` are made while it is sent.

    Without a `media_type` it has the endpoint's first.
    """

    name: str
    parts: Iterable[bytes]
    media_type: str | None = None


class Nothing(Answer):
    """A success that says nothing but its status, 204."""


@dataclass(frozen=True)
class Services:
    """The rooms that a face asks."""

    sites: Sites
    block_rules: BlockRules
    channel_rules: ChannelRules
    passthrough_referrers: PassthroughReferrers
    milestones: Milestones
    events: Events
    tokens: Tokens
    organisations: Organisations
    members: Members
    member_invitations: MemberInvitations
    sessions: Sessions
    second_factors: SecondFactors
    password_resets: PasswordResets
    sign_ins: ApiSignIns
    audit: AuditLog
    device_of: Callable[[bytes], Device]
    reports: Reports
    segments: Segments
    exports: Exports
    webhooks: Webhooks
    deliveries: Deliveries
    courier: Courier
    alert_rules: Rules
    alert_history: History
    watch: Watch
    telling: Telling
    bundles: Bundles
    addresses: Addresses


@dataclass(frozen=True)
class Cookie:
    """For so many `seconds`, 0 to take it back; scripts read it if it is not `for_http_only`."""

    name: str
    value: str
    seconds: int
    for_http_only: bool = True


@dataclass(frozen=True)
class Call:
    """One permitted request, its parts parsed.

    `address` is the client's, as far as trusted proxies say, and `user_agent` what it calls itself;
    `cookies` are those that it sent, and `set_cookie` gives it one with the answer, for so many
    seconds, 0 to take it back. `origin` answers the address in snippets, `managed` and `readable`
    the site that a body or a query names; they raise the dialect's refusal if the token may not
    manage it, or read it.
    """

    services: Services
    caller_or_none: Caller | None
    site: Site | None
    path: Mapping[str, str]
    query: Any
    body: Any
    client_address: Callable[[], str]
    user_agent: bytes
    sent_cookies: Callable[[], Mapping[str, str]]
    set_cookie: Callable[[Cookie], None]
    origin: Callable[[], str]
    managed: Callable[[str], Site]
    readable: Callable[[str], Site]

    @property
    def caller(self) -> Caller:
        assert self.caller_or_none is not None
        return self.caller_or_none

    @property
    def address(self) -> str:
        return self.client_address()

    @property
    def cookies(self) -> Mapping[str, str]:
        return self.sent_cookies()

    @property
    def person(self) -> SignedIn:
        assert self.caller.person is not None
        return self.caller.person

    @property
    def named_site(self) -> Site:
        assert self.site is not None
        return self.site


@dataclass(frozen=True)
class Endpoint:
    """One row: `answer` is the shape of a success, `body` and `query` of what is asked.

    `from_memory` marks what memory can answer as a rule, and quickly. What `handle` leaves to be
    awaited is done on the event loop: no thread waits for a disk. Bodies have `largest_body` bytes
    at most; with `has_optional_body` none is one of defaults. `media_types` are those of a success.
    `action` is what the audit log calls a change, empty for what changes nothing that is kept.
    """

    method: str
    path: str
    summary: str
    need: Need
    handle: Callable[[Call], BaseModel | Download | Coroutine[Any, Any, BaseModel]]
    answer: type[BaseModel]
    description: str = ""
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    status: int = 200
    errors: Mapping[int, str] = field(default_factory=dict)
    deprecated: bool = False
    from_memory: bool = False
    group: str = "Sites"
    action: str = ""
    largest_body: int = 64 * 1024
    has_optional_body: bool = False
    media_types: tuple[str, ...] = ("application/json",)


@dataclass(frozen=True)
class Dialect:
    """What is to be known of a face before it is asked anything.

    `body_types` are the content types of request bodies; with `needs_bodies` one that says nothing
    has to be sent all the same. `exposed_headers` are those of answers that a page of another
    origin may read.
    """

    prefix: str
    title: str
    introduction: str
    endpoints: Sequence[Endpoint]
    body_types: Sequence[str]
    needs_bodies: bool
    exposed_headers: Sequence[str]
