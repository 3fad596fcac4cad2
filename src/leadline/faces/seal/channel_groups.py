"""Channels: the rules of a site, and those that are there of themselves."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, Field

from leadline.enrichment import DEFAULT_RULES, UNASSIGNED, rule_of, seen
from leadline.enrichment import ChannelRule as DefaultRule
from leadline.faces.endpoint import Answer, Call, Endpoint, Need, Nothing
from leadline.faces.seal.asked import (
    ListOfSite,
    OfSite,
    managed,
    number_in_path,
    readable,
    sent,
)
from leadline.faces.seal.errors import Forbidden, InvalidRequest
from leadline.faces.seal.shapes import Envelope, stamp
from leadline.sites import (
    CHANNEL_NAME_LENGTH,
    ENTRIES_OF_A_LIST,
    HIGHEST_PRIORITY,
    PATTERN_LENGTH,
    ChannelRule,
    ChannelRuleChange,
    NewChannelRule,
    Replaced,
    Site,
)

FIRST_DEFAULT = 2_000_000_000
"""The id of the first default rule: no rule of a site ever has one as great."""

PATTERNS = {"source_pattern", "medium_pattern", "campaign_pattern"}
_STEP = 10
"""Between the priorities of default rules, so that they say the order."""

ChannelName = Annotated[str, Field(min_length=1, max_length=CHANNEL_NAME_LENGTH)]
PatternText = Annotated[str, Field(max_length=PATTERN_LENGTH)]
Priority = Annotated[int, Field(ge=0, le=HIGHEST_PRIORITY)]


class ChannelRuleFields(Answer):
    """What rules are exported and imported by."""

    channel_name: str
    source_pattern: str | None
    medium_pattern: str | None
    campaign_pattern: str | None
    priority: int
    is_active: bool

    @classmethod
    def of(cls, rule: ChannelRule) -> "ChannelRuleFields":
        return cls(**_fields(rule), priority=rule.priority, is_active=rule.is_active)


class ChannelRuleInfo(ChannelRuleFields):
    id: int
    account_id: str | None = Field(description="null for a default rule.")
    is_default: bool
    created_at: str
    updated_at: str

    @classmethod
    def of_site(cls, site: Site, rule: ChannelRule) -> "ChannelRuleInfo":
        return cls(
            **_fields(rule),
            id=rule.id,
            account_id=site.slug,
            priority=rule.priority,
            is_default=False,
            is_active=rule.is_active,
            created_at=stamp(rule.created_at),
            updated_at=stamp(rule.updated_at),
        )

    @classmethod
    def of_default(cls, number: int, since: datetime) -> "ChannelRuleInfo":
        rule = DEFAULT_RULES[number]
        return cls(
            channel_name=rule.channel,
            source_pattern=rule.source or None,
            medium_pattern=rule.medium or None,
            campaign_pattern=rule.campaign or None,
            id=FIRST_DEFAULT + number,
            account_id=None,
            priority=HIGHEST_PRIORITY - _STEP * number,
            is_default=True,
            is_active=True,
            created_at=stamp(since),
            updated_at=stamp(since),
        )


def _fields(rule: ChannelRule) -> dict[str, Any]:
    return {
        "channel_name": rule.channel_name,
        "source_pattern": rule.source_pattern or None,
        "medium_pattern": rule.medium_pattern or None,
        "campaign_pattern": rule.campaign_pattern or None,
    }


class ChannelRuleList(Answer):
    rules: list[ChannelRuleInfo] = Field(description="In the order in which they are tried.")
    total: int
    default_count: int
    custom_count: int


class ExportedRules(Answer):
    rules: list[ChannelRuleFields]
    total: int


class ImportedRules(Answer):
    dry_run: bool
    scope: Literal["all", "drafts"]
    removed: int
    imported: int


class TestedChannel(Answer):
    channel: str = Field(examples=["Paid Search"])
    matched_rule: ChannelRuleInfo | None


class ListRules(ListOfSite):
    include_defaults: bool = Field(True, description="Whether to list the default rules too.")


class RemoveRule(OfSite):
    only_if_inactive: bool = Field(False, description="Whether a rule that acts is to stay.")


class ImportQuery(OfSite):
    dry_run: bool = Field(False, description="Whether only to say what would be.")
    scope: Literal["all", "drafts"] = Field(
        "all", description="Which rules these take the place of; as drafts, none of them is active."
    )


class CreateRule(BaseModel):
    """At least one pattern is needed."""

    channel_name: ChannelName
    source_pattern: PatternText | None = Field(None, description="Of RE2; empty fits every source.")
    medium_pattern: PatternText | None = None
    campaign_pattern: PatternText | None = None
    priority: Priority = Field(50, description="The highest goes first.")
    is_active: bool = True

    def new(self) -> NewChannelRule:
        fields = {field: value or "" for field, value in self.model_dump(include=PATTERNS).items()}
        return NewChannelRule(
            channel_name=self.channel_name,
            priority=self.priority,
            is_active=self.is_active,
            **fields,
        )


class UpdateRule(BaseModel):
    channel_name: ChannelName | None = None
    source_pattern: PatternText | None = None
    medium_pattern: PatternText | None = None
    campaign_pattern: PatternText | None = None
    priority: Priority | None = None
    is_active: bool | None = None


class ImportRules(BaseModel):
    rules: list[CreateRule] = Field(max_length=ENTRIES_OF_A_LIST)


class TestValues(BaseModel):
    source: str = ""
    medium: str = ""
    campaign: str = ""
    include_inactive: bool = Field(False, description="Whether rules count that are not active.")


def list_rules(call: Call) -> Envelope[ChannelRuleList]:
    site, query = readable(call), cast(ListRules, call.query)
    custom = [
        ChannelRuleInfo.of_site(site, rule)
        for rule in call.services.channel_rules.list(site)
        if rule.is_active or query.include_inactive
    ]
    defaults = [
        ChannelRuleInfo.of_default(number, site.created_at)
        for number in range(len(DEFAULT_RULES))
        if query.include_defaults
    ]
    return Envelope(
        data=ChannelRuleList(
            rules=[*custom, *defaults],
            total=len(custom) + len(defaults),
            default_count=len(defaults),
            custom_count=len(custom),
        )
    )


def create_rule(call: Call) -> Envelope[ChannelRuleInfo]:
    site = managed(call)
    rule = call.services.channel_rules.add(site, cast(CreateRule, call.body).new())
    return Envelope(data=ChannelRuleInfo.of_site(site, rule))


def get_rule(call: Call) -> Envelope[ChannelRuleInfo]:
    site, number = readable(call), number_in_path(call, "rule_id")
    if _is_default(number):
        found = ChannelRuleInfo.of_default(number - FIRST_DEFAULT, site.created_at)
        return Envelope(data=found)
    rule = call.services.channel_rules.get(site, number)
    return Envelope(data=ChannelRuleInfo.of_site(site, rule))


def update_rule(call: Call) -> Envelope[ChannelRuleInfo]:
    site, number = managed(call), _own(call)
    change = ChannelRuleChange(**sent(call.body))
    changed = call.services.channel_rules.change(site, number, change)
    return Envelope(data=ChannelRuleInfo.of_site(site, changed))


def delete_rule(call: Call) -> Nothing:
    site, number, query = managed(call), _own(call), cast(RemoveRule, call.query)
    call.services.channel_rules.remove(site, number, only_if_inactive=query.only_if_inactive)
    return Nothing()


def export_rules(call: Call) -> Envelope[ExportedRules]:
    rules = call.services.channel_rules.list(readable(call))
    found = [ChannelRuleFields.of(rule) for rule in rules]
    return Envelope(data=ExportedRules(rules=found, total=len(found)))


def import_rules(call: Call) -> Envelope[ImportedRules]:
    site, query = managed(call), cast(ImportQuery, call.query)
    rules = [rule.new() for rule in cast(ImportRules, call.body).rules]
    faults = call.services.channel_rules.check(rules)
    if faults:
        raise InvalidRequest(
            [
                {"field": f"body.{each.field}", "message": str(each), "type": "value_error"}
                for each in faults
            ]
        )
    done = call.services.channel_rules.replace(
        site, rules, Replaced(query.scope), dry_run=query.dry_run
    )
    return Envelope(
        data=ImportedRules(
            dry_run=query.dry_run, scope=query.scope, removed=done.removed, imported=done.added
        )
    )


def test_rules(call: Call) -> Envelope[TestedChannel]:
    site, body = readable(call), cast(TestValues, call.body)
    given = seen(body.source, body.medium, body.campaign)
    own = call.services.channel_rules.match(site, *given, include_inactive=body.include_inactive)
    if own is not None:
        info = ChannelRuleInfo.of_site(site, own)
        return Envelope(data=TestedChannel(channel=own.channel_name, matched_rule=info))
    found = rule_of(DEFAULT_RULES, *given)
    if found is None:
        return Envelope(data=TestedChannel(channel=UNASSIGNED, matched_rule=None))
    info = ChannelRuleInfo.of_default(_number_of(found), site.created_at)
    return Envelope(data=TestedChannel(channel=found.channel, matched_rule=info))


def _number_of(rule: DefaultRule) -> int:
    return DEFAULT_RULES.index(rule)


def _is_default(number: int) -> bool:
    return FIRST_DEFAULT <= number < FIRST_DEFAULT + len(DEFAULT_RULES)


def _own(call: Call) -> int:
    number = number_in_path(call, "rule_id")
    if _is_default(number):
        raise Forbidden("A default rule cannot be modified")
    return number


_ERRORS = {
    403: "The token is not allowed to do this.",
    404: "No such site or rule.",
    422: "A field is invalid, or the site has too many.",
}
_OWN = _ERRORS | {403: "A default rule, or the token is not allowed to do this."}
_GROUP = "Channels"
_LIST, _RULE = "/channel-groups", "/channel-groups/{rule_id}"

ENDPOINTS = (
    Endpoint(
        "GET",
        _LIST,
        "List channel rules",
        Need.READ_NAMED,
        list_rules,
        Envelope[ChannelRuleList],
        description="Those of the site, then the default rules.",
        query=ListRules,
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        _LIST,
        "Create channel rule",
        Need.MANAGE_NAMED,
        create_rule,
        Envelope[ChannelRuleInfo],
        description=(
            "Patterns are searched for in the lower-case source, medium and campaign; all that are"
            " not empty have to be found. A rule acts from the next hit on."
        ),
        query=OfSite,
        body=CreateRule,
        status=201,
        errors=_ERRORS,
        group=_GROUP,
        action="channel_rule.create",
    ),
    Endpoint(
        "GET",
        f"{_LIST}/export",
        "Export channel rules",
        Need.READ_NAMED,
        export_rules,
        Envelope[ExportedRules],
        description="The site's own, as they can be imported.",
        query=OfSite,
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        f"{_LIST}/import",
        "Import channel rules",
        Need.MANAGE_NAMED,
        import_rules,
        Envelope[ImportedRules],
        description="All of them or none take the place of those that are there.",
        query=ImportQuery,
        body=ImportRules,
        errors=_ERRORS,
        group=_GROUP,
        action="channel_rule.import",
    ),
    Endpoint(
        "POST",
        f"{_LIST}/test",
        "Test channel rules",
        Need.READ_NAMED,
        test_rules,
        Envelope[TestedChannel],
        description="Which channel an arrival with these values comes by, and by which rule.",
        query=OfSite,
        body=TestValues,
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "GET",
        _RULE,
        "Get channel rule",
        Need.READ_NAMED,
        get_rule,
        Envelope[ChannelRuleInfo],
        query=OfSite,
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "PATCH",
        _RULE,
        "Update channel rule",
        Need.MANAGE_NAMED,
        update_rule,
        Envelope[ChannelRuleInfo],
        description="Changes the fields that are sent; an empty pattern fits everything.",
        query=OfSite,
        body=UpdateRule,
        errors=_OWN,
        group=_GROUP,
        action="channel_rule.update",
    ),
    Endpoint(
        "DELETE",
        _RULE,
        "Delete channel rule",
        Need.MANAGE_NAMED,
        delete_rule,
        Nothing,
        query=RemoveRule,
        status=204,
        errors=_OWN | {409: "The rule is active, and was only to go if it is not."},
        group=_GROUP,
        action="channel_rule.delete",
    ),
)
