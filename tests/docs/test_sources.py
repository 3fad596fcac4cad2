"""The page about sources says what the server does."""

import re

from leadline.enrichment import DEFAULT_RULES, UNASSIGNED, Tags, classify
from tests.docs.documents import ROOT

PAGE = (ROOT / "docs" / "sources.md").read_text()
ROW = re.compile(r"^ *\| (.+?) \| (.+?) \|(?: (.+?) \|)?$", re.MULTILINE)


def rows_after(heading: str) -> list[tuple[str, ...]]:
    table = PAGE.partition(heading)[2].lstrip().split("\n\n")[0]
    return ROW.findall(table)[1:]


def test_the_channels_are_listed_in_their_order() -> None:
    listed = [channel for channel, *_ in rows_after("some at the campaign.")]
    assert listed == [*dict.fromkeys(rule.channel for rule in DEFAULT_RULES), UNASSIGNED]


def test_the_click_ids_come_to_what_is_listed() -> None:
    listed = rows_after("A click id:")
    assert len(listed) == 9
    for names, source, medium in listed:
        for name in re.findall(r"`(\w+)`", names):
            found = classify("shop.example", "", Tags(click=name))
            assert (found.source, f"`{found.medium}`") == (source, medium)


def test_the_gateways_named_are_none_that_send_visitors() -> None:
    for host in ("stripe.com", "paypal.com", "redsys.es", "pay.klarna.com", "adyen.com"):
        assert classify("shop.example", f"checkout.{host}").channel == "Direct"
