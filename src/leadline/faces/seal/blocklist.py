"""Addresses and networks whose hits do not count: a site's block rules of that kind."""

from typing import Annotated, cast

from pydantic import BaseModel, Field

from leadline.faces.endpoint import Answer, Call, Endpoint, Need, Nothing
from leadline.faces.seal.asked import ListOfSite, OfSite, managed, number_in_path, readable, sent
from leadline.faces.seal.shapes import Envelope, stamp
from leadline.sites import (
    NOTE_LENGTH,
    BlockKind,
    BlockRule,
    BlockRuleChange,
    BlockRuleNotFound,
    Site,
)

AddressOrNetwork = Annotated[str, Field(min_length=1, max_length=50)]
ReasonText = Annotated[str, Field(max_length=NOTE_LENGTH)]


class BlockedAddress(Answer):
    id: int
    account_id: str
    ip_or_cidr: str = Field(examples=["203.0.113.0/24"])
    reason: str
    is_active: bool
    created_at: str

    @classmethod
    def of(cls, site: Site, rule: BlockRule) -> "BlockedAddress":
        return cls(
            id=rule.id,
            account_id=site.slug,
            ip_or_cidr=rule.value,
            reason=rule.note,
            is_active=rule.is_active,
            created_at=stamp(rule.created_at),
        )


class BlockedAddressList(Answer):
    entries: list[BlockedAddress]
    total: int
    active_count: int


class BlockAddress(BaseModel):
    ip_or_cidr: AddressOrNetwork = Field(description="Such as 203.0.113.7 or 2001:db8::/32.")
    reason: ReasonText = ""
    is_active: bool = True


class ChangeBlockedAddress(BaseModel):
    ip_or_cidr: AddressOrNetwork | None = None
    reason: ReasonText | None = None
    is_active: bool | None = None


def list_addresses(call: Call) -> Envelope[BlockedAddressList]:
    query = cast(ListOfSite, call.query)
    site = call.readable(query.account_id)
    rules = [
        rule
        for rule in call.services.block_rules.list(site)
        if rule.kind is BlockKind.ADDRESS and (rule.is_active or query.include_inactive)
    ]
    return Envelope(
        data=BlockedAddressList(
            entries=[BlockedAddress.of(site, rule) for rule in rules],
            total=len(rules),
            active_count=sum(rule.is_active for rule in rules),
        )
    )


def block_address(call: Call) -> Envelope[BlockedAddress]:
    site, body = managed(call), cast(BlockAddress, call.body)
    added = call.services.block_rules.add(
        site, BlockKind.ADDRESS, body.ip_or_cidr, body.reason, is_active=body.is_active
    )
    return Envelope(data=BlockedAddress.of(site, added))


def get_address(call: Call) -> Envelope[BlockedAddress]:
    site = readable(call)
    return Envelope(data=BlockedAddress.of(site, _rule(call, site)))


def change_address(call: Call) -> Envelope[BlockedAddress]:
    site = managed(call)
    rule, fields = _rule(call, site), sent(call.body)
    change = BlockRuleChange(
        value=fields["ip_or_cidr"], note=fields["reason"], is_active=fields["is_active"]
    )
    changed = call.services.block_rules.change(site, rule.id, change)
    return Envelope(data=BlockedAddress.of(site, changed))


def unblock_address(call: Call) -> Nothing:
    site = managed(call)
    call.services.block_rules.remove(site, _rule(call, site).id)
    return Nothing()


def _rule(call: Call, site: Site) -> BlockRule:
    """Raises `BlockRuleNotFound`, also for a rule of another kind."""
    number = number_in_path(call, "entry_id")
    rule = call.services.block_rules.get(site, number)
    if rule.kind is not BlockKind.ADDRESS:
        raise BlockRuleNotFound(number)
    return rule


_ERRORS = {
    403: "The token is not allowed to do this.",
    404: "No such site or entry.",
    422: "A field is invalid, or the site has too many.",
}
_TAKEN = {409: "The address or network is listed already."}
_GROUP = "Blocked addresses"
_LIST, _ENTRY = "/blocklist-ips", "/blocklist-ips/{entry_id}"

ENDPOINTS = (
    Endpoint(
        "GET",
        _LIST,
        "List blocked addresses",
        Need.READ_NAMED,
        list_addresses,
        Envelope[BlockedAddressList],
        query=ListOfSite,
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        _LIST,
        "Block address",
        Need.MANAGE_NAMED,
        block_address,
        Envelope[BlockedAddress],
        description="Hits from there are refused as `blocklist_ip`, from the next one on.",
        query=OfSite,
        body=BlockAddress,
        status=201,
        errors=_ERRORS | _TAKEN,
        group=_GROUP,
        action="blocklist.create",
    ),
    Endpoint(
        "GET",
        _ENTRY,
        "Get blocked address",
        Need.READ_NAMED,
        get_address,
        Envelope[BlockedAddress],
        query=OfSite,
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "PATCH",
        _ENTRY,
        "Update blocked address",
        Need.MANAGE_NAMED,
        change_address,
        Envelope[BlockedAddress],
        query=OfSite,
        body=ChangeBlockedAddress,
        errors=_ERRORS | _TAKEN,
        group=_GROUP,
        action="blocklist.update",
    ),
    Endpoint(
        "DELETE",
        _ENTRY,
        "Unblock address",
        Need.MANAGE_NAMED,
        unblock_address,
        Nothing,
        query=OfSite,
        status=204,
        errors=_ERRORS,
        group=_GROUP,
        action="blocklist.delete",
    ),
)
