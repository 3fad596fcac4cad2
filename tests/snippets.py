"""Snippets as the server gives them out where the operator has chosen no other addresses."""

from leadline.tracker import VENDORS

fathom_tag = VENDORS.fathom_tag
noscript_tag = VENDORS.noscript_tag
seal_address = VENDORS.seal_address
seal_tag = VENDORS.seal_tag
