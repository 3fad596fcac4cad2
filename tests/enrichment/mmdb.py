"""Writes small files in the MaxMind DB format, version 2.0.

See https://maxmind.github.io/MaxMind-DB/.
"""

from collections.abc import Mapping
from ipaddress import IPv4Network, ip_network
from pathlib import Path
from typing import Any

_STRING, _MAP, _UINT16, _UINT32, _UINT64, _ARRAY = 2, 7, 5, 6, 9, 11
_MARKER = b"\xab\xcd\xefMaxMind.com"
_Node = list[Any]


def write(path: Path, records: Mapping[str, Any], version: int = 6) -> None:
    """A database of these networks, none within another; IPv6 with IPv4 in it, or IPv4 only."""
    root: _Node = [None, None]
    data = bytearray()
    for text, record in records.items():
        node = root
        *bits, last = _bits(text, version)
        for bit in bits:
            if node[bit] is None:
                node[bit] = [None, None]
            node = node[bit]
        node[last] = len(data)
        data += _encode(record)
    path.write_bytes(_tree(root) + bytes(16) + data + _MARKER + _encode(_metadata(root, version)))


def _bits(text: str, version: int) -> list[int]:
    network = ip_network(text)
    length = network.prefixlen
    if version == 6 and isinstance(network, IPv4Network):
        length += 96
    width = 128 if version == 6 else 32
    return [int(network[0]) >> (width - 1 - place) & 1 for place in range(length)]


def _nodes(root: _Node) -> list[_Node]:
    found = [root]
    for node in found:
        found += [child for child in node if isinstance(child, list)]
    return found


def _tree(root: _Node) -> bytes:
    nodes = _nodes(root)
    numbers = {id(node): number for number, node in enumerate(nodes)}
    tree = bytearray()
    for child in (child for node in nodes for child in node):
        if isinstance(child, list):
            pointer = numbers[id(child)]
        else:
            pointer = len(nodes) if child is None else len(nodes) + 16 + child
        tree += pointer.to_bytes(4, "big")
    return bytes(tree)


def _metadata(root: _Node, version: int) -> dict[str, Any]:
    return {
        "binary_format_major_version": (_UINT16, 2),
        "binary_format_minor_version": (_UINT16, 0),
        "build_epoch": (_UINT64, 1),
        "database_type": "test",
        "description": {},
        "ip_version": (_UINT16, version),
        "languages": ["en"],
        "node_count": (_UINT32, len(_nodes(root))),
        "record_size": (_UINT16, 32),
    }


def _encode(value: Any) -> bytes:
    match value:
        case str():
            text = value.encode()
            return _control(_STRING, len(text)) + text
        case tuple():
            kind, number = value
            digits: bytes = number.to_bytes((number.bit_length() + 7) // 8, "big")
            return _control(kind, len(digits)) + digits
        case list():
            return _control(_ARRAY, len(value)) + b"".join(map(_encode, value))
        case dict():
            pairs = b"".join(_encode(key) + _encode(each) for key, each in value.items())
            return _control(_MAP, len(value)) + pairs
    raise TypeError(value)


def _control(kind: int, size: int) -> bytes:
    long = b""
    if size >= 29:
        size, long = 29, bytes([size - 29])  # up to 284
    if kind > 7:
        return bytes([size, kind - 7]) + long
    return bytes([kind << 5 | size]) + long
