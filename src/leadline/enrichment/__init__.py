"""What a request says beyond the hit itself: the browser, the place, whether it counts at all.

Nothing here writes an address anywhere, asks a network or waits for a database.
"""

from leadline.enrichment import block_lists
from leadline.enrichment.agents import Agent, describe, is_preview
from leadline.enrichment.block_lists import BlockList, InvalidRule, Rule
from leadline.enrichment.hints import language_of, screen_class
from leadline.enrichment.networks import is_data_centre
from leadline.enrichment.places import Place, Places
from leadline.enrichment.referrer_spam import SpamHosts

__all__ = [
    "Agent",
    "BlockList",
    "InvalidRule",
    "Place",
    "Places",
    "Rule",
    "SpamHosts",
    "block_lists",
    "describe",
    "is_data_centre",
    "is_preview",
    "language_of",
    "screen_class",
]
