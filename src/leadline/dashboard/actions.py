"""What the audit log calls the changes that pages make."""

from collections.abc import Callable, Mapping

from starlette.responses import Response

from leadline.dashboard import (
    account,
    mails,
    passkeys,
    saved,
    second_factor,
    security,
    sharing,
    site_changes,
    sites,
    tokens,
)
from leadline.dashboard.visit import Visit

ACTIONS: Mapping[Callable[[Visit], Response], str] = {
    account.change_password: "user.password",
    account.change_email: "user.update",
    second_factor.turn_on: "second_factor.create",
    second_factor.turn_off: "second_factor.delete",
    second_factor.renew_codes: "second_factor.update",
    passkeys.add_passkey: "passkey.create",
    passkeys.remove_passkey: "passkey.delete",
    security.end_other_sessions: "session.delete",
    security.end_session: "session.delete",
    security.require_factor: "organisation.update",
    sites.make_demo: "site.create",
    site_changes.create_site: "site.create",
    site_changes.change_site: "site.update",
    site_changes.add_domain: "domain.create",
    site_changes.remove_domain: "domain.delete",
    site_changes.add_mapping: "utm_mapping.create",
    site_changes.remove_mapping: "utm_mapping.delete",
    site_changes.switch_mapping: "utm_mapping.update",
    site_changes.change_wishes: "site.update",
    site_changes.change_retention: "site.update",
    site_changes.add_block_rule: "blocklist.create",
    site_changes.switch_block_rule: "blocklist.update",
    site_changes.remove_block_rule: "blocklist.delete",
    site_changes.deactivate: "site.update",
    site_changes.activate: "site.update",
    site_changes.delete_site: "site.delete",
    sharing.change_sharing: "site.update",
    sharing.change_embedding: "site.update",
    sharing.end_sharing: "site.update",
    sharing.make_link: "share_link.create",
    sharing.revoke_link: "share_link.delete",
    saved.add_goal: "goal.create",
    saved.remove_goal: "goal.delete",
    saved.save_funnel: "funnel.create",
    saved.remove_funnel: "funnel.delete",
    saved.save_segment: "segment.create",
    saved.remove_segment: "segment.delete",
    mails.change_mails: "subscription.update",
    tokens.create_token: "api_token.create",
    tokens.revoke_token: "api_token.delete",
}
"""By what handles the form; signing in and out is noted where it is done."""
