"""Channel rules made ready for looking many arrivals up.

Patterns are RE2's, by its own library: they mean what SealMetrics' do, and no pattern takes longer
than a text is long.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import re2

from leadline.sites.errors import InvalidEntry
from leadline.sites.model import ChannelRule

PATTERN_LENGTH = 255
MEMORY = 256 * 1024
"""Bytes that a pattern may take."""

PATTERNS = ("source_pattern", "medium_pattern", "campaign_pattern")


def check_pattern(field: str, pattern: str) -> str:
    """Without white space around it. Raises `InvalidEntry`."""
    pattern = pattern.strip()
    try:
        if len(pattern) <= PATTERN_LENGTH and "\0" not in pattern:
            _compiled(pattern)
            return pattern
    except (re2.error, UnicodeEncodeError):
        pass
    raise InvalidEntry(field, "Not a regular expression of RE2 of up to {}", PATTERN_LENGTH)


def by_priority(rules: Iterable[ChannelRule]) -> list[ChannelRule]:
    """In the order in which they are tried: of one priority the earlier first."""
    return sorted(rules, key=lambda rule: (-rule.priority, rule.id))


class ChannelPatterns:
    """Rules in the order in which they are tried. Never changes."""

    def __init__(self, rules: Iterable[ChannelRule]) -> None:
        self._rules = [
            _Ready(rule, [_compiled(text) if text else None for text in _patterns(rule)])
            for rule in by_priority(rules)
        ]

    def find(self, source: str, medium: str, campaign: str) -> ChannelRule | None:
        """The first rule whose patterns are all found somewhere in the values.

        Those are in lower case and without white space around them.
        """
        values = [text.encode("utf-8", "replace") for text in (source, medium, campaign)]
        for rule, patterns in self._rules:
            if all(
                pattern is None or pattern.search(value) is not None
                for pattern, value in zip(patterns, values, strict=True)
            ):
                return rule
        return None

    def channel(self, source: str, medium: str, campaign: str) -> str | None:
        """The name of the channel that `find` answers."""
        rule = self.find(source, medium, campaign)
        return rule.channel_name if rule else None


class _Ready(NamedTuple):
    rule: ChannelRule
    patterns: list[Any]


def _patterns(rule: ChannelRule) -> tuple[str, str, str]:
    return rule.source_pattern, rule.medium_pattern, rule.campaign_pattern


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Any:
    """Of bytes, which are searched in a third of the time."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    return re2.compile(pattern.encode(), options)
