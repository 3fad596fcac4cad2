"""What a request says beyond the hit itself: the browser, the place, where its visitor came from,
whether it counts at all.

Nothing here writes an address anywhere, asks a network or waits for a database.
"""

from leadline.enrichment.agents import Agent, describe, is_preview
from leadline.enrichment.channels import (
    DEFAULT_RULES,
    UNASSIGNED,
    ChannelRule,
    channel_of,
    rule_of,
    seen,
)
from leadline.enrichment.hints import language_of, screen_class
from leadline.enrichment.networks import is_data_centre
from leadline.enrichment.places import Place, Places
from leadline.enrichment.referrer_spam import SpamHosts
from leadline.enrichment.referrers import named
from leadline.enrichment.sources import Attribution, Channels, Tags, classify, click_id, is_internal

__all__ = [
    "DEFAULT_RULES",
    "UNASSIGNED",
    "Agent",
    "Attribution",
    "ChannelRule",
    "Channels",
    "Place",
    "Places",
    "SpamHosts",
    "Tags",
    "channel_of",
    "classify",
    "click_id",
    "describe",
    "is_data_centre",
    "is_internal",
    "is_preview",
    "language_of",
    "named",
    "rule_of",
    "screen_class",
    "seen",
]
