"""Snippets as the server gives them out where the operator has chosen no other addresses."""

from leadline.tracker import Addresses

_ADDRESSES = Addresses()

fathom_tag = _ADDRESSES.fathom_tag
noscript_tag = _ADDRESSES.noscript_tag
seal_address = _ADDRESSES.seal_address
seal_tag = _ADDRESSES.seal_tag
