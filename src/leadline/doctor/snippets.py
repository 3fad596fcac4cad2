"""The snippets in a page: which script, from where, for which site, and whether it may run."""

import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qs

from leadline.doctor.consent import withheld_by
from leadline.doctor.page import Page, Script
from leadline.doctor.urls import Address
from leadline.tracker import VENDORS, Addresses, fathom_config, seal_config

_DOMAINS = {"included-domains": True, "allowed-domains": True, "excluded-domains": False}
"""Attributes of `script.js`, and whether it sends from the hosts that they list."""


class Wire(Enum):
    """Whose snippet it is. The value is what people call it."""

    FATHOM = "Fathom’s script"
    SEAL = "SealMetrics’ script"


@dataclass(frozen=True)
class Snippet:
    """`site` is "" where the snippet names none; `withheld_by` is "" where nothing holds it."""

    wire: Wire
    address: Address
    site: str
    script: Script
    sends: bool
    withheld_by: str

    @property
    def counts(self) -> bool:
        """Whether it sends a pageview by itself, as far as the page says."""
        return self.sends and not self.withheld_by

    @property
    def is_served(self) -> bool:
        """Whether this version's server has a script at this address."""
        config = fathom_config if self.wire is Wire.FATHOM else seal_config
        return config(self.address.query.removeprefix("?").encode()) is not None

    def excludes(self, host: str) -> str:
        """The attribute that tells it to send nothing from pages of this host; "" if none does."""
        if self.wire is Wire.SEAL:
            return ""
        for attribute, is_wanted in _DOMAINS.items():
            listed = self.script.option(attribute)
            if listed and (host in re.split(r"[, ]+", listed)) is not is_wanted:
                return attribute
        return ""


def snippets(page: Page, names: Addresses = VENDORS) -> list[Snippet]:
    """Those with the vendors' names of the scripts, or with these."""
    found = (_snippet(page, script, names) for script in page.scripts)
    return [snippet for snippet in found if snippet is not None]


def _snippet(page: Page, script: Script, names: Addresses) -> Snippet | None:
    address = page.link(_source(script))
    if address is None or not _source(script):
        return None
    file = address.path.rpartition("/")[2]
    has_site = {"data-site", "site"} & script.element.attributes.keys()
    if file in (VENDORS.fathom_script, names.fathom_script) and has_site:
        site = script.option("site")
        sends = "false" not in (script.attribute("data-auto"), script.attribute("auto"))
        wire = Wire.FATHOM
    elif file in (VENDORS.seal_script, names.seal_script) and "id" in (given := _query(address)):
        site, sends = given["id"], given.get("auto") != "0"
        wire = Wire.SEAL
    else:
        return None
    return Snippet(wire, address, site, script, sends, withheld_by(script))


def _query(address: Address) -> dict[str, str]:
    given = parse_qs(address.query.removeprefix("?"), keep_blank_values=True)
    return {name: values[0] for name, values in given.items()}


def _source(script: Script) -> str:
    """The script's address, also where something else is to put it into place later."""
    attributes = script.element.attributes
    others = (value for name, value in attributes.items() if name.endswith("src"))
    return (attributes.get("src") or next(others, "")).strip()
