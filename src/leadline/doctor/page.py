"""What a page's HTML says of scripts and policies."""

from dataclasses import dataclass, field

from leadline.doctor.errors import InvalidAddress
from leadline.doctor.markup import Element, elements
from leadline.doctor.urls import Address, parse_address


@dataclass(frozen=True)
class Script:
    """`policies` are those of elements before it: later ones do not bind it."""

    element: Element
    policies: tuple[str, ...]

    def attribute(self, name: str) -> str:
        return self.element.attributes.get(name, "")

    def option(self, name: str) -> str:
        """An attribute of `script.js`, with or without its prefix."""
        return self.attribute(f"data-{name}") or self.attribute(name)


@dataclass
class Page:
    """`base` is what addresses in it are relative to, `canonical` where it says that it lives."""

    address: Address
    base: str
    scripts: list[Script] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    canonical: Address | None = None

    def link(self, written: str) -> Address | None:
        """Where a browser goes for an address in this page; None if nowhere on the web."""
        try:
            return parse_address(written, self.base)
        except InvalidAddress:
            return None


def read_page(html: str, address: Address) -> Page:
    page = Page(address, str(address))
    has_base = False
    for element in elements(html):
        attributes = element.attributes
        match element.name:
            case "script":
                page.scripts.append(Script(element, tuple(page.policies)))
            case "meta" if attributes.get("http-equiv", "").lower() == "content-security-policy":
                page.policies.append(attributes.get("content", ""))
            case "base" if "href" in attributes and not has_base:
                has_base = True
                based = page.link(attributes["href"])
                page.base = str(based) if based else page.base
            case "link" if "href" in attributes and page.canonical is None:
                if "canonical" in attributes.get("rel", "").lower().split():
                    page.canonical = page.link(attributes["href"])
    return page
