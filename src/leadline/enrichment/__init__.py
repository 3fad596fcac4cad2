"""What a request says beyond the hit itself: the browser, the place, where its visitor came from,
whether it counts at all.

Nothing here writes an address anywhere, asks a network or waits for a database.
"""

from leadline.enrichment import block_lists
from leadline.enrichment.agents import Agent, describe, is_preview
from leadline.enrichment.block_lists import BlockList, InvalidRule, Rule
from leadline.enrichment.channels import DEFAULT_RULES, UNASSIGNED, ChannelRule, channel_of
from leadline.enrichment.hints import language_of, screen_class
from leadline.enrichment.networks import is_data_centre
from leadline.enrichment.places import Place, Places
from leadline.enrichment.referrer_spam import SpamHosts
from leadline.enrichment.sources import Attribution, Tags, classify, click_id

__all__ = [
    "DEFAULT_RULES",
    "UNASSIGNED",
    "Agent",
    "Attribution",
    "BlockList",
    "ChannelRule",
    "InvalidRule",
    "Place",
    "Places",
    "Rule",
    "SpamHosts",
    "Tags",
    "block_lists",
    "channel_of",
    "classify",
    "click_id",
    "describe",
    "is_data_centre",
    "is_preview",
    "language_of",
    "screen_class",
]
